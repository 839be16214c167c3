import { describe, expect, it } from 'vitest';

import { markDeadViews } from '../src/deadViews';
import { cellOf, FakeKernel, type FakePanel, notebookOf, panelOf } from './notebook';

/** Return a panel with a run view and another widget in its cells, and the marks of both. */
async function shown(
  kernel: FakeKernel | null
): Promise<FakePanel & { marked: () => boolean[]; withoutKernel: () => boolean }> {
  const cells = [cellOf('%%pipeline'), cellOf('slider')];
  const nodes = cells.map(cell => cell.node);
  for (const [index, name] of ['kfp-jupyter-view', 'widget-slider'].entries()) {
    nodes[index]?.append(Object.assign(document.createElement('div'), { className: name }));
  }
  const fake = panelOf(notebookOf(cells), kernel);
  markDeadViews(fake.panel);
  await fake.panel.sessionContext.ready;
  return {
    ...fake,
    marked: () => nodes.map(node => node.querySelector('.jupyter-widgets-disconnected') !== null),
    withoutKernel: () => fake.element.classList.contains('kfp-jupyter-without-kernel')
  };
}

describe('run views', () => {
  it.each(['autorestarting', 'dead'] as const)(
    'are marked when their kernel is %s, other widgets are not',
    async status => {
      const { sessionContext, marked } = await shown(new FakeKernel());
      sessionContext.statusChanged.emit('busy');
      expect(marked()).toEqual([false, false]);

      sessionContext.statusChanged.emit(status);
      expect(marked()).toEqual([true, false]);
    }
  );

  it('are marked when another kernel takes the place of theirs', async () => {
    const { sessionContext, marked } = await shown(new FakeKernel());

    sessionContext.kernelChanged.emit({ oldValue: new FakeKernel().connection });
    expect(marked()).toEqual([true, false]);
  });

  it('live on when the notebook gets its first kernel', async () => {
    const { sessionContext, marked, withoutKernel } = await shown(null);
    expect(withoutKernel()).toBe(true);

    sessionContext.session = { kernel: new FakeKernel().connection };
    sessionContext.kernelChanged.emit({ oldValue: null });
    expect(marked()).toEqual([false, false]);
    expect(withoutKernel()).toBe(false);
  });

  it('are in a notebook that says whether it has a kernel', async () => {
    const { sessionContext, withoutKernel } = await shown(new FakeKernel());
    expect(withoutKernel()).toBe(false);

    sessionContext.session = null;
    sessionContext.kernelChanged.emit({ oldValue: new FakeKernel().connection });
    expect(withoutKernel()).toBe(true);
  });
});
