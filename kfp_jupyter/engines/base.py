"""What every engine can do."""

from __future__ import annotations

import dataclasses
import enum
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, overload

from kfp_jupyter.engines.options import EngineOption
from kfp_jupyter.runs import Phase, RunState
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER

Workflow = Mapping[str, Any]
"""An Argo Workflow as plain data, what `yaml.safe_load` makes of a compiled pipeline."""


class Capability(enum.Enum):
    """What an engine may declare that it can; the value completes the sentence "The engine X can't …".

    The methods are those of the protocols in `kfp_jupyter.engines.capabilities`.
    """

    STOP = "stop a run and still run its exit handler"
    SUSPEND = "suspend and resume runs"
    RESUBMIT = "resubmit a run"
    SCHEDULES = "start runs on a schedule"
    DIAGNOSTICS = "diagnose its setup"
    SUMMARY = "report the phase of a run cheaply"
    FOREIGN_RUNS = "list runs that were started elsewhere"


@dataclasses.dataclass(frozen=True, slots=True)
class RunRef:
    """A run's identity; survives kernels, notebooks and machines.

    Attributes:
        engine: Name of the engine: ``local``, ``argo`` or ``kfp``.
        id: What that engine calls the run.
    """

    engine: str
    id: str


@dataclasses.dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of a list of runs.

    Attributes:
        ref: The run.
        pipeline: Name of the pipeline it runs.
        phase: Where it stands.
        started_at: When it was submitted, UTC.
        finished_at: When it ended, UTC; None before.
        stopped: Whether it ended because it was stopped.
        held: Whether it waits to be resumed.
        ours: Whether it was started by this package; others are listed where they are asked for.
        name: Its name to display; empty if none was given.
        experiment: The experiment that it belongs to; empty for none.
        url: Where it is seen in the engine's own user interface; empty where there is none.
    """

    ref: RunRef
    pipeline: str
    phase: Phase
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped: bool = False
    held: bool = False
    ours: bool = True
    name: str = ""
    experiment: str = ""
    url: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class RunList(Sequence[RunSummary]):
    """What an engine tells of its runs: a sequence of them, newest first.

    Attributes:
        summaries: The runs.
        notices: A sentence for each thing that is left out, with the reason.
    """

    summaries: tuple[RunSummary, ...] = ()
    notices: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> RunSummary: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[RunSummary, ...]: ...

    def __getitem__(self, index: int | slice) -> RunSummary | tuple[RunSummary, ...]:
        return self.summaries[index]

    def __len__(self) -> int:
        return len(self.summaries)


@dataclasses.dataclass(frozen=True, slots=True)
class LogChunk:
    """A piece of a step's log.

    Attributes:
        text: Decoded text, any number of lines, perhaps ending inside one.
        notice: True where the engine speaks itself (the log is no longer available, because …).
    """

    text: str
    notice: bool = False


class Engine(Protocol):
    """A place where Workflows run. All methods may be called from any thread.

    Every method raises `EngineError` (or a subclass) with one sentence for the user, never what the
    layers below raised.

    Attributes:
        name: Its name, also in `RunRef`.
        capabilities: What it can beyond these methods; see `kfp_jupyter.engines.capabilities`.
        options: What it can be told: the parameters of its class.
    """

    name: str
    capabilities: ClassVar[frozenset[Capability]]
    options: ClassVar[Sequence[EngineOption]]

    @property
    def place(self) -> str:
        """Where its runs are, as text to display; uses no network."""

    def check(self) -> None:
        """Check the engine's settings, as far as that goes without a network.

        Raises:
            EngineError: Runs can't work with them.
        """

    def submit(
        self,
        workflow: Workflow,
        *,
        arguments: Mapping[str, str] | None = None,
        run_name: str | None = None,
        experiment: str | None = None,
    ) -> RunRef:
        """Start a run and return at once.

        Args:
            workflow: The compiled pipeline.
            arguments: Values of pipeline parameters, replacing the defaults; all as text.
            run_name: Name of the run to display, `RunSummary.name`; it need not be unique.
            experiment: The experiment that the run belongs to; it is `RunSummary.experiment`.

        Raises:
            UnsupportedWorkflowError: The Workflow needs something this engine doesn't have.
            EngineError: A parameter without a value, an unknown parameter, no room or right to start.
        """

    def watch(self, run: RunRef, stop: threading.Event) -> Iterator[RunState]:
        """Yield the newest whole state, first at once, then at each change; end after a finished one or `stop`.

        Args:
            run: The run.
            stop: Set to end the iteration before the run ends; a `CancelToken` ends a read at once, any other event
                within a moment.
        """

    def logs(
        self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = MAIN_CONTAINER
    ) -> Iterator[LogChunk]:
        """Yield a step's log; with `follow` until the step has finished or `stop` is set.

        Where there is no log (the step hasn't started, what kept it is gone, or the engine keeps none at all), a chunk
        with `LogChunk.notice` says so: an engine without logs answers with that alone.

        Args:
            run: The run.
            node_id: The step.
            follow: Whether to wait for more while it runs.
            stop: Set to end the log, as for `watch`.
            container: Which of the step's containers: its program's is ``main`` in every engine, others are the
                engine's own.
        """

    def read_artifact(self, run: RunRef, node_id: str, name: str) -> bytes:
        """Return an output artifact's bytes (unpacked, when the store holds it packed).

        Args:
            run: The run.
            node_id: Id of the node that wrote it.
            name: Name of the artifact.
        """

    def workflow(self, run: RunRef) -> Workflow:
        """Return the run's Workflow object as it is now, spec and status."""

    def terminate(self, run: RunRef) -> None:
        """Stop the run's steps now; nothing happens to a finished run.

        It returns within a few seconds, whether the steps have ended by then or not: `watch` tells when they have.
        """

    def retry(self, run: RunRef) -> None:
        """Run the failed steps of a finished run again, and what follows them; keep what succeeded."""

    def delete(self, run: RunRef) -> None:
        """Remove a finished run and all it left."""

    def runs(self, limit: int = 100) -> RunList:
        """Return the newest runs, newest first, and notices of what is left out.

        Args:
            limit: The most runs that are returned.
        """

    def get(self, run_id: str) -> RunRef:
        """Return the run of that id, or the only one whose id starts so, or the only one of that name.

        Raises:
            RunNotFoundError: There is none, or more than one.
        """
