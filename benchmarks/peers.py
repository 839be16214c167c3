"""The packages that ours is measured beside, each in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from tests.environments import environment

KFP1 = "1.8.24"
KFP2 = "2.17.0"
HERA = "7.1.0"


def kfp1() -> Path:
    """Return the Python that has kfp 1.8."""
    return _kfp(KFP1)


def kfp2() -> Path:
    """Return the Python that has kfp 2."""
    return _kfp(KFP2)


def hera() -> Path:
    """Return the Python that has Hera."""
    return environment(f"hera-{HERA}", f"hera[yaml]=={HERA}")


def _kfp(version: str) -> Path:
    # The tests have the same environments; other requirements would make them anew each time.
    return environment(f"kfp-{version}", f"kfp=={version}", "setuptools<70")
