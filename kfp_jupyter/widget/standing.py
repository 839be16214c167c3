"""How the steps and groups of a graph stand in a run: what a run's nodes say of each.

A step in a loop has a node for each turn, and so has a step that recursion comes to again; on screen it is one box.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.attempts import attempted
from kfp_jupyter.workflow.step_graph import GroupNode, Item, StepGraph


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One time that a step or group comes up.

    Attributes:
        label: Which time, in words; empty outside loops and recursion.
        node: Its node, or that of a group around it which was skipped; None where there is none yet.
    """

    label: str = ""
    node: NodeState | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How a step or group stands.

    Attributes:
        node: What speaks for all turns: the one that most needs a look; None before there is one.
        turns: All of them, in order.
        over: Whether the run has ended, so that turns without a node won't come any more.
    """

    node: NodeState | None = None
    turns: tuple[Turn, ...] = ()
    over: bool = False

    @property
    def repeated(self) -> bool:
        """Whether it comes up more than once, or might."""
        return len(self.turns) > 1 or any(turn.label for turn in self.turns)

    @property
    def nodes(self) -> list[tuple[str, NodeState]]:
        """The turns that have a node, with their labels."""
        return [(turn.label, turn.node) for turn in self.turns if turn.node is not None]

    @property
    def partly_run(self) -> bool:
        """Whether some of its turns have succeeded and others were not run."""
        not_run = self.node is not None and self.node.phase is Phase.OMITTED
        return not_run and any(node.phase is Phase.SUCCEEDED for _, node in self.nodes)


Standings = Mapping[str, Standing]
"""Path of a step or group → how it stands."""

NOTHING_YET = Standing()


def standings(graph: StepGraph, state: RunState | None) -> dict[str, Standing]:
    """Return how each step and group of the graph stands, by path."""
    paths = [item.path for item in graph.items]
    if state is None:
        return dict.fromkeys(paths, NOTHING_YET)
    if graph.node("") is not None:  # the root itself is the step
        nodes = _steps_by_path(state)
        return {path: _standing([Turn(node=nodes.get(path))], [], state) for path in paths}
    walk = _Walk(graph, state)
    walk.run()
    return {path: _standing(walk.turns[path], walk.wholes[path], state) for path in paths}


def most_urgent(turns: Iterable[Turn]) -> Turn | None:
    """Return the turn that most needs a look; None where none has a node."""
    known = [(turn, turn.node) for turn in turns if turn.node is not None]
    # Of a turn that was not run there is nothing to see.
    return min(known, key=lambda pair: (pair[1].phase is Phase.OMITTED, _urgency(pair[1])))[0] if known else None


def step_standings(graph: StepGraph, standing: Standings) -> dict[str, Standing]:
    """Return the steps' part of them: groups do no work of their own, so people count steps."""
    return {node.path: standing[node.path] for node in graph.nodes}


@dataclasses.dataclass(frozen=True, slots=True)
class _Visit:
    """One time that the run comes to a group: the nodes in it are found below its path in the run.

    Attributes:
        group: Path of the group in the graph.
        path: Its path in this run; None where it has no node there.
        labels: The turns of the loops around it.
        told: The node that speaks for all in it, as it was skipped.
        round: How many times recursion has come to the group, from 1; 0 where there is no recursion.
    """

    group: str
    path: str | None
    labels: tuple[str, ...] = ()
    told: NodeState | None = None
    round: int = 0


