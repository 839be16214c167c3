"""Following a run: the threads of a view, and the loop that hands it the run's states."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Mapping

from kfp_jupyter.engines.base import Engine, RunRef, Workflow
from kfp_jupyter.errors import KfpJupyterError, RunNotFoundError
from kfp_jupyter.runs import RunState
from kfp_jupyter.streams import CancelToken

PAUSE = 0.1
"""Seconds between two states on screen; what came in between is skipped."""

TICK = 1.0
"""Seconds between two looks at the clock, at first."""


def watch_run(
    engine: Engine,
    run: RunRef,
    stop: CancelToken,
    on_state: Callable[[RunState], None],
    on_problem: Callable[[str], None],
    on_deleted: Callable[[str], None],
) -> None:
    """Hand on the run's states until it has finished, or say why they end; silent after `stop`.

    Args:
        engine: Where the run is.
        run: The run.
        stop: Ends it.
        on_state: Gets each state.
        on_problem: Gets why the run can't be followed any more.
        on_deleted: Gets the sentence where that is because it is gone.
    """
    tell, finished = on_problem, False
    try:
        for state in engine.watch(run, stop):
            if stop.is_set():
                return
            on_state(state)
            finished = state.phase.finished
            if finished:
                return
            stop.wait(PAUSE)
        problem = f"The engine {engine.name} stopped reporting run {run.id} before it had finished."
    except RunNotFoundError as error:
        problem, tell = error.format_message(), on_deleted
    except KfpJupyterError as error:
        problem = error.format_message()
    except Exception as error:  # noqa: BLE001  nobody else would hear of it: this is the top of a thread
        problem = f"The view can't follow run {run.id}: {type(error).__name__}: {error}"
    if not stop.is_set():
        tell(problem)


def start_run(
    engine: Engine, workflow: Workflow, arguments: Mapping[str, str], name: str = "", experiment: str = ""
) -> tuple[RunRef | None, str]:
    """Submit a Workflow; return the run, or None and what is wrong.

    Args:
        engine: Where the run is to happen.
        workflow: The compiled pipeline.
        arguments: Values of its parameters.
        name: What people call the run; empty for none.
        experiment: What it belongs to; empty for nothing.
    """
    try:
        names = {"run_name": name or None, "experiment": experiment or None}
        return engine.submit(workflow, arguments=arguments, **names), ""
    except KfpJupyterError as error:
        return None, error.format_message()
    except Exception as error:  # noqa: BLE001  nobody else would hear of it: this may be the top of a thread
        return None, f"The engine {engine.name} can't start the run: {type(error).__name__}: {error}"


def tick_after(seconds: float) -> float:
    """Return the seconds between two ticks of the clock of a run that has taken so long.

    A notebook may follow many runs, and each tick redraws a view; who waits for an hour doesn't count seconds.
    """
    return TICK if seconds < 60 else 2 * TICK if seconds < 600 else 5 * TICK


def start_thread(target: Callable[[], None], name: str, context: contextvars.Context | None = None) -> threading.Thread:
    """Run `target` in a daemon thread, in a copy of a context.

    In the context the notebook's kernel keeps which cell a message belongs to.

    Args:
        target: What to run.
        name: What it is called in lists of threads, behind ``kfp-jupyter-``.
        context: Whose copy; the caller's own unless given.
    """
    copy = context.copy() if context else contextvars.copy_context()
    thread = threading.Thread(target=copy.run, args=(target,), name=f"kfp-jupyter-{name}", daemon=True)
    thread.start()
    return thread


class Background:
    """The daemon threads of one view: jobs in order, ticks of a clock, and threads for what waits.

    Threads run in a copy of the context that the view was made in.
    """

    def __init__(self, on_tick: Callable[[], None], on_problem: Callable[[str], None]) -> None:
        self._context = contextvars.copy_context()
        self._on_tick, self._on_problem = on_tick, on_problem
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stop = CancelToken()
        self._worker: threading.Thread | None = None
        self.tick = TICK
        """Seconds between two ticks."""

    def start(self, target: Callable[[], None], name: str) -> threading.Thread:
        """Run `target` in a thread of its own."""
        return start_thread(target, name, self._context)

    def put(self, job: Callable[[], None]) -> None:
        """Run a job after those put before."""
        self._jobs.put(job)
        if self._worker is None:
            self._worker = self.start(self._work, "worker")

    def close(self) -> None:
        """End the worker after the job at hand."""
        self._stop.set()
        self._jobs.put(lambda: None)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                job = self._jobs.get(timeout=self.tick)
            except queue.Empty:
                job = self._on_tick
            try:
                job()
            except Exception as error:  # noqa: BLE001  told in the view: this is the top of a thread
                self._on_problem(f"The view can't show something of the run: {type(error).__name__}: {error}")
