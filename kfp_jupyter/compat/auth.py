"""KFP v1's ``kfp.auth``: the token of a pod, and the base class of token providers.

Source: ``kfp/auth/`` of kfp 1.8.24: ``kfp/auth/_tokencredentialsbase.py`` and ``kfp/auth/_satvolumecredentials.py``.
"""

from __future__ import annotations

import abc
import os
from pathlib import Path
from typing import Any

KF_PIPELINES_SA_TOKEN_ENV = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105  (the name of a variable)
KF_PIPELINES_SA_TOKEN_PATH = "/var/run/secrets/kubeflow/pipelines/token"  # noqa: S105  (a path)


class TokenCredentialsBase(abc.ABC):
    """Supplies a client with tokens."""

    @abc.abstractmethod
    def refresh_api_key_hook(self, config: Any) -> None:
        """Put a token into a configuration of the client."""


class ServiceAccountTokenVolumeCredentials(TokenCredentialsBase):
    """Takes the token of the pod's service account from the file that Kubernetes keeps up to date.

    Args:
        path: The file; by default that of the environment variable KF_PIPELINES_SA_TOKEN_PATH, or the usual one.
    """

    def __init__(self, path: str | None = None) -> None:
        self._path = path or os.environ.get(KF_PIPELINES_SA_TOKEN_ENV) or KF_PIPELINES_SA_TOKEN_PATH

    def refresh_api_key_hook(self, config: Any) -> None:
        """Put the token into a configuration of the client."""
        config.api_key["authorization"] = read_token_from_file(self._path)


def read_token_from_file(path: str | os.PathLike[str]) -> str:
    """Return the token that a file holds."""
    return Path(path).read_text().strip()
