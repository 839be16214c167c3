"""Errors that aren't of this package, on their way from a magic to the notebook: no credential stays in them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.redaction import redact

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

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
