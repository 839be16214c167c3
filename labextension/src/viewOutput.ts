/** Where a pipeline's view is in the notebook, and how it comes back where it isn't. */

import type { CodeCell } from '@jupyterlab/cells';
import { type Notebook, NotebookActions } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

const WIDGET = 'application/vnd.jupyter.widget-view+json';

/** Whether the widget of this model is among a cell's outputs; outputs may be cleared, and not all are saved. */
export function isShown(cell: CodeCell, modelId: string): boolean {
  if (!cell.model.trusted) {
    return false;
  }
  const outputs = cell.model.outputs;
  for (let index = 0; index < outputs.length; index++) {
    const view = outputs.get(index).data[WIDGET] as { model_id?: string } | undefined;
    if (view?.model_id === modelId) {
      return true;
    }
  }
  return false;
}

/** Have the kernel show a pipeline's view once more, as the output of its cell. */
export async function showAgain(cell: CodeCell, kernel: Kernel.IKernelConnection, pipeline: string): Promise<void> {
  const code = `%kfp view ${pipeline}`;
  // Not disposed when done: the picture beside the view is brought up to date through it.
  const future = kernel.requestExecute({ code, store_history: false }, false, { cellId: cell.model.id });
  // As when a cell is run: what its kernel has just made is shown, and not only its text.
  cell.model.trusted = true;
  cell.outputArea.future = future;
  await future.done;
}

/** Bring a cell's output on screen, also where the output or the section that it is in is collapsed. */
export async function scrollToOutput(notebook: Notebook, cell: CodeCell): Promise<void> {
  NotebookActions.expandParent(cell, notebook);
  cell.outputHidden = false;
  const index = notebook.widgets.indexOf(cell);
  // Browsers keep the focused cell where it is on screen while the view above it grows: it would push the view out.
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  // Cells far off screen have no output nodes until the notebook has scrolled to them; another scroll ends this one.
  await notebook.scrollToItem(index).catch(() => undefined);
  cell.outputArea.node.scrollIntoView({ block: 'start' });
}
