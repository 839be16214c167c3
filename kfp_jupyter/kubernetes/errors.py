"""What keeps the Kubernetes API from being asked at all."""

from __future__ import annotations

from kfp_jupyter.errors import EngineError


class AccessError(EngineError):
    """The API can't be asked: nothing leads to it, or whoever asks has no credentials."""


def one_line(error: object) -> str:
    """Return an error's words on one line, without its last full stop."""
    return " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__
