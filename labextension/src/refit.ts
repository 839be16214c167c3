/**
 * Keeps graphs whole and their steps clickable when their room or place changes: ipycytoscape fits a graph once, when it
 * is drawn, and cytoscape hears of a new place only where something scrolls.
 */

import type { NotebookPanel } from '@jupyterlab/notebook';

// The graph's own, in kfp_jupyter/widget/graph.py.
const PADDING = 16;

// Zooms further apart than this come from a wheel or a gesture, not from a node's new border.
const SAME_ZOOM = 1.05;

/** What is used here of cytoscape's Core. */
export interface Cytoscape {
  elements(): { boundingBox(): { w: number; h: number } };
  fit(elements: undefined, padding: number): void;
  height(): number;
  maxZoom(): number;
  minZoom(): number;
  resize(): void;
  zoom(): number;
}

/** An element that cytoscape draws on; it holds the instance from the first drawing to the last. */
type Canvas = HTMLElement & { _cyreg?: { cy?: Cytoscape } | null };

/** Fit the graphs of this notebook anew whenever the width they have changes, and find them where they are. */
export function refitGraphs(panel: NotebookPanel): void {
  const widths = new WeakMap<Canvas, number>();
  const waiting = new Map<Canvas, number>();
  let frame = 0;

  const refitWaiting = () => {
    frame = 0;
    for (const [canvas, before] of waiting) {
      refit(canvas, before);
    }
    waiting.clear();
  };
  const sizes = new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      const canvas = target as Canvas;
      const before = widths.get(canvas) ?? 0;
      // Out of sight, in a hidden tab or far above, an element has no size.
      if (contentRect.width > 0 && contentRect.width !== before) {
        widths.set(canvas, contentRect.width);
        waiting.set(canvas, waiting.get(canvas) ?? before);
        frame ||= requestAnimationFrame(refitWaiting);
      }
    }
  });
  // The class is ipycytoscape's own. That a graph is ours is asked later: the class that says so may come after it.
  const canvases = panel.content.node.getElementsByClassName('custom-widget') as HTMLCollectionOf<Canvas>;
  const watchDrawn = () => {
    for (const canvas of Array.from(canvases)) {
      if (canvas._cyreg?.cy && !widths.has(canvas)) {
        widths.set(canvas, 0);
        sizes.observe(canvas);
        // Before cytoscape hears of the press and asks itself what is there.
        canvas.addEventListener('pointerdown', () => graphIn(canvas)?.resize(), { capture: true });
      }
    }
  };
  // To draw, cytoscape puts elements into the canvas; so this is called when there is something to fit.
  const outputs = new MutationObserver(watchDrawn);
  outputs.observe(panel.content.node, { childList: true, subtree: true });

  panel.disposed.connect(() => {
    outputs.disconnect();
    sizes.disconnect();
    cancelAnimationFrame(frame);
  });
}

/** Fit a graph into its canvas, unless the reader has zoomed since it had the width before; 0 stands for none. */
function refit(canvas: Canvas, widthBefore: number): void {
  const cy = graphIn(canvas);
  if (!cy) {
    return;
  }
  cy.resize();
  const change = widthBefore > 0 ? cy.zoom() / fittingZoom(cy, widthBefore) : 1;
  if (change < SAME_ZOOM && change > 1 / SAME_ZOOM) {
    cy.fit(undefined, PADDING);
  }
}

/** Return the graph that this canvas shows, if it is of a run view and still drawn. */
function graphIn(canvas: Canvas): Cytoscape | undefined {
  return canvas.closest('.kfp-jupyter-graph') ? canvas._cyreg?.cy : undefined;
}

/** Return the zoom at which all of the graph shows in a canvas of this width. */
export function fittingZoom(cy: Cytoscape, width: number): number {
  const { w, h } = cy.elements().boundingBox();
  const zoom = Math.min((width - 2 * PADDING) / w, (cy.height() - 2 * PADDING) / h);
  return Math.min(cy.maxZoom(), Math.max(cy.minZoom(), zoom));
}
