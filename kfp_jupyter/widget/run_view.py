"""`RunView`: a pipeline and its run in a notebook. The parts decide what is shown; this file wires them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial

from kfp_jupyter.engines.base import Engine, RunRef, Workflow
from kfp_jupyter.errors import EngineError, KfpJupyterError
from kfp_jupyter.interrupts import held_back
from kfp_jupyter.printable import printable
from kfp_jupyter.runs import Metric, RunState
from kfp_jupyter.streams import start_thread
from kfp_jupyter.widget.banner import failure_html, notice_html, problem_html, trouble_html
from kfp_jupyter.widget.details import chosen_of
from kfp_jupyter.widget.form import fields_of
from kfp_jupyter.widget.highlights import metrics_by_step, step_to_highlight
from kfp_jupyter.widget.labels import status_appearance
from kfp_jupyter.widget.live_run import Listeners, LiveRun
from kfp_jupyter.widget.picture import Snapshot, picture_svg, picture_text
from kfp_jupyter.widget.start_run import start_run
from kfp_jupyter.widget.status_line import INTERRUPTED, INTERRUPTED_BEFORE, status_line_html
from kfp_jupyter.widget.step_status import Statuses, compute_statuses, step_statuses
from kfp_jupyter.widget.style import run_appearance
from kfp_jupyter.widget.toolbar import Toolbar
from kfp_jupyter.widget.toolbar_state import close_children, update_toolbar
from kfp_jupyter.widget.view_parts import ViewParts
from kfp_jupyter.widget.viewers.metrics import summary_html
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import StepGraph
from kfp_jupyter.workflow.templates import is_whole, templates_of
from kfp_jupyter.workflow.titles import pipeline_description, pipeline_name
from kfp_jupyter.workflow.views import NO_TEMPLATE

_now = partial(datetime.now, timezone.utc)


class RunView(ViewParts):
    """A pipeline to look at, to start, and to watch.

    Args:
        compile: Makes the Workflow: now for the preview, and anew at each submit, as components may have changed.
        engines: Name → what returns the engine, asked at each use: the notebook may have set it up anew.
        engine: The one chosen at first.
        workflow: What is drawn at first; what `compile` makes unless given.
        run: A run to attach to; its own Workflow is drawn then, and `compile` waits for a submit.
        on_submit: Gets each run that was started.

    Raises:
        KfpJupyterError: The pipeline can't be compiled, or the run can't be found.
    """

    def __init__(
        self,
        compile: Callable[[], Workflow],
        engines: Mapping[str, Callable[[], Engine]],
        engine: str = "local",
        *,
        workflow: Workflow | None = None,
        run: RunRef | None = None,
        on_submit: Callable[[RunRef], None] | None = None,
    ) -> None:
        self._compile, self._engines, self._on_submit = compile, engines, on_submit
        self._lock = threading.RLock()
        self._submitting = self._starting_failed = self._ended = False
        self._problem = self._why_replaced = ""
        self._successor: RunView | None = None
        self._workflow: Workflow = {}
        self._graph = StepGraph()
        self._live: LiveRun | None = None
        self._order = self._phases = tuple[str, ...]()
        self._selected: str | None = None
        chosen = run.engine if run else engine
        self._check(chosen)
        attached = engines[chosen]() if run else None
        drawn = workflow or (attached.workflow(run) if attached and run else compile())
        toolbar = Toolbar(list(engines), chosen, self.submit_soon, self.stop_run, self.retry_run, self.toggle_suspend)
        super().__init__(toolbar, self.select, self._draw, self._draw_picture)
        try:
            with held_back():
                self._load(drawn)
                if attached and run:
                    self._follow(attached, run)
        except KeyboardInterrupt:
            self.close()  # no caller gets the view
            raise

    @property
    def run(self) -> RunRef | None:
        """The run shown, if any."""
        return self._live.ref if self._live else None

    @property
    def state(self) -> RunState | None:
        """The newest state of the run shown."""
        return self._live.state if self._live else None

    @property
    def problem(self) -> str:
        """The problem of the last attempt to start or follow a run; empty if there is none."""
        return self._problem or self._why_replaced or self._form.problem

    @property
    def under_way(self) -> bool:
        """Whether a run is being started here, or one that is shown hasn't ended: no other is started then."""
        return self._submitting or bool(self._live and self._live.active)

    def __repr__(self) -> str:
        phase = run_appearance(self.state).word if self.state else "starting"
        run = f", run {self.run.id}: {phase}" if self.run else ""
        return printable(f"RunView({pipeline_name(self._workflow)}{run})")

    def submit(self, given: Mapping[str, str] | None = None) -> RunRef | None:
        """Compile the pipeline and start a run, with the form's arguments; problems are shown in the view.

        Args:
            given: Values by parameter, put into the form first.
        """
        try:
            send = self._ready(given)
            return send() if send else None
        except KeyboardInterrupt:
            self._interrupted()
            raise

    def submit_soon(self, answered: Callable[[RunRef | None], None] | None = None) -> None:
        """Do what `submit` does, but leave the engine's answer to a thread: a cluster may take its time.

        Args:
            answered: Gets what `submit` would return.
        """
        send: Callable[[], RunRef | None] | None = None

        def work() -> None:
            run = send() if send else None
            if answered:
                answered(run)

        try:
            send = self._ready()
            if send:
                start_thread(work, "submit")
                return
        except KeyboardInterrupt:
            self._interrupted()  # no caller could handle it
            send = None
        work()

    def choose_engine(self, name: str) -> None:
        """Take another engine for the next run; a run that is shown stays where it is."""
        self._check(name)
        self._toolbar.choose(name)

    def take_over(self, earlier: RunView) -> bool:
        """Go on with the run that an earlier view shows or is about to start; return whether it has these steps."""
        with earlier._lock:
            earlier._successor = self
            live, graph = earlier._live, earlier._graph
        return live is not None and live.active and self._go_on(live.engine, live.ref, graph)

    def retire(self, why: str) -> None:
        """Start no more runs here; the run that is shown is followed to its end.

        Args:
            why: What the view says from now on.
        """
        with self._lock:
            self._why_replaced = why
            self._replaced.value = notice_html(why)
            self._draw_controls(self._live)

    def stop_run(self) -> None:
        """Ask the engine to end the run."""
        with self._lock:
            if self._live and self._live.active and not self._live.retrying:
                self._live.stop()
                self._draw_controls(self._live)

    def toggle_suspend(self) -> None:
        """Suspend the run, or resume one that waits, where the engine can."""
        with self._lock:
            if self._live and self._live.active and not self._live.retrying:
                self._live.toggle_suspend()
                self._draw_controls(self._live)

    def retry_run(self) -> None:
        """Have the engine run again what failed in the run shown, and follow it; nothing where nothing failed."""
        with self._lock:
            if self._live and self._live.ended_badly:
                self._say("")
                self._take(self._live.retried())

    def run_deleted(self, sentence: str) -> None:
        """Show that the run is gone, as the sentence says: what is known of it stays, and it can't be retried."""
        with self._lock:
            if self._live and not self._ended and not self._live.deleted:
                self._live.forget()
                self._on_trouble(sentence)

    def wait(self, timeout: float | None = None) -> RunState | None:
        """Wait until the run has ended and all of it is shown; return the newest state, None where nothing runs."""
        if self._live:
            self._live.done.wait(timeout)
        return self.state

    def select(self, path: str) -> None:
        """Show the step or group of that path."""
        with self._lock:
            self._selected = path
            item = self._graph.item(path)
            self._details.choose(templates_of(self._workflow).get(item.template, NO_TEMPLATE) if item else NO_TEMPLATE)
            self._draw()

    def close(self) -> None:
        """End the view and its threads; a run goes on."""
        with self._lock:
            self._ended = True
            if self._live:
                self._live.close()
            close_children(self)
            super().close()

    def _check(self, name: str) -> None:
        if name not in self._engines:
            raise EngineError(f"There is no engine {name!r} here.", remedy=f"Choose one of {', '.join(self._engines)}.")

    def _ready(self, given: Mapping[str, str] | None = None) -> Callable[[], RunRef | None] | None:
        """Compile, and return what asks the engine; None where the view says why not."""
        with self._lock:
            if self._why_replaced:
                return None
            self._starting_failed = not self.under_way
            if self.under_way:
                self._say("A run of this pipeline is in progress. Stop it or wait until it ends to start another.")
                return None
            try:
                workflow = self._compile()
                with held_back():
                    self._load(workflow)
                arguments = self._form.arguments(given)
                engine = self._engines[self._toolbar.engine]()
            except KfpJupyterError as error:
                self._refuse(error.format_message())
                return None
            except Exception as error:  # noqa: BLE001  the author's code runs in `compile`; its errors belong here
                self._refuse(f"The pipeline can't be compiled: {type(error).__name__}: {error}")
                return None
            if arguments is None:
                return None
            self._submitting = True
            self._draw()
        return partial(self._start, engine, workflow, arguments, self._names.name, self._names.experiment)

    def _start(self, engine: Engine, workflow: Workflow, arguments: Mapping[str, str], *names: str) -> RunRef | None:
        run, problem = start_run(engine, workflow, arguments, *names)
        with held_back(), self._lock:
            if run and self._on_submit:
                self._on_submit(run)
            self._submitting = False
            if run and self._successor and not self._successor._go_on(engine, run, self._graph):
                told = f"The run {run.id} of the earlier pipeline is still running: %kfp attach {run.id} shows it."
                self._successor._say(told)
            if run and not self._ended:
                self._follow(engine, run)
            elif not self._ended:
                self._refuse(problem)
        return run

    def _interrupted(self) -> None:
        """Take back what an interrupt has left half done, and say what is known of the run."""
        with held_back(), self._lock:
            begun, self._submitting = self._submitting, False
            self._starting_failed = not (self._live and self._live.active)
            self._say(INTERRUPTED if begun else INTERRUPTED_BEFORE)
            self._draw()

    def _load(self, workflow: Workflow) -> None:
        self._toolbar.title(pipeline_name(workflow), pipeline_description(workflow))
        self._form.load(fields_of(workflow))
        self._load_graph(workflow)
        self._say("")
        self._draw()

    def _load_graph(self, workflow: Workflow) -> None:
        self._workflow, graph = workflow, step_graph(workflow)
        if graph != self._graph:
            self._graph, self._selected = graph, None
            self._order = self._canvas.load(graph).order
            self._chips.load(graph, self._order)
            self._details.clear(pipeline_description(workflow))

    def _grow(self, workflow: Workflow) -> None:
        """Draw what has become known of what the run does."""
        with self._lock:
            if self._live:
                self._load_graph(workflow)
                self._live.graph = self._graph
                self._draw()

    def _follow(self, engine: Engine, run: RunRef) -> None:
        self._log.clear()
        self._names.forget_name()
        listeners = Listeners(self._draw, self._draw, self._finish, self._on_trouble, self._grow, self._reopen)
        self._take(LiveRun(engine, run, self._graph, listeners, whole=is_whole(self._workflow)))

    def _go_on(self, engine: Engine, run: RunRef, graph: StepGraph) -> bool:
        """Follow a run that another view has started if it has the steps that are shown here; return whether it has."""
        with self._lock:
            fits = graph == self._graph and not self._ended
            if fits:
                self._follow(engine, run)
            return fits

    def _take(self, live: LiveRun) -> None:
        if self._live:
            self._live.close()
        self._live, self._phases, self._starting_failed = live, (), False
        self._draw()
        live.start()

    def _draw(self) -> None:
        """Bring everything up to date; parts that look the same send nothing."""
        with self._lock:
            live, now = self._live, _now()
            statuses = compute_statuses(self._graph, self.state)
            steps = step_statuses(self._graph, statuses)
            ended = bool(live and not live.active)
            self._draw_controls(live)
            self._canvas.show(statuses, selected=self._selected, ended=ended)
            self._chips.show(steps, selected=self._selected, ended=ended, now=now)
            self._draw_selected(statuses, now, ended=ended)
            table = summary_html(self._metrics(steps))
            self._summary.value = f"<h4>Metrics of the run</h4>{table}" if table else ""
            states = {"submitting": self._submitting, "failed": self._starting_failed}
            self._toolbar.progress.value = status_line_html(steps, live, now, **states)
            self._trouble.value = trouble_html(self.state)
            phases = tuple(status_appearance(own, ended=ended).key for own in statuses.values())
            if phases != self._phases and self._picture.update():
                self._phases = phases

    def _draw_controls(self, live: LiveRun | None) -> None:
        update_toolbar(self._toolbar, live, submitting=self._submitting, submits=not self._why_replaced)

    def _draw_selected(self, statuses: Statuses, now: datetime, *, ended: bool) -> None:
        item = self._graph.item(self._selected) if self._selected is not None else None
        if item is None:
            return
        live, iteration = self._live, self._details.iteration(statuses[item.path], now)
        known = (live.results, live.failures) if live else ({}, [])
        self._details.show(chosen_of(item, self._graph.groups_around(item.path), iteration, *known), now, ended=ended)
        if live and not live.retrying:
            label = f"{item.label} ({iteration.label})" if iteration.label else item.label
            self._log.follow(live, label, iteration.node)

    def _finish(self) -> None:
        """Draw the end of a run: why it failed, or its results, without a click; then the picture that stays."""
        with self._lock:
            if (live := self._live) is None or live.state is None or live.active:
                return
            self._banner.value = failure_html(live.state, live.failures) or self._banner.value
            highlighted = step_to_highlight(self._graph, self._order, live)
            if self._selected is None and highlighted is not None:
                self.select(highlighted)
            else:
                self._draw()
            self._picture.update(at_once=True)

    def _reopen(self) -> None:
        """Follow the run again: another client has retried it."""
        with self._lock:
            if self._live and not self._live.active and not self._ended and not self._submitting:
                self._say("")
                self._take(self._live.retried(ask=False))

    def _metrics(self, steps: Statuses) -> dict[str, tuple[Metric, ...]]:
        return metrics_by_step(self._graph, steps, self._live.results) if self._live else {}

    def _on_trouble(self, problem: str) -> None:
        with self._lock:
            self._refuse(problem)
            if self._live and not self._live.active:
                self._banner.value += failure_html(self._live.state, self._live.failures)
                self._picture.update(at_once=True)

    def _refuse(self, problem: str) -> None:
        """Say what is wrong, and draw everything as it is then."""
        self._say(problem)
        self._draw()

    def _say(self, problem: str) -> None:
        self._problem = problem
        self._banner.value = problem_html(problem)

    def _draw_picture(self) -> dict[str, str]:
        state, now = self.state, _now()
        metrics = self._metrics(step_statuses(self._graph, compute_statuses(self._graph, state)))
        shot = Snapshot(pipeline_name(self._workflow), self._graph, state, now, metrics)
        return {"image/svg+xml": picture_svg(shot), "text/plain": picture_text(shot)}
