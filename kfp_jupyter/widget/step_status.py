"""The status of each step and group of a graph in a run, derived from the run's nodes.

A step in a loop or in recursion has a node per iteration; on screen it is one box.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.retry_attempts import merge_attempts
from kfp_jupyter.workflow.step_graph import GroupNode, Item, StepGraph


@dataclasses.dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration of a step or group.

    Attributes:
        label: Name of the iteration to display; empty outside loops and recursion.
        node: Its node, or that of a skipped group around it; None before there is one.
    """

    label: str = ""
    node: NodeState | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class StepStatus:
    """The status of a step or group.

    Attributes:
        node: Node that represents all iterations: the most urgent one; None before there is one.
        iterations: All iterations, in order.
        run_ended: Whether the run has ended, so that iterations without a node won't run any more.
    """

    node: NodeState | None = None
    iterations: tuple[Iteration, ...] = ()
    run_ended: bool = False

    @property
    def repeated(self) -> bool:
        """Whether it has several iterations, or may have."""
        return len(self.iterations) > 1 or any(iteration.label for iteration in self.iterations)

    @property
    def nodes(self) -> list[tuple[str, NodeState]]:
        """The iterations that have a node, with their labels."""
        return [(iteration.label, iteration.node) for iteration in self.iterations if iteration.node is not None]

    @property
    def partly_run(self) -> bool:
        """Whether some of its iterations have succeeded and others were not run."""
        not_run = self.node is not None and self.node.phase is Phase.OMITTED
        return not_run and any(node.phase is Phase.SUCCEEDED for _, node in self.nodes)


Statuses = Mapping[str, StepStatus]
"""Path of a step or group → its status."""

NO_STATUS = StepStatus()


def compute_statuses(graph: StepGraph, state: RunState | None) -> dict[str, StepStatus]:
    """Return the status of each step and group of the graph, by path.

    Args:
        graph: Steps and groups of the pipeline.
        state: State of the run; None before there is one.
    """
    paths = [item.path for item in graph.items]
    if state is None:
        return dict.fromkeys(paths, NO_STATUS)
    if graph.node("") is not None:  # the root itself is the step
        nodes = _steps_by_path(state)
        return {path: _status([Iteration(node=nodes.get(path))], [], state) for path in paths}
    walk = _Walk(graph, state)
    walk.run()
    return {path: _status(walk.iterations[path], walk.group_nodes[path], state) for path in paths}


def most_urgent(iterations: Iterable[Iteration]) -> Iteration | None:
    """Return the most urgent iteration; None if none has a node."""
    known = [(iteration, iteration.node) for iteration in iterations if iteration.node is not None]
    # An iteration that was not run has nothing to show.
    return min(known, key=lambda pair: (pair[1].phase is Phase.OMITTED, _urgency(pair[1])))[0] if known else None


def step_statuses(graph: StepGraph, statuses: Statuses) -> dict[str, StepStatus]:
    """Return the statuses of steps alone: groups do no work of their own.

    Args:
        graph: Steps and groups of the pipeline.
        statuses: Status of each step and group, by path.
    """
    return {node.path: statuses[node.path] for node in graph.nodes}


@dataclasses.dataclass(frozen=True, slots=True)
class _Visit:
    """One iteration of a group: the nodes in it are below its path in the run.

    Attributes:
        group: Path of the group in the graph.
        path: Its path in this run; None if it has no node.
        labels: The iterations of the loops around it.
        skipped_by: The node of the skipped group, which stands for everything in it.
        depth: Depth of recursion, from 1; 0 outside recursion.
    """

    group: str
    path: str | None
    labels: tuple[str, ...] = ()
    skipped_by: NodeState | None = None
    depth: int = 0


