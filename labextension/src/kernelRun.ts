/** Asks a notebook's kernel to submit a run: one comm, one question, one answer. */

import type { Kernel } from '@jupyterlab/services';

// The kernel registers this comm target at `%load_ext kfp_jupyter`.
const COMM_TARGET = 'kfp_jupyter';

/** What came of the question. The first three are the kernel's words; it closes the comm unanswered where it knows no such target. */
export type Answer =
  | { type: 'submitted'; cell_id: string; run: string }
  | { type: 'no-view'; cell_id: string }
  | { type: 'error'; message: string }
  | { type: 'not-loaded' };

/** Ask the kernel to submit the pipeline that the cell of this id shows. */
export function requestRun(kernel: Kernel.IKernelConnection, cellId: string): Promise<Answer> {
  return new Promise(resolve => {
    const comm = kernel.createComm(COMM_TARGET);
    comm.onMsg = message => {
      resolve(message.content.data as Answer);
      comm.close();
    };
    comm.onClose = () => resolve({ type: 'not-loaded' });
    comm.open();
    comm.send({ type: 'submit', cell_id: cellId });
  });
}
