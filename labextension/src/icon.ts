/** The picture on the button: a small graph with an arrowhead. */

import { LabIcon } from '@jupyterlab/ui-components';

export const submitRunIcon = new LabIcon({
  name: 'kfp-jupyter:submit-run',
  // The class is JupyterLab's own: it gives the icon the theme's colour.
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161">
    <circle cx="3" cy="3" r="2"/>
    <circle cx="3" cy="13" r="2"/>
    <path d="M2.4 5h1.2v6H2.4z"/>
    <path d="M3.6 7.4H8v1.2H3.6z"/>
    <path d="M8 4.2 14.6 8 8 11.8z"/>
  </g>
</svg>`
});
