/** The button's click: from the cell to the run in the view below it. A run starts only if its view is shown. */

import { Notification } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

import { type Answer, ask } from './kernelRun';
import { findPipelineCell, pipelineNameOf } from './pipelineCell';
import { isShown, scrollToOutput, showAgain } from './viewOutput';

// Explicit: without it JupyterLab shows no toast, only a number in the status bar.
const WARNING_MS = 8000;
const WAITING_NOTICE_MS = 1000;

/** Timeouts in seconds: of the kernel's look-up of a view, and of a submission, since a cluster may be slow. */
const VIEW_SECONDS = 10;
const SUBMIT_SECONDS = 120;

/** Submit the notebook's pipeline and scroll to its view; problems are shown in a notification. */
export async function submitRun(panel: NotebookPanel): Promise<void> {
  const cell = findPipelineCell(panel.content);
  if (!cell) {
    Notification.warning('This notebook has no %%pipeline cell.', { autoClose: WARNING_MS });
    return;
  }
  const name = pipelineNameOf(cell);
  const cancel = new AbortController();
  const waiting = tellWaiting(name, cancel);
  let problem = '';
  try {
    problem = await submitFrom(cell, name, panel, cancel.signal);
  } catch (error) {
    problem = `No run of ${name} was started: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    waiting.end();
  }
  if (problem) {
    Notification.error(problem, { autoClose: false });
  }
  if (!cell.isDisposed) {
    await scrollToOutput(panel.content, cell);
  }
}

/** Submit a cell's pipeline; return a message for the user, empty if a run was submitted or the click was cancelled. */
async function submitFrom(cell: CodeCell, name: string, panel: NotebookPanel, cancelled: AbortSignal): Promise<string> {
  await panel.sessionContext.ready;
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) {
    return 'This notebook has no kernel. Choose one, then submit again.';
  }
  const view = await viewOf(cell, panel, kernel, cancelled);
  if (view.type !== 'view') {
    return problemBefore(view, name);
  }
  if (!isShown(cell, view.model_id)) {
    await showAgain(cell, kernel, view.pipeline);
    if (!isShown(cell, view.model_id)) {
      return `No run of ${name} was started: its view can't be shown. Run its cell again.`;
    }
  }
  if (view.under_way) {
    return `A run of ${name} is in progress in its view. Stop it or wait until it ends to start another.`;
  }
  const patience = { seconds: SUBMIT_SECONDS, cancelled: new AbortController().signal };
  return problemAfter(await ask(kernel, { type: 'submit', cell_id: cell.model.id }, patience), name);
}

/** Return the view of a cell's pipeline; where this kernel hasn't run the cell as it is now, run it first. */
async function viewOf(
  cell: CodeCell,
  panel: NotebookPanel,
  kernel: Kernel.IKernelConnection,
  cancelled: AbortSignal
): Promise<Answer> {
  const lookUp = () => ask(kernel, { type: 'view', cell_id: cell.model.id }, { seconds: VIEW_SECONDS, cancelled });
  const answer = await lookUp();
  const edited = answer.type === 'view' && !answer.under_way && cell.model.isDirty;
  if (answer.type !== 'no-view' && !edited) {
    return answer;
  }
  if (!(await NotebookActions.runCells(panel.content, [cell], panel.sessionContext))) {
    return { type: 'error', message: 'The %%pipeline cell failed; the reason is under it.' };
  }
  return lookUp();
}

/** Return what to say where no run was asked for. */
function problemBefore(answer: Answer, name: string): string {
  switch (answer.type) {
    case 'error':
      return answer.message;
    case 'not-loaded':
      return 'Run %load_ext kfp_jupyter in this notebook first.';
    case 'no-view':
      return 'The %%pipeline cell shows no pipeline to submit.';
    case 'kernel-ended':
      return `The kernel ended before it could submit a run of ${name}; none was started.`;
    case 'silent':
      return `The kernel doesn't answer; no run of ${name} was started. Restart the kernel, or try again.`;
    default:
      return '';
  }
}

/** Return the message for an answer to a submission. */
function problemAfter(answer: Answer, name: string): string {
  switch (answer.type) {
    case 'kernel-ended':
      return `The kernel ended before it answered; a run of ${name} may have been started. Check with %kfp runs.`;
    case 'silent':
      return `The engine hasn't answered yet; the view of ${name} will show its answer.`;
    default:
      return problemBefore(answer, name);
  }
}

/** Show that the kernel is awaited if it takes more than a moment; the user can cancel until it is asked for a run. */
function tellWaiting(name: string, cancel: AbortController): { end(): void } {
  let shown = '';
  const timer = setTimeout(() => {
    shown = Notification.emit(`Waiting for the kernel to submit a run of ${name}.`, 'in-progress', {
      autoClose: false,
      actions: [{ label: 'Cancel', callback: () => cancel.abort() }]
    });
  }, WAITING_NOTICE_MS);
  return {
    end: () => {
      clearTimeout(timer);
      if (shown) {
        Notification.dismiss(shown);
      }
    }
  };
}
