/** Which cell's pipeline the button means. */

import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

// IPython looks for the magic behind blank lines too.
const PIPELINE_MAGIC = /^\s*%%pipeline(?!\S)/;

/** Return the active cell if it is a `%%pipeline` cell, else the notebook's last such cell; null if there is none. */
export function findPipelineCell(notebook: Notebook): CodeCell | null {
  const active = notebook.activeCell;
  if (active && isPipelineCell(active)) {
    return active;
  }
  return notebook.widgets.filter(isPipelineCell).at(-1) ?? null;
}

// Not by `instanceof`: that would tie the extension to the version of @jupyterlab/cells it was built with.
function isPipelineCell(cell: Cell): cell is CodeCell {
  return cell.model.type === 'code' && PIPELINE_MAGIC.test(cell.model.sharedModel.getSource());
}
