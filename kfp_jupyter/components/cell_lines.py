"""The cells that components were made in, for messages of their steps: these name the component and a line of it.

The number of a cell is in no program, as a step must stay the same when its cell runs again.
"""

from __future__ import annotations

import collections
import dataclasses
import re

_KEPT = 20
"""How many cells of one component are remembered: a log may be older than the newest."""

_PLACE = re.compile(
    r"""(?:File ")?(component (?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))"?(, line |:)(\d+)(.*)\n[ |]*(.*)"""
)
"""A line of a traceback or of a warning, and the line of source below it."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    lines: tuple[str, ...]


_cells: dict[str, collections.deque[_Cell]] = {}


def remember_cell(component: str, label: str, text: str) -> None:
    """Remember which cell a component was made in.

    Args:
        component: The component's name.
        label: What people call the cell, such as ``cell [3]``.
        text: The source that its steps run; its lines have the numbers that they have in the cell.
    """
    cells = _cells.setdefault(f"component {component!r}", collections.deque(maxlen=_KEPT))
    cells.appendleft(_Cell(label, tuple(text.split("\n"))))


def with_cells(log: str) -> str:
    """Return a log with ``cell [3], line 11`` where Python names a component and its line.

    What stands below must be the line of that cell: a log may come from another notebook, or from before the cell was
    changed.

    Args:
        log: What a step has written.
    """

    def named(match: re.Match[str]) -> str:
        place, between, number, _, source = match.groups()
        for cell in _cells.get(place, ()):
            line = int(number) - 1
            if line < len(cell.lines) and cell.lines[line].strip() == source.strip():
                return f"{cell.label}{between}{number}{log[match.start(4) : match.end()]}"
        return match[0]

    return _PLACE.sub(named, log) if _cells else log
