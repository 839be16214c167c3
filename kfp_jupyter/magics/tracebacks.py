"""Errors that aren't of this package, on their way to the notebook: no credential stays in them."""

from __future__ import annotations

import functools
import re
import sys
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.redaction import redact

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

THREADS = "kfp-jupyter"
"""How the names of this package's threads begin."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def without_credentials(shell: InteractiveShell, run: Callable[..., None]) -> Callable[..., None]:
    """Return a magic whose errors have no credential in what the notebook shows and saves of them.

    Args:
        shell: The notebook's, which draws tracebacks, with variables where it is set so.
        run: The magic.
    """

    @functools.wraps(run)
    def guarded(*words: Any) -> None:
        try:
            run(*words)
        except KfpJupyterError:
            raise
        except Exception as error:
            shown = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
            harmless = [_harmless(part) for part in shown]
            text = redact(str(error))
            if harmless == shown and text == str(error):
                raise
            raise _stand_in(error, text, harmless) from None

    return guarded


def redact_threads() -> None:
    """Show what ends a thread of this package without credentials; other threads end as before."""
    earlier = threading.excepthook
    if getattr(earlier, "of_kfp_jupyter", False):
        return

    def show(ended: threading.ExceptHookArgs) -> None:
        if ended.thread is None or not ended.thread.name.startswith(THREADS) or ended.exc_type is SystemExit:
            earlier(ended)
            return
        text = "".join(traceback.format_exception(ended.exc_type, ended.exc_value, ended.exc_traceback))
        sys.stderr.write(redact(f"The thread {ended.thread.name} has ended:\n{text}"))

    show.of_kfp_jupyter = True  # type: ignore[attr-defined]
    threading.excepthook = show


class _StandIn(Exception):  # noqa: N818  (it bears the name of the error that it stands for)
    """What is shown in the place of an error with a credential in it."""

    def __init__(self, text: str, lines: list[str]) -> None:
        super().__init__(text)
        self._lines = lines

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: what to show in place of a traceback."""
        return self._lines


def _stand_in(error: Exception, text: str, lines: list[str]) -> Exception:
    kind = type(type(error).__name__, (_StandIn,), {"__module__": type(error).__module__})
    made: Exception = kind(text, lines)
    return made.with_traceback(error.__traceback__)


def _harmless(part: str) -> str:
    """Return a part of a traceback without credentials; colours, which may divide one, go with them."""
    plain = _COLOUR.sub("", part)
    harmless = redact(plain)
    return part if harmless == plain else harmless
