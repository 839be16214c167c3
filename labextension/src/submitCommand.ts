/** The command `kfp-jupyter:submit-run` and its button: both say which pipeline they mean, and follow the active cell. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { CommandToolbarButton } from '@jupyterlab/ui-components';

import { submitRunIcon } from './icon';
import { cellLabel, findPipelineCell, pipelineNameOf } from './pipelineCell';
import { submitRun } from './submitRun';

export const COMMAND = 'kfp-jupyter:submit-run';

/** Letters of a name on the button; the tooltip has all of it. */
const MAX_NAME = 28;

/** Milliseconds without a keystroke after which the button's words are made anew. */
const PAUSE_MS = 200;

/** The words of the command; in a toolbar they are those of its own notebook, also where another is the current one. */
export class SubmitCommand {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker
  ) {
    app.commands.addCommand(COMMAND, {
      label: args => this.label(this.panelOf(args)),
      caption: args => this.caption(this.panelOf(args)),
      icon: submitRunIcon,
      isEnabled: args => this.isEnabled(this.panelOf(args)),
      execute: args => this.execute(this.panelOf(args))
    });
    notebooks.currentChanged.connect(() => this.changed());
  }

  /** Return the button for a notebook's toolbar. */
  makeButton(panel: NotebookPanel): CommandToolbarButton {
    this.follow(panel);
    return new CommandToolbarButton({ commands: this.app.commands, id: COMMAND, args: { notebook: panel.id } });
  }

  private async execute(panel: NotebookPanel | null): Promise<void> {
    if (!panel || !this.isEnabled(panel)) {
      return;
    }
    this.submitting.add(panel);
    this.changed();
    try {
      await submitRun(panel);
    } finally {
      this.submitting.delete(panel);
      this.changed();
    }
  }

  private isEnabled(panel: NotebookPanel | null): boolean {
    return panel !== null && !this.submitting.has(panel);
  }

  private label(panel: NotebookPanel | null): string {
    const cell = panel && findPipelineCell(panel.content);
    if (!cell) {
      return 'Submit run';
    }
    const name = pipelineNameOf(cell);
    return `Submit run: ${name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name}`;
  }

  private caption(panel: NotebookPanel | null): string {
    const cell = panel && findPipelineCell(panel.content);
    if (!panel || !cell) {
      return 'Submit a run: this notebook has no %%pipeline cell yet';
    }
    const which =
      cell === panel.content.activeCell ? 'the active cell' : `the last %%pipeline cell, ${cellLabel(cell)}`;
    return `Submit a run of ${pipelineNameOf(cell)} (${which})`;
  }

  /** Make the button's words anew whenever another cell is active, or a cell has changed. */
  private follow(panel: NotebookPanel): void {
    let timer = 0;
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => this.changed(), PAUSE_MS);
    };
    panel.content.activeCellChanged.connect(() => this.changed());
    panel.context.model.contentChanged.connect(soon);
    void panel.context.ready.then(() => this.changed());
    panel.disposed.connect(() => clearTimeout(timer));
  }

  private panelOf(args: { notebook?: unknown }): NotebookPanel | null {
    return args.notebook === undefined
      ? this.notebooks.currentWidget
      : (this.notebooks.find(panel => panel.id === args.notebook) ?? null);
  }

  private changed(): void {
    this.app.commands.notifyCommandChanged(COMMAND);
  }

  private readonly submitting = new Set<NotebookPanel>();
}
