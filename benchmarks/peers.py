"""The packages that ours is measured beside, each in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from tests.environments import environment, locked_version

KFP1 = locked_version("kfp1", "kfp")
KFP2 = locked_version("kfp2", "kfp")
HERA = locked_version("hera", "hera")


def kfp1() -> Path:
    """Return the Python that has kfp 1.8."""
    return environment("kfp1")


def kfp2() -> Path:
    """Return the Python that has kfp 2."""
    return environment("kfp2")


def hera() -> Path:
    """Return the Python that has Hera."""
    return environment("hera")