class _Walk:
    """Goes through graph and run side by side, from the root."""

    def __init__(self, graph: StepGraph, state: RunState) -> None:
        self.turns: dict[str, list[Turn]] = collections.defaultdict(list)
        self.wholes: dict[str, list[NodeState]] = collections.defaultdict(list)
        self._graph, self._index = graph, _index(state)
        self._visits = collections.deque([_Visit("", "")])

    def run(self) -> None:
        """Fill in the turns of everything in the graph."""
        while self._visits:
            visit = self._visits.popleft()
            for item in self._graph.members(visit.group):
                self._look(item, visit)

    def _look(self, item: Item, visit: _Visit) -> None:
        name = item.path[len(visit.group) + 1 if visit.group else 0 :]
        found = self._index.get((visit.path, name)) if visit.path is not None else None
        if not found:
            self._record(item, visit, None, visit.told)
            return
        looped = [place for place in found if place.item is not None]
        self.wholes[item.path] += [place.node for place in found if looped and place.item is None]
        for place in sorted(looped, key=lambda place: place.index) or found:
            self._record(item, visit, place, place.node)

    def _record(self, item: Item, visit: _Visit, place: _Place | None, node: NodeState | None) -> None:
        labels, round_ = visit.labels, visit.round
        if place and place.item is not None:
            labels = (*labels, f"{place.index + 1}. {place.item}")
        if isinstance(item, GroupNode) and item.recursive:
            round_ = 1
        told = node if node is not None and node.phase in (Phase.SKIPPED, Phase.OMITTED) else None
        self.turns[item.path].append(Turn(_label(labels, round_), node))
        path = place.node.path if place and told is None else None
        if isinstance(item, GroupNode):
            self._visits.append(_Visit(item.path, path, labels, told, round_))
        elif item.again is not None and path is not None:
            again = _Visit(item.again, path, labels, None, round_ + 1)
            self.turns[item.again].append(Turn(_label(again.labels, again.round), node))
            self._visits.append(again)


def _label(labels: Sequence[str], round_: int) -> str:
    return " / ".join([*labels, *([f"round {round_}"] if round_ else [])])


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    """A node, and which turn of its task it is: `item` is None where it is none, or stands for all of them."""

    node: NodeState
    index: int = 0
    item: str | None = None


_SUFFIX = re.compile(r"\((\d+):(.*)\)", re.DOTALL)
_ATTEMPT = re.compile(r"(.*)\((\d+)\)", re.DOTALL)
_PART = re.compile(r"([^.(]+)((?:\(\d+(?::.*?)?\))*)(?:\.|$)", re.DOTALL)


def _steps_by_path(state: RunState) -> dict[str, NodeState]:
    """Return the nodes by path, without attempts: what was tried several times is as its last attempt is."""
    retried = {node.path for node in state.nodes.values() if node.is_retried}
    attempts: dict[str, list[tuple[int, NodeState]]] = collections.defaultdict(list)
    found: dict[str, NodeState] = {}
    for node in state.nodes.values():
        attempt = _ATTEMPT.fullmatch(node.path) if retried else None
        if attempt and attempt[1] in retried:
            attempts[attempt[1]].append((int(attempt[2]), node))
        else:
            found[node.path] = node
    return found | {path: attempted(found[path], attempts[path]) for path in retried & found.keys()}


def _index(state: RunState) -> dict[tuple[str | None, str], list[_Place]]:
    """Return the nodes by what encloses them in the run and by task; attempts stand in their step's place."""
    found: dict[tuple[str | None, str], list[_Place]] = {}
    for node in _steps_by_path(state).values():
        if node.path:
            parent, own = _split(node, state)
            task, bracket, rest = own.partition("(")
            match = _SUFFIX.fullmatch(bracket + rest)
            place = _Place(node, int(match[1]), match[2]) if match else _Place(node)
            found.setdefault((parent, task), []).append(place)
    return found


def _split(node: NodeState, state: RunState) -> tuple[str, str]:
    """Return the path of what encloses a node, and the rest of its own; items of loops may hold dots and brackets."""
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


def _standing(turns: Sequence[Turn], wholes: Iterable[NodeState], state: RunState) -> Standing:
    nodes = [turn.node for turn in turns if turn.node is not None]
    speaker = min([*wholes, *nodes], key=_urgency, default=None)
    over = state.phase.finished
    if speaker is not None and len(nodes) < len(turns) and speaker.phase.finished and not speaker.phase.bad:
        # What is done in some turns and has not begun in others is under way, or was not run to its end.
        phase = Phase.OMITTED if over else Phase.RUNNING
        speaker = dataclasses.replace(speaker, phase=phase, message="", finished_at=None)
    return Standing(speaker, tuple(turns), over)
