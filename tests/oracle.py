"""kfp 1.8.24 itself, in an environment and a process of its own: what it makes of a pipeline is what we must make."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.environments import environment, locked_version

KFP = locked_version("kfp1", "kfp")


class KfpRefusedError(Exception):
    """kfp raised an error for a pipeline."""


class Kfp:
    """kfp 1.8.24, started once and asked many times; each program has a namespace of its own.

    Programs are written for this package: their word ``kfp_jupyter`` becomes ``kfp``, as a reader of a tutorial would
    change it back. Each defines the function ``pipeline``, and perhaps ``conf``, its ``PipelineConf``.

    Args:
        process: Runs ``tests/oracle_process.py``.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def package(self, file: Path) -> str:
        """Return the text of the package that kfp makes of a file.

        Raises:
            KfpRefusedError: kfp doesn't compile it.
        """
        text = self._ask(file.read_text(encoding="utf-8"), file.name, directory=file.parent, text=True)["text"]
        return str(text)

    def workflow(self, source: str) -> dict[str, Any]:
        """Return the Workflow that kfp makes of a program.

        Raises:
            KfpRefusedError: kfp doesn't compile it.
        """
        workflow: dict[str, Any] = self._ask(source, "program.py", directory=Path("/"), text=False)["workflow"]
        return workflow

    def _ask(self, source: str, file: str, *, directory: Path, text: bool) -> dict[str, Any]:
        request = {
            "source": source.replace("kfp_jupyter", "kfp"),
            "file": file,
            "directory": str(directory),
            "text": text,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"kfp {KFP} ended with exit code {self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise KfpRefusedError(answer["error"]) from RuntimeError(answer["traceback"])
        return answer


@contextlib.contextmanager
def kfp_process() -> Iterator[Kfp]:
    """Start kfp 1.8.24; its environment is made at first use. It ends with the context."""
    python = environment("kfp1")
    with subprocess.Popen(
        [python, Path(__file__).with_name("oracle_process.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        # kfp sorts most that comes out of sets, not all: the same seed gives the same answer.
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": ""},
    ) as process:
        try:
            yield Kfp(process)
        finally:
            assert process.stdin
            process.stdin.close()
