"""Where the steps go in the static picture: layers by longest path, ordered by the places of their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from kfp_jupyter.widget.elements import StepGraph

SWEEPS = 4
"""Times the layers are ordered down and up; more changes nothing that people see."""


def layers(graph: StepGraph) -> list[list[str]]:
    """Return the paths of the steps, layer by layer from the top, each layer from left to right.

    A step is one layer below the lowest step it waits for. Within a layer a step stands where its neighbours
    in the layers around it stand on average, so that few edges cross.
    """
    before: dict[str, list[str]] = {node.path: [] for node in graph.nodes}
    after: dict[str, list[str]] = {node.path: [] for node in graph.nodes}
    for source, target in graph.edges:
        before[target].append(source)
        after[source].append(target)
    rows = _rank(before, after)
    for _ in range(SWEEPS):
        _order(rows, before)
        _order(rows[::-1], after)
    return rows


def _rank(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[list[str]]:
    waits = {path: len(others) for path, others in before.items()}
    rows: list[list[str]] = []
    ready = [path for path, count in waits.items() if count == 0]
    while ready:
        rows.append(ready)
        following: list[str] = []
        for path in ready:
            for other in after[path]:
                waits[other] -= 1
                if waits[other] == 0:
                    following.append(other)
        ready = following
    stuck = [path for path, count in waits.items() if count > 0]
    return [*rows, stuck] if stuck else rows  # a cycle is the engine's to refuse; it is drawn all the same


def _order(rows: Sequence[list[str]], neighbours: dict[str, list[str]]) -> None:
    """Sort each row in place by the mean position of the neighbours placed before it."""
    place: dict[str, float] = {}
    for row in rows:
        own = {path: _spread(index, len(row)) for index, path in enumerate(row)}
        means = {path: _mean([place[n] for n in neighbours[path] if n in place], own[path]) for path in row}
        row.sort(key=lambda path: means[path])
        place.update({path: _spread(index, len(row)) for index, path in enumerate(row)})


def _spread(index: int, count: int) -> float:
    return index - (count - 1) / 2


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
