"""What Go programs read in a YAML document: asked of a small Go program that is built at first use."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import platformdirs
import pytest

HERE = Path(__file__).parent
SOURCES = ("main.go", "go.mod", "go.sum")


class GoParser:
    """A running Go program that reads one document after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([built()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        """End the program."""
        self._process.communicate()

    def read(self, document: str) -> dict[str, Any]:
        """Return what each of Go's parsers reads in a document, or the sentence it refuses it with."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(document).encode() + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return {parser: reading.get("value", reading.get("error")) for parser, reading in answer.items()}


def built() -> Path:
    """Return the program, built anew only when its sources have changed; without Go the test can't be run."""
    if not shutil.which("go"):
        reason = "Go is not installed, so Go's YAML parser can't be asked"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    state = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:16]
    program = Path(platformdirs.user_cache_dir("kfp-jupyter")) / "go_yaml" / state / "go_yaml"
    program.parent.mkdir(parents=True, exist_ok=True)
    with program.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            part = program.with_suffix(".part")
            subprocess.run(["go", "build", "-o", part, "."], cwd=HERE, check=True)
            part.rename(program)
    return program
