"""Output and exit codes of commands: errors in one line, without a traceback."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable

from kfp_jupyter.compat.scripts import of_the_author
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.printable import printable
from kfp_jupyter.redaction import redact

FAILED = 1
"""Exit code of a command that an unexpected error ended, as Python has it."""

MISUSED = 2
"""Exit code of a command that could not do what it was asked."""

INTERRUPTED = 130
"""Exit code of a command that was stopped by Ctrl-C, as shells have it."""


def say(line: str) -> None:
    """Write a line to standard output and flush it, so that it also passes through a pipe at once."""
    sys.stdout.write(f"{printable(line)}\n")
    sys.stdout.flush()


def say_notes(notes: Iterable[Note]) -> None:
    """Write the compiler's notes to standard error, one line each, with file and line."""
    for note in notes:
        place = f"{note.position}: " if note.position else ""
        sys.stderr.write(printable(redact(f"note: {place}{note.message}")) + "\n")


def report_errors(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; an error of this package is one line, without a traceback.

    Any other exception is printed as Python does, with the credentials in it redacted.

    Args:
        command: Returns its exit code.
    """
    try:
        return command()
    except KfpJupyterError as error:
        sys.stderr.write(f"error: {error}\n")
        return MISUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  Python itself would show what is in it
        trace = of_the_author(error.__traceback__) or error.__traceback__
        sys.stderr.write(redact("".join(traceback.format_exception(type(error), error, trace))))
        return FAILED
