"""The x position of each box in a layered graph: near its neighbours, never overlapping another box."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

from kfp_jupyter.widget.graph_rank import Layers

PASSES = 6
"""Times the rows are moved towards their neighbours above and below."""

_POINT_GAP = 0.55
"""Between an edge that passes and its neighbour, as a part of the gap between boxes."""

_POINT_WEIGHT = 3.0
"""How much straighter a passing edge wants to be than a box wants to be in the middle."""


def x_positions(found: Layers, widths: Mapping[str, float], gap: float) -> dict[str, float]:
    """Return the middle of each box and point.

    Args:
        found: The layers.
        widths: Of the boxes; points have none.
        gap: Between two boxes.
    """
    x: dict[str, float] = {}
    offsets = [_offsets(row, found, widths, gap) for row in found.rows]
    rows = list(zip(found.rows, offsets, strict=True))
    for row, places in rows:
        x.update({name: place - places[-1] / 2 for name, place in zip(row, places, strict=True)})
    if all(len(row) == 1 for row in found.rows):
        return x
    above, below = (_pulls(found, neighbours) for neighbours in (found.above, found.below))
    both = {name: [*above[name], *below[name]] for name in x}
    for _ in range(PASSES):
        for row, places in rows:
            _settle(row, places, x, above, found.points)
        for row, places in reversed(rows):
            _settle(row, places, x, below, found.points)
    for row, places in rows:
        _settle(row, places, x, both, found.points)
    return x


def _pulls(found: Layers, neighbours: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return which neighbours each name wants to be near.

    A trunk wants to be straight, whatever branches off it, and the branches don't want to be near it: many boxes
    would drag each other aside.
    """
    pulls: dict[str, list[str]] = {}
    for name in (name for row in found.rows for name in row):
        near = neighbours.get(name) or ()
        trunk = name in found.trunks
        pulls[name] = [other for other in near if (other in found.trunks) == trunk]
    return pulls


def _offsets(row: Sequence[str], found: Layers, widths: Mapping[str, float], gap: float) -> list[float]:
    """Return the offsets of a row's names when packed as closely as allowed."""
    places = [0.0]
    for left, right in itertools.pairwise(row):
        room = gap * _POINT_GAP if left in found.points or right in found.points else gap
        places.append(places[-1] + (widths.get(left, 0.0) + widths.get(right, 0.0)) / 2 + room)
    return places


def _settle(
    row: Sequence[str],
    offsets: Sequence[float],
    x: dict[str, float],
    pulls: Mapping[str, Sequence[str]],
    points: Collection[str],
) -> None:
    """Move a row's names as near to the middle of what pulls them as their order and room allow.

    Less their offsets, the places must not fall from left to right: a least-squares fit of a rising line, found by
    putting together those that would (pool adjacent violators).
    """
    pools: list[tuple[float, float, int]] = []  # sum of weighted wishes, weight, members
    for name, offset in zip(row, offsets, strict=True):
        near = pulls[name]
        wish = sum(x[other] for other in near) / len(near) if near else x[name]
        weight = _POINT_WEIGHT if name in points else 1.0 if near else 0.2
        pools.append(((wish - offset) * weight, weight, 1))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            total, weights, members = pools.pop()
            before = pools.pop()
            pools.append((before[0] + total, before[1] + weights, before[2] + members))
    at = 0
    for total, weights, members in pools:
        for index in range(at, at + members):
            x[row[index]] = total / weights + offsets[index]
        at += members
