/** The button's click, from the cell to the run under it. */

import { Notification } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import { type Notebook, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

import { type Answer, requestRun } from './kernelRun';
import { findPipelineCell } from './pipelineCell';

// Said outright: without it JupyterLab shows no toast, only a number in the status bar.
const WARNING_MS = 8000;

/** Submit the pipeline of the notebook and bring its view on screen; whatever is in the way is said in a notification. */
export async function submitRun(panel: NotebookPanel): Promise<void> {
  const cell = findPipelineCell(panel.content);
  if (!cell) {
    Notification.warning('This notebook has no %%pipeline cell.', { autoClose: WARNING_MS });
    return;
  }
  const problem = problemIn(await requestRunOf(cell, panel));
  if (problem) {
    Notification.error(problem, { autoClose: false });
  }
  await scrollToOutput(panel.content, cell);
}

/** Ask for a run; where this kernel hasn't run the cell yet, run it and ask once more. */
async function requestRunOf(cell: CodeCell, panel: NotebookPanel): Promise<Answer> {
  await panel.sessionContext.ready;
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) {
    return { type: 'error', message: 'This notebook has no kernel. Choose one, then submit again.' };
  }
  const answer = await requestRun(kernel, cell.model.id);
  if (answer.type !== 'no-view') {
    return answer;
  }
  if (!(await NotebookActions.runCells(panel.content, [cell], panel.sessionContext))) {
    return { type: 'error', message: 'The %%pipeline cell failed; the reason is under it.' };
  }
  return requestRun(kernel, cell.model.id);
}

/** Return what to tell the reader; empty where a run was submitted. */
function problemIn(answer: Answer): string {
  switch (answer.type) {
    case 'submitted':
      return '';
    case 'error':
      return answer.message;
    case 'no-view':
      return 'The %%pipeline cell shows no pipeline to submit.';
    case 'not-loaded':
      return 'Run %load_ext kfp_jupyter in this notebook first.';
  }
}

async function scrollToOutput(notebook: Notebook, cell: CodeCell): Promise<void> {
  const index = notebook.widgets.indexOf(cell);
  // Browsers keep the focused cell where it is on screen while the view above it grows: it would push the view out.
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  // Cells far off screen have no output nodes until the notebook has scrolled to them; another scroll ends this one.
  await notebook.scrollToItem(index).catch(() => undefined);
  cell.outputArea.node.scrollIntoView({ block: 'start' });
}
