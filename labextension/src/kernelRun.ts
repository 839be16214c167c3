/** Asks a notebook's kernel: one comm, one question, one answer, also where the kernel ends or says nothing. */

import type { Kernel } from '@jupyterlab/services';

// The kernel registers this comm target at `%load_ext kfp_jupyter`.
const COMM_TARGET = 'kfp_jupyter';

const ENDED: readonly Kernel.Status[] = ['restarting', 'autorestarting', 'terminating', 'dead'];

/** What the kernel is asked: which view a cell has, or to submit a run of its pipeline. */
export type Question = { type: 'view' | 'submit'; cell_id: string };

/** What came of a question. The first four are the kernel's words; it closes the comm unanswered where it knows no such target. */
export type Answer =
  | { type: 'view'; model_id: string; pipeline: string; under_way: boolean }
  | { type: 'submitted'; run: string }
  | { type: 'no-view' }
  | { type: 'error'; message: string }
  | { type: 'not-loaded' }
  | { type: 'kernel-ended' }
  | { type: 'silent' }
  | { type: 'cancelled' };

/** How long an answer is waited for. */
export interface IPatience {
  /** Seconds in which a kernel that isn't busy must have answered. */
  seconds: number;
  /** Ends the wait. */
  cancelled: AbortSignal;
}

/** Ask the kernel. The answer is always given: a kernel that ends, or doesn't answer, is one. */
export function ask(kernel: Kernel.IKernelConnection, question: Question, patience: IPatience): Promise<Answer> {
  return new Promise(resolve => {
    if (patience.cancelled.aborted) {
      resolve({ type: 'cancelled' });
      return;
    }
    const comm = kernel.createComm(COMM_TARGET);
    let idle = 0;
    const settle = (answer: Answer) => {
      clearInterval(clock);
      kernel.statusChanged.disconnect(onStatus);
      kernel.connectionStatusChanged.disconnect(onConnection);
      kernel.disposed.disconnect(onDisposed);
      patience.cancelled.removeEventListener('abort', onCancelled);
      // Closing it here would be told like the kernel's own closing.
      comm.onClose = () => undefined;
      comm.onMsg = () => undefined;
      if (!comm.isDisposed && !kernel.isDisposed) {
        comm.close();
      }
      resolve(answer);
    };
    const onStatus = (_: unknown, status: Kernel.Status) => {
      if (ENDED.includes(status)) {
        settle({ type: 'kernel-ended' });
      }
    };
    const onConnection = (_: unknown, status: Kernel.ConnectionStatus) => {
      if (status === 'disconnected') {
        settle({ type: 'kernel-ended' });
      }
    };
    const onDisposed = () => settle({ type: 'kernel-ended' });
    const onCancelled = () => settle({ type: 'cancelled' });
    // A busy kernel answers when it has time; only one that has time and says nothing is given up.
    const clock = setInterval(() => {
      idle += kernel.status === 'busy' ? 0 : 1;
      if (idle >= patience.seconds) {
        settle({ type: 'silent' });
      }
    }, 1000);
    kernel.statusChanged.connect(onStatus);
    kernel.connectionStatusChanged.connect(onConnection);
    kernel.disposed.connect(onDisposed);
    patience.cancelled.addEventListener('abort', onCancelled);
    comm.onMsg = message => settle(answerIn(message.content.data));
    comm.onClose = () => settle({ type: 'not-loaded' });
    comm.open();
    comm.send(question);
  });
}

/** Return the kernel's answer, or an error where it isn't one: the kernel may have another version of the package. */
function answerIn(data: Record<string, unknown>): Answer {
  const { type, message, run, model_id, pipeline, under_way } = data;
  if (type === 'no-view') {
    return { type };
  }
  if (type === 'error' && typeof message === 'string') {
    return { type, message };
  }
  if (type === 'submitted' && typeof run === 'string') {
    return { type, run };
  }
  if (type === 'view' && typeof model_id === 'string' && typeof pipeline === 'string') {
    return { type, model_id, pipeline, under_way: under_way === true };
  }
  return {
    type: 'error',
    message:
      "The kernel's kfp_jupyter and this button are of different versions. Restart the kernel and reload the page."
  };
}
