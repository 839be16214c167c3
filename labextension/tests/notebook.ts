/** Notebooks, cells and kernels as far as the labextension looks at them. */

import type { CodeCell } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

/** A signal of Lumino's: who listens, and a way to tell them. */
export class Signal<Sender, Args> {
  private readonly slots = new Set<(sender: Sender, args: Args) => unknown>();

  connect(slot: (sender: Sender, args: Args) => unknown): boolean {
    this.slots.add(slot);
    return true;
  }

  disconnect(slot: (sender: Sender, args: Args) => unknown): boolean {
    return this.slots.delete(slot);
  }

  emit(args: Args): void {
    for (const slot of [...this.slots]) {
      slot(undefined as Sender, args);
    }
  }

  get listeners(): number {
    return this.slots.size;
  }
}

/** Return a cell with this source. */
export function cellOf(
  source: string,
  { type = 'code', id = 'cell-1', executionCount = null as number | null } = {}
): CodeCell {
  const model = { id, type, executionCount, isDirty: false, sharedModel: { getSource: () => source } };
  return { model, node: document.createElement('div'), isDisposed: false } as unknown as CodeCell;
}

/** Return a notebook of these cells. */
export function notebookOf(cells: CodeCell[], activeCell: CodeCell | null = null): Notebook {
  return { widgets: cells, activeCell } as unknown as Notebook;
}

/** A kernel that answers what a test has it answer. */
export class FakeKernel {
  status: Kernel.Status = 'idle';
  isDisposed = false;
  readonly statusChanged = new Signal<unknown, Kernel.Status>();
  readonly connectionStatusChanged = new Signal<unknown, Kernel.ConnectionStatus>();
  readonly disposed = new Signal<unknown, void>();
  readonly comms: FakeComm[] = [];

  /** What it answers to the next questions, by itself: data, or what becomes of the comm or the kernel. */
  answers: unknown[] = [];

  createComm(target: string): FakeComm {
    const comm = new FakeComm(target, () => this.react(comm));
    this.comms.push(comm);
    return comm;
  }

  /** What code it was given. */
  readonly executed: string[] = [];

  requestExecute({ code }: { code: string }): { done: Promise<void> } {
    this.executed.push(code);
    return { done: Promise.resolve() };
  }

  /** What it was asked. */
  get questions(): string[] {
    return this.comms.flatMap(comm => comm.sent.map(question => (question as { type: string }).type));
  }

  private react(comm: FakeComm): void {
    const answer = this.answers.shift() ?? 'nothing';
    if (answer === 'closed') {
      comm.close();
    } else if (answer === 'ended') {
      this.statusChanged.emit('dead');
    } else if (answer !== 'nothing') {
      comm.answer(answer);
    }
  }

  /** How many still listen to this kernel. */
  get listeners(): number {
    return this.statusChanged.listeners + this.connectionStatusChanged.listeners + this.disposed.listeners;
  }

  /** The same, as the labextension takes it. */
  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }
}

/** A comm of it. */
export class FakeComm {
  isDisposed = false;
  opened = false;
  readonly sent: unknown[] = [];
  onMsg: (message: { content: { data: unknown } }) => unknown = () => undefined;
  onClose: (message: unknown) => unknown = () => undefined;

  constructor(
    readonly target: string,
    private readonly onSent: () => void
  ) {}

  open(): void {
    this.opened = true;
  }

  send(data: unknown): void {
    this.sent.push(data);
    queueMicrotask(this.onSent);
  }

  close(): void {
    this.isDisposed = true;
    this.onClose({});
  }

  /** Have the kernel answer. */
  answer(data: unknown): void {
    this.onMsg({ content: { data } });
  }
}

/** Return a panel that shows a notebook, whose session has this kernel. */
export function panelOf(notebook: Notebook, kernel: FakeKernel | null): FakePanel {
  const element = document.createElement('div');
  const sessionContext = {
    ready: Promise.resolve(),
    session: kernel && { kernel: kernel.connection },
    statusChanged: new Signal<unknown, Kernel.Status>(),
    kernelChanged: new Signal<unknown, { oldValue: Kernel.IKernelConnection | null }>()
  };
  const toggleClass = (name: string, force: boolean) => element.classList.toggle(name, force);
  const fake = { content: notebook, sessionContext, toggleClass };
  return { panel: fake as unknown as NotebookPanel, sessionContext, element };
}

/** A panel, with what tests look at. */
export interface FakePanel {
  panel: NotebookPanel;
  element: HTMLElement;
  sessionContext: {
    session: { kernel: Kernel.IKernelConnection } | null;
    statusChanged: Signal<unknown, Kernel.Status>;
    kernelChanged: Signal<unknown, { oldValue: Kernel.IKernelConnection | null }>;
  };
}
