import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Answer, ask, type Question } from '../src/kernelRun';
import { type FakeComm, FakeKernel } from './notebook';

const QUESTION: Question = { type: 'submit', cell_id: 'cell-1' };
const SECONDS = 10;

let kernel: FakeKernel;
let cancel: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  kernel = new FakeKernel();
  cancel = new AbortController();
});

afterEach(() => {
  expect(kernel.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Ask; return the answer to come and the comm that it comes through. */
function asked(): { answer: Promise<Answer>; comm: FakeComm } {
  const answer = ask(kernel.connection, QUESTION, { seconds: SECONDS, cancelled: cancel.signal });
  const comm = kernel.comms[0];
  if (!comm) {
    throw new Error('No comm was made.');
  }
  return { answer, comm };
}

describe('a question to the kernel', () => {
  it('is asked once, through a comm that is closed behind the answer', async () => {
    const { answer, comm } = asked();
    comm.answer({ type: 'submitted', cell_id: 'cell-1', run: 'local/train-1' });

    expect(await answer).toEqual({ type: 'submitted', run: 'local/train-1' });
    expect(comm.sent).toEqual([QUESTION]);
    expect([comm.opened, comm.isDisposed]).toEqual([true, true]);
  });

  it.each([
    [{ type: 'no-view', cell_id: 'cell-1' }, { type: 'no-view' }],
    [
      { type: 'error', message: 'No.' },
      { type: 'error', message: 'No.' }
    ],
    [
      { type: 'view', model_id: 'm', pipeline: 'train', under_way: true },
      { type: 'view', model_id: 'm', pipeline: 'train', under_way: true }
    ],
    [
      { type: 'view', model_id: 'm', pipeline: 'train' },
      { type: 'view', model_id: 'm', pipeline: 'train', under_way: false }
    ]
  ])('has %j for an answer', async (told, expected) => {
    const { answer, comm } = asked();
    comm.answer(told);

    expect(await answer).toEqual(expected);
  });

  it.each([
    {},
    { type: 'word of another version' },
    { type: 'submitted' },
    { type: 'error', message: 5 },
    { type: 'view' }
  ])('takes %j for the answer of another version', async told => {
    const { answer, comm } = asked();
    comm.answer(told);

    expect(await answer).toEqual({ type: 'error', message: expect.stringContaining('different versions') });
  });

  it('tells a kernel that has no such target', async () => {
    const { answer, comm } = asked();
    comm.close();

    expect(await answer).toEqual({ type: 'not-loaded' });
  });

  it.each(['restarting', 'autorestarting', 'terminating', 'dead'] as const)(
    'ends with a kernel that is %s',
    async status => {
      const { answer } = asked();
      kernel.statusChanged.emit('busy');
      kernel.statusChanged.emit(status);

      expect(await answer).toEqual({ type: 'kernel-ended' });
    }
  );

  it('ends with the connection, and with the kernel object', async () => {
    const first = asked();
    kernel.connectionStatusChanged.emit('connecting');
    kernel.connectionStatusChanged.emit('disconnected');
    expect(await first.answer).toEqual({ type: 'kernel-ended' });

    const second = ask(kernel.connection, QUESTION, { seconds: SECONDS, cancelled: cancel.signal });
    kernel.isDisposed = true;
    kernel.disposed.emit();
    expect(await second).toEqual({ type: 'kernel-ended' });
    expect(kernel.comms[1]?.isDisposed).toBe(false);
  });

  it('is given up when a kernel with time says nothing', async () => {
    const { answer, comm } = asked();
    await vi.advanceTimersByTimeAsync(SECONDS * 1000 - 1);
    expect(comm.isDisposed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await answer).toEqual({ type: 'silent' });
  });

  it('waits for a busy kernel as long as it takes', async () => {
    kernel.status = 'busy';
    const { answer, comm } = asked();
    await vi.advanceTimersByTimeAsync(SECONDS * 10_000);
    comm.answer({ type: 'submitted', run: 'local/train-1' });

    expect(await answer).toEqual({ type: 'submitted', run: 'local/train-1' });
  });

  it('can be called off', async () => {
    const { answer, comm } = asked();
    cancel.abort();

    expect(await answer).toEqual({ type: 'cancelled' });
    expect(comm.isDisposed).toBe(true);
  });

  it('is not asked when it was called off before', async () => {
    cancel.abort();

    expect(await ask(kernel.connection, QUESTION, { seconds: SECONDS, cancelled: cancel.signal })).toEqual({
      type: 'cancelled'
    });
    expect(kernel.comms).toEqual([]);
  });

  it('hears the first answer alone', async () => {
    const { answer, comm } = asked();
    comm.answer({ type: 'submitted', run: 'local/train-1' });
    comm.answer({ type: 'error', message: 'Too late.' });
    kernel.statusChanged.emit('dead');

    expect(await answer).toEqual({ type: 'submitted', run: 'local/train-1' });
  });
});
