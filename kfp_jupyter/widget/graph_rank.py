"""Boxes in layers: each below what it waits for, ordered by the places of its neighbours, with ways for long edges.

An edge that passes layers leads through a point in each of them. Edges that share an end share these points, so
that what fans out over several layers is a trunk with branches.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

Edge = tuple[str, str]

SWEEPS = 4
"""Times the layers are ordered down and up; more changes nothing visible."""


@dataclasses.dataclass(frozen=True, slots=True)
class Layers:
    """Boxes and points in layers.

    Attributes:
        rows: Names from the top, each row from left to right; those of points are in `points`.
        ways: Edge → the points it leads through.
        above: Name → names in the row above that lead to it.
        below: Name → names in the row below that it leads to.
        points: The names that are points.
        trunks: Those that many edges share.
    """

    rows: list[list[str]]
    ways: Mapping[Edge, tuple[str, ...]]
    above: Mapping[str, Sequence[str]]
    below: Mapping[str, Sequence[str]]
    points: frozenset[str]
    trunks: frozenset[str]


MAX_BRANCHES = 3
"""What more edges than these share is a trunk."""


def assign_layers(
    names: Sequence[str], edges: Sequence[Edge], widths: Mapping[str, float], most: float, last: Collection[str] = ()
) -> Layers:
    """Arrange boxes in layers.

    Args:
        names: The boxes.
        edges: Pairs of names; the first is placed above the second.
        widths: How wide each box is, with the gap beside it.
        most: How wide a layer may be; a wider one goes on below itself.
        last: Names placed at the right end of their layer, even if edges cross.
    """
    before, after = _neighbours(edges)
    rows = _rank(names, before, after)
    for _ in range(SWEEPS if any(len(row) > 1 for row in rows) else 0):
        _order(rows, before)
        _order(rows[::-1], after)
    rows = [part for row in rows for part in _split(row, widths, most)]
    found = _with_points(rows, edges)
    for row in found.rows:
        row.sort(key=last.__contains__)
    return found


def components(names: Iterable[str], edges: Iterable[Edge]) -> list[list[str]]:
    """Return the names in sets that no edge connects, in the order of their first names.

    Args:
        names: The names.
        edges: Pairs of names.
    """
    before, after = _neighbours(edges)
    found: list[list[str]] = []
    seen: set[str] = set()
    place = {name: index for index, name in enumerate(names)}
    for name in place:
        if name in seen:
            continue
        part, waiting = [], [name]
        seen.add(name)
        while waiting:
            one = waiting.pop()
            part.append(one)
            new = [other for other in (*before[one], *after[one]) if other not in seen]
            seen.update(new)
            waiting += dict.fromkeys(new)
        found.append(sorted(part, key=place.__getitem__))
    return found


def _neighbours(edges: Iterable[Edge]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = collections.defaultdict(list)
    after: dict[str, list[str]] = collections.defaultdict(list)
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    return before, after


def _rank(names: Sequence[str], before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[list[str]]:
    waits = {name: len(before[name]) for name in names}
    rows: list[list[str]] = []
    ready = [name for name, count in waits.items() if count == 0]
    while ready:
        rows.append(ready)
        following: list[str] = []
        for name in ready:
            for other in after[name]:
                waits[other] -= 1
                if waits[other] == 0:
                    following.append(other)
        ready = following
    stuck = [name for name, count in waits.items() if count > 0]
    return [*rows, stuck] if stuck else rows  # a cycle is the engine's to refuse; it is drawn all the same


def _order(rows: Sequence[list[str]], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Sort each row in place by the mean position of the neighbours placed before it."""
    place: dict[str, float] = {}
    for row in rows:
        own = {name: _spread(index, len(row)) for index, name in enumerate(row)}
        means = {name: _mean([place[n] for n in neighbours[name] if n in place], own[name]) for name in row}
        row.sort(key=means.__getitem__)
        place.update({name: _spread(index, len(row)) for index, name in enumerate(row)})


def _spread(index: int, count: int) -> float:
    return index - (count - 1) / 2


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _split(row: list[str], widths: Mapping[str, float], most: float) -> list[list[str]]:
    """Split a row into rows of similar length that are at most this wide."""
    whole = sum(widths[name] for name in row)
    if whole <= most or len(row) < 2:
        return [row]
    wanted = whole / -(-whole // most)
    parts: list[list[str]] = [[]]
    used = 0.0
    for name in row:
        if parts[-1] and used + widths[name] / 2 > wanted:
            parts.append([])
            used = 0.0
        parts[-1].append(name)
        used += widths[name]
    return parts


def _with_points(rows: list[list[str]], edges: Sequence[Edge]) -> Layers:
    rank = {name: index for index, row in enumerate(rows) for name in row}
    long = [(a, b) for a, b in edges if rank[b] - rank[a] > 1]
    weight = collections.Counter(name for edge in long for name in edge)
    rows = [list(row) for row in rows]
    links: dict[Edge, None] = {(a, b): None for a, b in edges if rank[b] - rank[a] == 1}
    ways: dict[Edge, tuple[str, ...]] = {}
    points: dict[str, int] = {}
    shared: set[str] = set()
    for a, b in long:
        hub = f"{a} >" if weight[a] > weight[b] else f"> {b}"  # names hold no spaces
        way = [f"{hub} {row}" for row in range(rank[a] + 1, rank[b])]
        points.update(zip(way, range(rank[a] + 1, rank[b]), strict=True))
        shared.update(way if max(weight[a], weight[b]) > MAX_BRANCHES else ())
        links.update(dict.fromkeys(zip([a, *way], [*way, b], strict=True)))
        ways[a, b] = tuple(way)
    for point, row in points.items():
        rows[row].insert(len(rows[row]) // 2, point)  # what hangs on a trunk then spreads to both its sides
    above, below = _neighbours(links)
    for _ in range(SWEEPS if points else 0):
        _order(rows, above)
        _order(rows[::-1], below)
    return Layers(rows, ways, above, below, frozenset(points), frozenset(shared))
