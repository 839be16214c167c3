import { describe, expect, it } from 'vitest';

import { cellLabel, findPipelineCell, nameInSource, pipelineNameOf } from '../src/pipelineCell';
import { cellOf, notebookOf } from './notebook';

const PIPELINE = '%%pipeline\ndef train():\n    pass';

describe('the cell that the button means', () => {
  it('is the active one where that is a pipeline', () => {
    const [first, last] = [cellOf(PIPELINE), cellOf(PIPELINE)];

    expect(findPipelineCell(notebookOf([first, last], first))).toBe(first);
  });

  it('is the last pipeline where another cell is active', () => {
    const [first, last, other] = [cellOf(PIPELINE), cellOf(PIPELINE), cellOf('1 + 1')];

    expect(findPipelineCell(notebookOf([first, last, other], other))).toBe(last);
    expect(findPipelineCell(notebookOf([first, last, other]))).toBe(last);
  });

  it('is none in a notebook without a pipeline', () => {
    expect(findPipelineCell(notebookOf([]))).toBeNull();
    expect(findPipelineCell(notebookOf([cellOf('x = 1')]))).toBeNull();
  });

  it.each([
    ['a text cell that speaks of the magic', '%%pipeline', 'markdown'],
    ['a longer word', '%%pipelines\nx', 'code'],
    ['a magic below code', 'x = 1\n%%pipeline', 'code'],
    ['a comment', '# %%pipeline', 'code']
  ])('is never %s', (_, source, type) => {
    expect(findPipelineCell(notebookOf([cellOf(source, { type })]))).toBeNull();
  });

  it('may have blank lines above the magic', () => {
    const cell = cellOf(`\n  \n${PIPELINE}`);

    expect(findPipelineCell(notebookOf([cell]))).toBe(cell);
  });
});

describe('the name of the pipeline', () => {
  it.each([
    ['%%pipeline name=Calculator\nadd(1, 2)', 'Calculator'],
    ['%%pipeline --name=Calculator\nadd(1, 2)', 'Calculator'],
    ['%%pipeline name="Two words" output=a.yaml\nadd(1, 2)', 'Two words'],
    ["%%pipeline output=a.yaml name='Two words'\nadd(1, 2)", 'Two words'],
    [
      "%%pipeline\n@dsl.pipeline(name='From the decorator', description='More')\ndef train():\n    pass",
      'From the decorator'
    ],
    ["%%pipeline\n@pipeline('First argument')\ndef train():\n    pass", 'First argument'],
    ["%%pipeline\n@dsl.pipeline(description='More')\ndef train_and_test():\n    pass", 'Train and test'],
    ['%%pipeline\ndef train_and_test(rows: int = 5):\n    pass', 'Train and test'],
    ["%%pipeline name=Stronger\n@dsl.pipeline(name='Weaker')\ndef train():\n    pass", 'Stronger']
  ])('is read in the source: %j', (source, name) => {
    expect(nameInSource(source)).toBe(name);
  });

  it.each([
    ['a variable of the notebook', '%%pipeline name={title}\nadd(1, 2)'],
    ['a variable in dollars', '%%pipeline name=$title\nadd(1, 2)'],
    ['a formatted text', "%%pipeline\n@dsl.pipeline(name=f'Run {n}')\ndef train():\n    pass"],
    ['a variable of the decorator', '%%pipeline\n@dsl.pipeline(title)\ndef train():\n    pass'],
    ['one function of several', '%%pipeline\ndef a():\n    pass\ndef b():\n    pass'],
    ['a function beside statements with parameters', '%%pipeline params="n=1"\ndef helper():\n    pass'],
    ['statements alone', '%%pipeline\nadd(1, 2)']
  ])('is not guessed from %s', (_, source) => {
    expect(nameInSource(source)).toBe('');
  });

  it('falls back to what people call the cell', () => {
    expect(pipelineNameOf(cellOf('%%pipeline\nadd(1, 2)', { executionCount: 7 }))).toBe('cell [7]');
    expect(pipelineNameOf(cellOf('%%pipeline\nadd(1, 2)'))).toBe('a cell not run yet');
    expect(pipelineNameOf(cellOf(PIPELINE, { executionCount: 7 }))).toBe('Train');
    expect(cellLabel(cellOf(PIPELINE, { executionCount: 7 }))).toBe('cell [7]');
  });
});
