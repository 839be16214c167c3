import { describe, expect, it } from 'vitest';

import { type Cytoscape, fittingZoom } from '../src/refit';

/** Return a graph of this size in a canvas of this height. */
function graphOf(w: number, h: number, height: number, { minZoom = 0.1, maxZoom = 2 } = {}): Cytoscape {
  return {
    elements: () => ({ boundingBox: () => ({ w, h }) }),
    height: () => height,
    minZoom: () => minZoom,
    maxZoom: () => maxZoom
  } as Cytoscape;
}

describe('the zoom at which all of a graph shows', () => {
  it('is that of the narrower side, with the padding on both sides', () => {
    expect(fittingZoom(graphOf(200, 10, 1000), 132)).toBeCloseTo(0.5);
    expect(fittingZoom(graphOf(10, 200, 132), 1000)).toBeCloseTo(0.5);
  });

  it('stays within what the graph allows', () => {
    expect(fittingZoom(graphOf(10, 10, 1000), 1000)).toBe(2);
    expect(fittingZoom(graphOf(100_000, 10, 1000), 132)).toBe(0.1);
    // A canvas with less room than its padding.
    expect(fittingZoom(graphOf(100, 100, 1000), 8)).toBe(0.1);
  });
});
