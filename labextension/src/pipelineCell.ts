/** Which cell's pipeline the button means, and what it is called. */

import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

// IPython looks for the magic behind blank lines too.
const PIPELINE_MAGIC = /^\s*%%pipeline(?!\S)(.*)/;

// Python's literals without a prefix; with one, or with a placeholder in it, the name is known to the kernel alone.
const LITERAL = String.raw`(?:"([^"\\{}$]+)"|'([^'\\{}$]+)')`;
const NAME_OPTION = new RegExp(String.raw`(?:^|\s)(?:--)?name=(?:${LITERAL}|([^\s"'{}$]+))`);
const DECORATOR = /^@(?:\w+\.)*pipeline\b(?:\(([\s\S]*?)\))?\s*\ndef\s/m;
const DECORATOR_SAYS_NAME = /^\s*(?!\w+\s*=)\S|\bname\s*=/;
const DECORATOR_NAME = new RegExp(String.raw`(?:^\s*|\bname\s*=\s*)${LITERAL}`);
const FUNCTION = /^def\s+(\w+)\s*\(/gm;

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

/** Return the name that a `%%pipeline` cell gives its pipeline; if the source has none, the cell's label. */
export function pipelineNameOf(cell: CodeCell): string {
  return nameInSource(cell.model.sharedModel.getSource()) || cellLabel(cell);
}

/** Return a cell's label: the number beside it. */
export function cellLabel(cell: CodeCell): string {
  return cell.model.executionCount === null ? 'a cell not run yet' : `cell [${cell.model.executionCount}]`;
}

/** Return the pipeline's name as the source of its cell tells it, as `magics/pipeline.py` reads it; empty where it doesn't. */
export function nameInSource(source: string): string {
  const options = PIPELINE_MAGIC.exec(source)?.[1] ?? '';
  if (/(?:^|\s)(?:--)?name=/.test(options)) {
    return firstGroup(NAME_OPTION.exec(options));
  }
  const decorator = DECORATOR.exec(source)?.[1] ?? '';
  if (DECORATOR_SAYS_NAME.test(decorator)) {
    return firstGroup(DECORATOR_NAME.exec(decorator));
  }
  const functions = Array.from(source.matchAll(FUNCTION), match => match[1] ?? '');
  const name = functions.length === 1 && !/(?:^|\s)(?:--)?params=/.test(options) ? functions[0] : '';
  return name ? asWords(name) : '';
}

function firstGroup(match: RegExpExecArray | null): string {
  return match?.slice(1).find(group => group !== undefined) ?? '';
}

function asWords(name: string): string {
  const words = name.replace(/_+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
