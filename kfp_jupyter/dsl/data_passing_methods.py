"""Ways of passing data between tasks other than the artifact store."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class KubernetesVolume:
    """Data is passed on a volume that all pods mount.

    Attributes:
        volume: A V1Volume, or its JSON form. Pods of several nodes write to it.
        path_prefix: The directory in it.
    """

    volume: Any
    path_prefix: str = "artifact_data/"
