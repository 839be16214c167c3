/**
 * Wires the command `kfp-jupyter:submit-run` into JupyterLab; `schema/plugin.json` puts it into the toolbar. Beside it,
 * what run views need of each notebook's page and can't do from the kernel.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';

import { markDeadViews } from './deadViews';
import { submitRunIcon } from './icon';
import { refitGraphs } from './refit';
import { submitRun } from './submitRun';

const COMMAND = 'kfp-jupyter:submit-run';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'kfp-jupyter:plugin',
  description: 'Submits a run of the pipeline of a notebook, and looks after the views of runs.',
  autoStart: true,
  requires: [INotebookTracker],
  // Notebook 7 offers no palette in some of its windows.
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, palette: ICommandPalette | null) => {
    app.commands.addCommand(COMMAND, {
      label: 'Submit run',
      caption: 'Submit run of the active %%pipeline cell, or of the last one in this notebook',
      icon: submitRunIcon,
      isEnabled: () => notebooks.currentWidget !== null,
      execute: async () => {
        if (notebooks.currentWidget) {
          await submitRun(notebooks.currentWidget);
        }
      }
    });
    notebooks.widgetAdded.connect((_, panel) => {
      refitGraphs(panel);
      markDeadViews(panel);
    });
    notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged(COMMAND));
    palette?.addItem({ command: COMMAND, category: 'Kubeflow Pipelines' });
  }
};

export default plugin;
