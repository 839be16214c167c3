"""What one notebook has: its components, pipelines, engine and runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from kfp_jupyter.compiler.compiler import Compiled
from kfp_jupyter.components import Component
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.engines.registry import ENGINES, get_engine
from kfp_jupyter.errors import Position
from kfp_jupyter.interrupts import held_back
from kfp_jupyter.magics.bound_names import rebinding_note
from kfp_jupyter.magics.displayed_views import DisplayedViews
from kfp_jupyter.magics.notes import show_notes

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from kfp_jupyter.widget.run_view import RunView


@dataclasses.dataclass(frozen=True, slots=True)
class ComponentEntry:
    """A component and the cell that made it.

    Attributes:
        component: The component.
        cell_id: Id of the cell in its notebook; None where the front end gives none.
        label: Name of the cell to display.
    """

    component: Component
    cell_id: str | None
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class PipelineEntry:
    """A pipeline, the cell that made it and the view below that cell.

    Attributes:
        pipeline: The pipeline.
        cell_id: Id of the cell in its notebook; None where the front end gives none.
        label: Name of the cell to display.
        view: What is shown under the cell.
        compile: Compiles it with the components as they are now.
    """

    pipeline: Pipeline
    cell_id: str | None
    label: str
    view: RunView
    compile: Callable[[], Compiled]


_NOWHERE = 2**30
"""A depth that no stack has."""

_sessions: WeakKeyDictionary[InteractiveShell, Session] = WeakKeyDictionary()


class Session:
    """The state of one shell. Magics parse, call and store here.

    Args:
        shell: The shell.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.components: dict[str, ComponentEntry] = {}
        self.pipelines: dict[str, PipelineEntry] = {}
        self.runs: list[RunRef] = []
        self.engine_name = "local"
        self.engine_options: dict[str, dict[str, Any]] = {}
        self._engines: dict[str, Engine] = {}
        self._views: dict[RunRef, RunView] = {}
        self._replaced: list[PipelineEntry] = []
        self.shown = DisplayedViews()
        self.cell_id: str | None = None
        self._cell = ""

    @classmethod
    def of(cls, shell: InteractiveShell) -> Session:
        """Return the shell's session, made at first use; loading the extension again loses nothing."""
        if shell not in _sessions:
            _sessions[shell] = session = cls(shell)
            shell.events.register("pre_run_cell", session.note_cell)
            shell.events.register("post_run_cell", session.tell_of_unseen_runs)
        return _sessions[shell]

    def note_cell(self, info: Any) -> None:
        """Remember which cell runs; IPython's ``pre_run_cell`` event.

        Args:
            info: IPython's ``ExecutionInfo``.
        """
        self.cell_id = getattr(info, "cell_id", None)
        self._cell = str(getattr(info, "raw_cell", "") or "")
        self.shown.begin(self.cell_id)

    def tell_of_unseen_runs(self, _result: Any) -> None:
        """Say how to see runs that the cell showed before it ran again; IPython's ``post_run_cell`` event."""
        show_notes(
            f"The run {run.id} is still running: %kfp attach {run.id} shows it." for run in self.shown.unseen_runs()
        )

    def position_of_line(self, text: str) -> Position:
        """Return where a line magic stands in the cell that runs now.

        Args:
            text: The magic and what stands behind it.
        """
        lines = [line.strip() for line in self._cell.splitlines()]
        return Position(self.cell_label, lines.index(text) + 1 if text in lines else 1, text)

    @property
    def cell_label(self) -> str:
        """Name to display of the cell that runs now, with its number."""
        return f"cell [{self.shell.displayhook.prompt_count}]"

    def expand(self, text: str) -> str:
        """Return a text of a magic line with the notebook's variables in the place of ``{x}`` and ``$x``."""
        # Names are looked up in the notebook alone, not in what calls this.
        return str(self.shell.var_expand(text, depth=_NOWHERE))

    @held_back()
    def add_component(self, name: str, component: Component, *, replace: bool) -> list[str]:
        """Store a component and bind its name in the notebook; it takes the place of an earlier one of the name.

        Args:
            name: The name to bind.
            component: The component.
            replace: Whether the author knows that another cell has made a component of the name.

        Returns:
            What the author may not have meant, a sentence or two each.
        """
        told = rebinding_note(name, Component, self.shell.user_ns)
        other = self.components.get(name)
        if other and not replace and self._is_elsewhere(other.cell_id) and _differ(other.component, component):
            told.append(
                f"The component {name!r} of {other.label} is replaced: pipelines compiled from now on use this one. "
                "Rename one of the functions to keep both."
            )
        self.components[name] = ComponentEntry(component, self.cell_id, self.cell_label)
        self.shell.user_ns[name] = component
        return told

    @held_back()
    def add_pipeline(
        self, name: str, pipeline: Pipeline, view: RunView, compile: Callable[[], Compiled], *, replace: bool
    ) -> list[str]:
        """Store a pipeline and its view, and bind its name; it takes the place of an earlier one, with its run.

        Args:
            name: The name to bind.
            pipeline: The pipeline.
            view: What is shown under its cell.
            compile: Compiles it.
            replace: Whether the author knows that another cell has made a pipeline of the name.

        Returns:
            What the author may not have meant, a sentence or two each.
        """
        told = rebinding_note(name, Pipeline, self.shell.user_ns)
        old = self.pipelines.pop(name, None)
        self._close_replaced(self.cell_id)
        if old:
            unseen = old.view.run if old.view.under_way and not view.take_over(old.view) else None
            if not self._is_elsewhere(old.cell_id):
                old.view.close()
            else:
                self._replaced.append(old)
                old.view.retire(f"The pipeline {name!r} was redefined by {self.cell_label}: submit it there.")
                told += [] if replace else [_replaced_pipeline(name, old, unseen)]
        self.pipelines[name] = PipelineEntry(pipeline, self.cell_id, self.cell_label, view, compile)
        self.shell.user_ns[name] = pipeline
        self.shown.add(view)
        return told

    def _is_elsewhere(self, cell_id: str | None) -> bool:
        """Whether a cell is surely another than the one that runs now."""
        return None not in (cell_id, self.cell_id) and cell_id != self.cell_id

    def _close_replaced(self, cell_id: str | None) -> None:
        """Close the views that a cell has shown before and that another cell's pipelines have replaced."""
        for entry in [entry for entry in self._replaced if entry.cell_id == cell_id]:
            self._replaced.remove(entry)
            entry.view.close()

    def add_run(self, run: RunRef) -> None:
        """Remember a run that this notebook has started or attached to."""
        if run not in self.runs:
            self.runs.append(run)

    @held_back()
    def add_attached(self, run: RunRef, view: RunView) -> None:
        """Remember the view of an attached run, in place of an older view of it.

        Args:
            run: The run.
            view: The view that shows it.
        """
        self.add_run(run)
        old = self._views.pop(run, None)
        if old:
            old.close()
        self._views[run] = view
        self.shown.add(view)

    def forget_run(self, run: RunRef, sentence: str) -> None:
        """Forget a run that was deleted, and tell the views that show it.

        Args:
            run: The run.
            sentence: Says that it was deleted.
        """
        if run in self.runs:
            self.runs.remove(run)
        entries = (*self.pipelines.values(), *self._replaced)
        for view in (*(entry.view for entry in entries), *self._views.values()):
            if view.run == run:
                view.run_deleted(sentence)

    def pipeline_of_cell(self, cell_id: str) -> tuple[str, PipelineEntry] | None:
        """Return the pipeline that a cell has made in this kernel, with its name; None when it has made none.

        A pipeline that another cell's has replaced has no name any more.
        """
        # The newest: a cell whose pipeline got another name has made several.
        entries = (*reversed(self.pipelines.items()), *(("", entry) for entry in reversed(self._replaced)))
        return next(((name, entry) for name, entry in entries if entry.cell_id == cell_id), None)

    def engine(self, name: str | None = None) -> Engine:
        """Return an engine, the chosen one unless named; made at first use."""
        name = name or self.engine_name
        if name not in self._engines:
            self._engines[name] = get_engine(name, **self.engine_options.get(name, {}))
        return self._engines[name]

    def choose_engine(self, name: str, options: Mapping[str, Any]) -> Engine:
        """Make an engine the notebook's, with new options if there are any.

        Args:
            name: Name of the engine.
            options: The engine's options.

        Raises:
            EngineError: There is no such engine, or it doesn't know an option.
        """
        if options or name not in self._engines:
            engine = get_engine(name, **options)
            # With a setting that can't be right, the engine stays as it was.
            engine.check()
        else:
            engine = self._engines[name]
        with held_back():
            if self._engines.get(name) is not engine:
                self._engines[name], self.engine_options[name] = engine, dict(options)
            self.engine_name = name
            for entry in self.pipelines.values():
                entry.view.choose_engine(name)
        return engine

    def engines(self) -> dict[str, Callable[[], Engine]]:
        """Return what makes or returns each engine, by name, as views take it."""
        return {name: lambda name=name: self.engine(name) for name in ENGINES}  # type: ignore[misc]


def _differ(one: Component, other: Component) -> bool:
    """Whether two components do something else; a cell that was copied makes the same once more."""
    return (one.spec_json, one.settings) != (other.spec_json, other.settings)


def _replaced_pipeline(name: str, old: PipelineEntry, unseen: RunRef | None) -> str:
    run = f" Its run {unseen.id} is still running: %kfp attach {unseen.id} shows it." if unseen else ""
    return f"The pipeline {name!r} of {old.label} is replaced, also for %kfp.{run} Rename one of them to keep both."
