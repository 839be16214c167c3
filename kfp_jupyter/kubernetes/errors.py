"""What keeps the Kubernetes API from being asked at all."""

from __future__ import annotations

from kfp_jupyter.errors import EngineError


class AccessError(EngineError):
    """The API can't be asked: nothing leads to it, or whoever asks has no credentials."""
