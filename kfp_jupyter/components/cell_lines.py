"""The cells that components were made in: messages of their steps name only the component and a line of it.

Programs don't contain the number of a cell, because a step must stay the same when its cell runs again.
"""

from __future__ import annotations

import collections
import dataclasses
import re

from kfp_jupyter.components.function_source import FunctionSource
from kfp_jupyter.errors import cell_label

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
    shift: int


_cells: dict[str, collections.deque[_Cell]] = {}


def remember_cell(component: str, label: str, text: str, *, shift: int = 0) -> None:
    """Remember which cell a component was made in.

    Args:
        component: The component's name.
        label: The cell's label, such as ``cell [3]``.
        text: The source that its steps run.
        shift: What to add to a line's number in the source of the steps for its number in the cell.
    """
    cells = _cells.setdefault(f"component {component!r}", collections.deque(maxlen=_KEPT))
    cells.appendleft(_Cell(label, tuple(text.split("\n")), shift))


def remember_function(component: str, own: str, source: str, position: FunctionSource) -> None:
    """Remember which cell the function of a component was defined in; where that was a file, its name says enough.

    Args:
        component: The component's name.
        own: The function's own source, as its steps run it.
        source: All that its steps run; the function's own is the end of it.
        position: The function's own source, as its author wrote it.
    """
    label = cell_label(position.file)
    if label:
        above = source.count("\n") - own.count("\n") + 1  # and the empty line that programs begin with
        remember_cell(component, label, "\n" * above + own, shift=position.line - above - 1)


def with_cells(log: str) -> str:
    """Return a log with ``cell [3], line 11`` where Python names a component and its line.

    The source below such a line must be that of the cell: a log may come from another notebook, or from before the cell
    was changed.

    Args:
        log: What a step has written.
    """

    def named(match: re.Match[str]) -> str:
        place, between, number, _, source = match.groups()
        for cell in _cells.get(place, ()):
            line = int(number) - 1
            if line < len(cell.lines) and cell.lines[line].strip() == source.strip():
                return f"{cell.label}{between}{line + 1 + cell.shift}{log[match.start(4) : match.end()]}"
        return match[0]

    return _PLACE.sub(named, log) if _cells else log