class _Walk:
    """Walks graph and run side by side, from the root."""

    def __init__(self, graph: StepGraph, state: RunState) -> None:
        self.iterations: dict[str, list[Iteration]] = collections.defaultdict(list)
        self.group_nodes: dict[str, list[NodeState]] = collections.defaultdict(list)
        self._graph, self._index = graph, _index(state)
        self._visits = collections.deque([_Visit("", "")])

    def run(self) -> None:
        """Collect the iterations of everything in the graph."""
        while self._visits:
            visit = self._visits.popleft()
            for item in self._graph.members(visit.group):
                self._visit(item, visit)

    def _visit(self, item: Item, visit: _Visit) -> None:
        name = item.path[len(visit.group) + 1 if visit.group else 0 :]
        found = self._index.get((visit.path, name)) if visit.path is not None else None
        if not found:
            self._record(item, visit, None, visit.skipped_by)
            return
        looped = [match for match in found if match.item is not None]
        self.group_nodes[item.path] += [match.node for match in found if looped and match.item is None]
        for match in sorted(looped, key=lambda match: match.index) or found:
            self._record(item, visit, match, match.node)

    def _record(self, item: Item, visit: _Visit, match: _Match | None, node: NodeState | None) -> None:
        labels, depth = visit.labels, visit.depth
        if match and match.item is not None:
            labels = (*labels, f"{match.index + 1}. {match.item}")
        if isinstance(item, GroupNode) and item.recursive:
            depth = 1
        skipped_by = node if node is not None and node.phase in (Phase.SKIPPED, Phase.OMITTED) else None
        self.iterations[item.path].append(Iteration(_label(labels, depth), node))
        path = match.node.path if match and skipped_by is None else None
        if isinstance(item, GroupNode):
            self._visits.append(_Visit(item.path, path, labels, skipped_by, depth))
        elif item.again is not None and path is not None:
            again = _Visit(item.again, path, labels, None, depth + 1)
            self.iterations[item.again].append(Iteration(_label(again.labels, again.depth), node))
            self._visits.append(again)


def _label(labels: Sequence[str], depth: int) -> str:
    return " / ".join([*labels, *([f"iteration {depth}"] if depth else [])])


@dataclasses.dataclass(frozen=True, slots=True)
class _Match:
    """A node and its iteration; `item` is None for a node outside loops, or for the loop as a whole."""

    node: NodeState
    index: int = 0
    item: str | None = None


_SUFFIX = re.compile(r"\((\d+):(.*)\)", re.DOTALL)
_ATTEMPT = re.compile(r"(.*)\((\d+)\)", re.DOTALL)
_PART = re.compile(r"([^.(]+)((?:\(\d+(?::.*?)?\))*)(?:\.|$)", re.DOTALL)


def _steps_by_path(state: RunState) -> dict[str, NodeState]:
    """Return the nodes by path, with the attempts of a step merged into one node."""
    retried = {node.path for node in state.nodes.values() if node.is_retried}
    attempts: dict[str, list[tuple[int, NodeState]]] = collections.defaultdict(list)
    found: dict[str, NodeState] = {}
    for node in state.nodes.values():
        attempt = _ATTEMPT.fullmatch(node.path) if retried else None
        if attempt and attempt[1] in retried:
            attempts[attempt[1]].append((int(attempt[2]), node))
        else:
            found[node.path] = node
    return found | {path: merge_attempts(found[path], attempts[path]) for path in retried & found.keys()}


def _index(state: RunState) -> dict[tuple[str | None, str], list[_Match]]:
    """Return the nodes by enclosing path and task, with attempts merged."""
    found: dict[tuple[str | None, str], list[_Match]] = {}
    for node in _steps_by_path(state).values():
        if node.path:
            parent, own = _split(node, state)
            task, bracket, rest = own.partition("(")
            match = _SUFFIX.fullmatch(bracket + rest)
            found_node = _Match(node, int(match[1]), match[2]) if match else _Match(node)
            found.setdefault((parent, task), []).append(found_node)
    return found


def _split(node: NodeState, state: RunState) -> tuple[str, str]:
    """Return the path of the enclosing node, and the rest of a node's own.

    Items of loops may contain dots and brackets.
    """
    boundary = state.nodes.get(node.boundary_id)
    if boundary is not None and (not boundary.path or node.path.startswith(f"{boundary.path}.")):
        return boundary.path, node.path[len(boundary.path) + 1 if boundary.path else 0 :]
    last = 0
    for match in _PART.finditer(node.path):
        last = match.start()
    return node.path[: max(0, last - 1)], node.path[last:]


def _urgency(node: NodeState) -> int:
    return _URGENCY.index(node.phase)


_URGENCY = (
    Phase.FAILED,
    Phase.ERROR,
    Phase.RUNNING,
    Phase.PENDING,
    Phase.DELETED,
    Phase.OMITTED,
    Phase.SUCCEEDED,
    Phase.SKIPPED,
)


def _status(iterations: Sequence[Iteration], group_nodes: Iterable[NodeState], state: RunState) -> StepStatus:
    nodes = [iteration.node for iteration in iterations if iteration.node is not None]
    chosen = min([*group_nodes, *nodes], key=_urgency, default=None)
    run_ended = state.phase.finished
    if chosen is not None and len(nodes) < len(iterations) and chosen.phase.finished and not chosen.phase.bad:
        # Done in some iterations and not begun in others: it is running, or was not run to its end.
        phase = Phase.OMITTED if run_ended else Phase.RUNNING
        chosen = dataclasses.replace(chosen, phase=phase, message="", finished_at=None)
    return StepStatus(chosen, tuple(iterations), run_ended)
