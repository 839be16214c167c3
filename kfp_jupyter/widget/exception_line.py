"""The line of a Python program's log that says why it ended."""

from __future__ import annotations

import re

_FRAME = re.compile(r'(?P<bar>  \| )?  (File ".*"|cell \[\d+\]), line \d+')  # the bar stands beside an exception group
_COMPONENT = re.compile(r"""Component (?:'[^']*'|"[^"]*"): (.+)\.$""")
_EXCEPTION = re.compile(r"[^\W\d][\w.<>]*(: .*|:)?")


def exception_line(log: str, last: int) -> str:
    """Return the exception that a log ends with, such as ``KeyError: 'model'``; empty where it ends otherwise.

    What a function component's program says of its own arguments and outputs counts as one.

    Args:
        log: The end of the log.
        last: Among how many last lines it must be. An exception that a program logged and survived is further up;
            a few lines may follow, as messages can have several.
    """
    lines = log.rstrip().split("\n")
    said = _COMPONENT.match(lines[-1])
    if said:
        return said[1]
    frames = [(index, match["bar"] or "") for index, line in enumerate(lines) if (match := _FRAME.match(line))]
    if not frames:
        return ""
    start, bar = frames[-1]
    for index in range(start + 1, len(lines)):
        line = lines[index].removeprefix(bar).rstrip()
        if line and not line[0].isspace():
            near = bar or len(lines) - index <= last  # a group's members follow it, each with its own traceback
            # Python 3.10 names the module of a class that the program defines.
            line = line.removeprefix("__main__.")
            return line.removesuffix(":") if near and _EXCEPTION.fullmatch(line) else ""
    return ""
