"""The state of a run and of its nodes, as values."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from datetime import datetime

from kfp_jupyter.workflow.dialect import MAIN_LOGS


class Phase(str, enum.Enum):
    """Phase of a workflow or node; the words are Argo's, but for the last one, which Argo has no object to write to."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    SKIPPED = "Skipped"
    FAILED = "Failed"
    ERROR = "Error"
    OMITTED = "Omitted"
    DELETED = "Deleted"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (Phase.PENDING, Phase.RUNNING)

    @property
    def bad(self) -> bool:
        """Whether something went wrong here."""
        return self in (Phase.FAILED, Phase.ERROR)


_GROUPS = ("DAG", "Steps", "StepGroup", "TaskGroup")
"""Types of nodes that hold others. Source: ``pkg/apis/workflow/v1alpha1/workflow_types.go`` of Argo Workflows 3.7."""


@dataclasses.dataclass(frozen=True, slots=True)
class NodeState:
    """One node of a run.

    Attributes:
        id: Unique within the run; names the node in every engine call.
        name: Full name, the workflow's name and the path of task names, ``my-run.train``.
        display_name: The task's name.
        type: Argo's node type; ``Pod`` is a step that runs a program.
        template: Name of the template it runs; empty where unknown.
        message: Why it is in this phase, in the engine's words; may be empty.
        started_at: When it started, UTC; None before.
        finished_at: When it finished, UTC; None before.
        boundary_id: Id of the node that encloses it; empty for the root.
        children: Ids of the nodes that follow it.
        inputs: Values of its input parameters.
        outputs: Values of its output parameters.
        input_artifacts: Names of its input artifacts.
        output_artifacts: Names of its output artifacts, readable through the engine.
        exit_code: What the program returned; None where unknown.
        cached: Whether its outputs were taken from an earlier run.
        reason: Why it waits or failed in plain words, with the remedy; empty where ``message`` says all, or nothing
            is known.
        run: Name of the Workflow, which ``name`` begins with; what stands before the first dot unless given.
        begun: Whether its program has begun; False only where it is known that it hasn't.
        stopped: Whether it ended because the run was stopped; Argo has no phase for that.
        next_attempt_at: When its next attempt starts, UTC; None where none is waited for, or where that isn't known.
    """

    id: str
    name: str
    display_name: str
    type: str
    template: str
    phase: Phase
    message: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    boundary_id: str = ""
    children: tuple[str, ...] = ()
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    outputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    input_artifacts: tuple[str, ...] = ()
    output_artifacts: tuple[str, ...] = ()
    exit_code: int | None = None
    cached: bool = False
    reason: str = ""
    run: str = ""
    begun: bool = True
    stopped: bool = False
    next_attempt_at: datetime | None = None

    @property
    def is_step(self) -> bool:
        """Whether it runs a program, and so has a log."""
        return self.type == "Pod"

    @property
    def is_group(self) -> bool:
        """Whether it only holds other nodes."""
        return self.type in _GROUPS

    @property
    def is_retried(self) -> bool:
        """Whether it stands for the attempts of one step, which are nodes of their own."""
        return self.type == "Retry"

    @property
    def log_artifacts(self) -> tuple[str, ...]:
        """Names of the output artifacts that are its archived log, not something that its program wrote."""
        return tuple(name for name in self.output_artifacts if name == MAIN_LOGS)

    @property
    def suspended(self) -> bool:
        """Whether it is a suspend step that waits now, for its duration or until the run is resumed."""
        return self.type == "Suspend" and self.phase is Phase.RUNNING

    @property
    def path(self) -> str:
        """The name without the workflow's: the same in every run of a pipeline. Empty for the root.

        The workflow's name may hold dots. A root that is tried several times, or holds a list of steps, has nodes that
        are named ``my-run(0)`` and ``my-run[0].train``: the brackets count only where nothing follows them.
        """
        rest = self.name.removeprefix(self.run or self.name.partition(".")[0])
        return rest.partition(".")[2] or rest

    def seconds(self, now: datetime) -> float | None:
        """Return how long it has run, in seconds; None before it started."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.finished_at or now) - self.started_at).total_seconds())


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps an engine from following a run; it tries on.

    Attributes:
        since: Since when, UTC.
        text: The problem and its remedy, to display.
    """

    since: datetime
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class RunState:
    """A whole run at one moment.

    Attributes:
        id: What engines know the run by.
        name: ``metadata.name`` of the Workflow.
        phase: Phase of the whole.
        message: Why it is in this phase; may be empty.
        nodes: Node id to node.
        started_at: When the first thing happened, UTC.
        finished_at: When the last thing happened, UTC; None before.
        trouble: Why there may be a newer state than this one; None where the engine follows the run.
        suspended: Whether it starts no further steps until it is resumed.
        reason: Why it waits in plain words; empty where ``message`` says all, or nothing is known.
        stopped: Whether it ended because it was stopped; Argo has no phase for that.
        exiting: Whether its exit handler is running.
    """

    id: str
    name: str
    phase: Phase
    message: str = ""
    nodes: Mapping[str, NodeState] = dataclasses.field(default_factory=dict)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    trouble: Trouble | None = None
    suspended: bool = False
    reason: str = ""
    stopped: bool = False
    exiting: bool = False

    @property
    def resumable(self) -> bool:
        """Whether some part of it waits to be resumed."""
        return not self.phase.finished and (self.suspended or any(node.suspended for node in self.nodes.values()))

    @property
    def held(self) -> bool:
        """Whether it can be resumed, and but for that nothing more will happen than what is at work now."""
        at_work = any(not step.phase.finished for step in self.steps)
        return self.resumable and (self.suspended or not at_work)

    @property
    def steps(self) -> tuple[NodeState, ...]:
        """The nodes that run programs, in the order they were made."""
        return tuple(node for node in self.nodes.values() if node.is_step)

    def by_path(self) -> dict[str, NodeState]:
        """Return the nodes by `NodeState.path`."""
        return {node.path: node for node in self.nodes.values()}

    def deleted(self, now: datetime) -> RunState:
        """Return the state of a run that is gone: what hadn't ended by now is in the phase ``Deleted``."""
        nodes = {
            key: node
            if node.phase.finished
            else dataclasses.replace(node, phase=Phase.DELETED, finished_at=now, reason="", next_attempt_at=None)
            for key, node in self.nodes.items()
        }
        if self.phase.finished:
            return dataclasses.replace(self, nodes=nodes, trouble=None)
        return dataclasses.replace(
            self,
            phase=Phase.DELETED,
            nodes=nodes,
            finished_at=now,
            trouble=None,
            suspended=False,
            reason="",
            exiting=False,
        )

    def seconds(self, now: datetime) -> float:
        """Return how long the run has taken until now or its end, in seconds."""
        if self.started_at is None:
            return 0.0
        return max(0.0, ((self.finished_at or now) - self.started_at).total_seconds())
