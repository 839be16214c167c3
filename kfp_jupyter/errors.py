"""Every error this package raises on purpose.

::

    KfpJupyterError
     ├─ UsageError          a magic line or a call that can't be understood
     ├─ ComponentError      a cell or function that can't become a component
     ├─ PipelineError       wiring: unknown outputs, missing arguments, types that don't fit
     ├─ CompileError        a graph that can't become a Workflow
     ├─ OutputFormatError   metrics or UI metadata that don't follow their format
     └─ EngineError         the place where runs happen said no
         ├─ RunNotFoundError
         ├─ KubernetesError          a cluster said no, or nothing; see `kubernetes/errors.py`
         └─ UnsupportedWorkflowError   the Workflow needs what this engine can't do

An error carries its data (what is wrong, where, what to do); `format_message` makes the text. In a
notebook that text is shown instead of a traceback: the reader's own line is in it, ours would be noise. No
credential is in it: `redaction` removes them from all texts.
"""

from __future__ import annotations

import dataclasses
import linecache
import os
import re
import sys
from pathlib import Path

from kfp_jupyter.printable import printable
from kfp_jupyter.redaction import redact

PACKAGE_DIR = f"{Path(__file__).parent}{os.sep}"

_NOT_THE_AUTHORS = (PACKAGE_DIR, "<frozen ")
_STANDARD_LIBRARY = f"{Path(os.__file__).parent}{os.sep}"


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """A line of the author's code.

    Attributes:
        file: The path of a file, or the label of a cell such as ``cell [3]``.
        line: Line number counted from 1; in a cell the magic line is line 1.
        text: The source line itself; empty if unknown.
    """

    file: str
    line: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


class KfpJupyterError(Exception):
    """Base of all errors of this package.

    Args:
        message: One sentence that names the thing and what is wrong with it.
        remedy: One sentence that says what to do; may be empty.
        position: The line of the author's code at fault, if one is.
    """

    def __init__(self, message: str, *, remedy: str = "", position: Position | None = None) -> None:
        # Here, not where it is shown: `args` and `repr` have the sentence too.
        self.message = redact(message)
        self.remedy = redact(remedy)
        self.position = position
        super().__init__(self.message)

    def format_message(self) -> str:
        """Return the text for a reader: place, sentence, remedy and the line of code."""
        where = f"{self.position}: " if self.position else ""
        text = f"{where}{self.message}"
        if self.remedy:
            text += f" {self.remedy}"
        if self.position and self.position.text.strip():
            text += f"\n    {self.position.line} | {self.position.text.rstrip()}"
        return printable(redact(text))

    def __str__(self) -> str:
        return self.format_message()

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: what to show in place of a traceback."""
        return [f"\x1b[31m{type(self).__name__}\x1b[0m: {self.format_message()}"]


class UsageError(KfpJupyterError):
    """A magic line or a call that can't be understood."""


class ComponentError(KfpJupyterError):
    """A cell, function or file that can't become a component."""


class PipelineError(KfpJupyterError):
    """A pipeline whose wiring is wrong."""


class CompileError(KfpJupyterError):
    """A graph that can't become a Workflow."""


class OutputFormatError(KfpJupyterError):
    """Metrics or UI metadata that don't follow their format."""


class EngineError(KfpJupyterError):
    """An engine could not do what it was asked."""


class RunNotFoundError(EngineError):
    """No run of that id at this engine."""


class UnsupportedWorkflowError(EngineError):
    """The Workflow uses something this engine doesn't have."""


_SHELLS = (f"{os.sep}IPython{os.sep}core{os.sep}", f"{os.sep}ipykernel{os.sep}")


def author_line() -> tuple[str, int] | None:
    """Return file and number of the innermost line on the stack that is neither this package's nor Python's own.

    The line itself isn't read.
    """
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith(_NOT_THE_AUTHORS) and not _is_standard(file):
            # A shell runs magics, and nothing of the author's is above it.
            return None if is_of_a_shell(file) else (file, frame.f_lineno)
        frame = frame.f_back  # type: ignore[assignment]
    return None


def is_of_a_shell(file: str) -> bool:
    """Whether a file is of IPython or its kernel; a cell's own file isn't."""
    return any(part in file for part in _SHELLS)


def _is_standard(file: str) -> bool:
    """Whether a file is Python's own, and not a library that is installed beside it."""
    return file.startswith(_STANDARD_LIBRARY) and "-packages" not in file


def author_position() -> Position | None:
    """Return the innermost line on the stack that isn't this package's own."""
    line = author_line()
    return position_of(*line) if line else None


def cell_label(file: str) -> str:
    """Return the label of the cell that IPython has compiled under a file's name; empty if the file is not a cell."""
    # Where there are cells, IPython has been imported.
    ipython = sys.modules.get("IPython.core.getipython")
    shell = ipython.get_ipython() if ipython else None
    number = re.search(r"\d+", "".join((shell and shell.compile.format_code_name(file)) or ()))
    return f"cell [{number[0]}]" if number else ""


def position_of(file: str, line: int) -> Position:
    """Return the position of a line of a file or of a cell registered with ``linecache``.

    Args:
        file: The file's name, as code objects have it.
        line: The line's number, from 1.
    """
    text, label = linecache.getline(file, line), cell_label(file)
    if label and file in linecache.cache:
        # Warnings name the label alone, and show the line that stands under it.
        linecache.cache[label] = linecache.cache[file]
    return Position(label or (file[1:-1] if file.startswith("<") and file.endswith(">") else file), line, text)
