/**
 * Wires the command `kfp-jupyter:submit-run` and its button into JupyterLab; `schema/plugin.json` gives the button its
 * place in the toolbar. Beside it, what run views need of each notebook's page and can't do from the kernel.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';

import { markDeadViews } from './deadViews';
import { refitGraphs } from './refit';
import { COMMAND, SubmitCommand } from './submitCommand';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'kfp-jupyter:plugin',
  description: 'Submits a run of the pipeline of a notebook, and looks after the views of runs.',
  autoStart: true,
  requires: [INotebookTracker, IToolbarWidgetRegistry],
  // Notebook 7 offers no palette in some of its windows.
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    toolbars: IToolbarWidgetRegistry,
    palette: ICommandPalette | null
  ) => {
    const command = new SubmitCommand(app, notebooks);
    toolbars.addFactory<NotebookPanel>('Notebook', 'kfp-jupyter-submit-run', panel => command.makeButton(panel));
    notebooks.widgetAdded.connect((_, panel) => {
      refitGraphs(panel);
      markDeadViews(panel);
    });
    palette?.addItem({ command: COMMAND, category: 'Kubeflow Pipelines' });
  }
};

export default plugin;
