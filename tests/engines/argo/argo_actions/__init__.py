"""Argo's own answer to a retry or a resubmission: asked of a small Go program around Argo's code.

The program takes some minutes to build, so its answers are kept; `pytest --regenerate` asks for them anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


class ArgoActions:
    """A running program that answers one question after the other.

    Args:
        folder: Where it is built.
    """

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen([_build(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        """End the program."""
        self._process.communicate()

    def ask(self, action: str, workflow: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return each different answer: ``workflow`` and ``pods``, or ``error``.

        Args:
            action: ``retry`` or ``resubmit``.
            workflow: A finished workflow.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"action": action, "workflow": workflow}).encode() + b"\n")
        self._process.stdin.flush()
        answers: list[dict[str, Any]] = json.loads(self._process.stdout.readline())
        return answers


def _build(folder: Path) -> Path:
    if not shutil.which("go"):
        pytest.fail("Argo can't be asked anew: Go is not installed")
    for name in ("main.go", "go.mod"):
        shutil.copy(HERE / name, folder)
    environment = {**os.environ, "GOFLAGS": "-mod=mod -buildvcs=false"}
    # Some of what Argo requires is for its own tests alone, and can't be had any more.
    subprocess.run(["go", "mod", "tidy", "-e"], cwd=folder, env=environment, check=True, capture_output=True)
    subprocess.run(["go", "build", "-o", "argo_actions", "."], cwd=folder, env=environment, check=True)
    return folder / "argo_actions"
