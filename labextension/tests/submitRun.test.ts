import { NotebookActions } from '@jupyterlab/notebook';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { submitRun } from '../src/submitRun';
import { cellOf, FakeKernel, notebookOf, panelOf } from './notebook';

const said = vi.hoisted(() => ({ warning: vi.fn(), error: vi.fn(), emit: vi.fn(() => 'waiting'), dismiss: vi.fn() }));
vi.mock('@jupyterlab/apputils', () => ({ Notification: said }));
vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: { runCells: vi.fn(), expandParent: vi.fn() } }));

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const VIEW = { type: 'view', model_id: 'shown', pipeline: 'train', under_way: false };

let kernel: FakeKernel;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  kernel = new FakeKernel();
});

afterEach(() => vi.useRealTimers());

/** Press the button over a pipeline whose view is under its cell. */
async function press({
  onKernel = kernel as FakeKernel | null,
  isDirty = false,
  shown = ['shown']
} = {}): Promise<void> {
  const cell = cellOf('%%pipeline\ndef train():\n    pass');
  const outputs = shown.map(model_id => ({ data: { [WIDGET]: { model_id } } }));
  Object.assign(cell.model, {
    isDirty,
    trusted: true,
    outputs: { length: outputs.length, get: (i: number) => outputs[i] }
  });
  Object.assign(cell, { outputArea: { node: document.createElement('div') } });
  const notebook = notebookOf([cell]);
  Object.assign(notebook, { deselectAll: () => undefined, scrollToItem: () => Promise.resolve() });
  await submitRun(panelOf(notebook, onKernel).panel);
}

it('submits a run in the view that is on screen', async () => {
  kernel.answers = [VIEW, { type: 'submitted', run: 'local/train-1' }];
  await press();

  expect(kernel.questions).toEqual(['view', 'submit']);
  expect(said.error).not.toHaveBeenCalled();
});

it('runs a cell first that this kernel has not run', async () => {
  vi.mocked(NotebookActions.runCells).mockResolvedValue(true);
  kernel.answers = [{ type: 'no-view' }, VIEW, { type: 'submitted', run: 'local/train-1' }];
  await press();

  expect(NotebookActions.runCells).toHaveBeenCalledOnce();
  expect(kernel.questions).toEqual(['view', 'view', 'submit']);
});

it('runs a cell anew that was edited, unless its view follows a run', async () => {
  vi.mocked(NotebookActions.runCells).mockResolvedValue(true);
  kernel.answers = [VIEW, VIEW, { type: 'submitted', run: 'local/train-1' }];
  await press({ isDirty: true });
  expect(NotebookActions.runCells).toHaveBeenCalledOnce();

  kernel.answers = [{ ...VIEW, under_way: true }];
  await press({ isDirty: true });
  expect(NotebookActions.runCells).toHaveBeenCalledOnce();
});

it('starts no run where the view cannot be brought on screen', async () => {
  kernel.answers = [VIEW];
  await press({ shown: ['another'] });

  expect(kernel.executed).toEqual(['%kfp view train']);
  expect(kernel.questions).toEqual(['view']);
  expect(said.error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("can't be shown"), { autoClose: false });
});

it.each([
  ['the cell fails', [{ type: 'no-view' }], 'The %%pipeline cell failed'],
  ['a run is under way', [{ ...VIEW, under_way: true }], 'A run of Train is in progress in its view.'],
  ['the extension is not loaded', ['closed'], 'Run %load_ext kfp_jupyter in this notebook first.'],
  ['the kernel refuses', [VIEW, { type: 'error', message: 'No cluster.' }], 'No cluster.'],
  ['the kernel ends before the question', ['ended'], 'none was started'],
  ['the kernel ends behind the question', [VIEW, 'ended'], 'a run of Train may have been started']
])('says so where %s', async (_, answers, words) => {
  vi.mocked(NotebookActions.runCells).mockResolvedValue(false);
  kernel.answers = answers;
  await press();

  expect(said.error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(words), { autoClose: false });
});

it('says so where there is no kernel', async () => {
  await press({ onKernel: null });

  expect(said.error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no kernel'), { autoClose: false });
});

it('says so where the notebook has no pipeline', async () => {
  await submitRun(panelOf(notebookOf([cellOf('1 + 1')]), kernel).panel);

  expect(said.warning).toHaveBeenCalledExactlyOnceWith('This notebook has no %%pipeline cell.', expect.anything());
  expect(kernel.questions).toEqual([]);
});

it('tells who waits after a moment, and takes it back', async () => {
  kernel.answers = ['nothing'];
  kernel.status = 'busy';
  const done = press();
  await vi.advanceTimersByTimeAsync(900);
  expect(said.emit).not.toHaveBeenCalled();

  await vi.advanceTimersByTimeAsync(200);
  expect(said.emit).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Train'), 'in-progress', expect.anything());
  kernel.statusChanged.emit('dead');
  await done;
  expect(said.dismiss).toHaveBeenCalledExactlyOnceWith('waiting');
});

it('says nothing where somebody has called it off', async () => {
  kernel.answers = ['nothing'];
  kernel.status = 'busy';
  const done = press();
  await vi.advanceTimersByTimeAsync(1100);
  const options = said.emit.mock.lastCall?.at(2) as unknown as { actions: { callback: () => void }[] };
  options.actions[0]?.callback();
  await done;

  expect(said.error).not.toHaveBeenCalled();
  expect(kernel.questions).toEqual(['view']);
});
