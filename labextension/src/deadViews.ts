/** Marks the run views of a kernel that is gone; `style/index.css` shows their pictures instead. */

import type { NotebookPanel } from '@jupyterlab/notebook';

// ipywidgets marks its widgets so, but only when the kernel is restarted: not when it dies, is shut down or changed.
const DEAD = 'jupyter-widgets-disconnected';
const WITHOUT_KERNEL = 'kfp-jupyter-without-kernel';

/** Mark the run views that this notebook's kernel takes with it when it ends. */
export function markDeadViews(panel: NotebookPanel): void {
  const session = panel.sessionContext;
  // Cells far off screen aren't in the page; their nodes are still theirs.
  const markAll = () => {
    for (const cell of panel.content.widgets) {
      for (const view of cell.node.querySelectorAll('.kfp-jupyter-view')) {
        view.classList.add(DEAD);
      }
    }
  };
  const markPanel = () => panel.toggleClass(WITHOUT_KERNEL, !session.session?.kernel);
  session.statusChanged.connect((_, status) => {
    if (status === 'autorestarting' || status === 'dead') {
      markAll();
    }
  });
  session.kernelChanged.connect((_, { oldValue }) => {
    markPanel();
    if (oldValue) {
      markAll();
    }
  });
  void session.ready.then(markPanel);
}
