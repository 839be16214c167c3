"""What one test has on a JupyterLab server: a folder of notebooks, and kernels with runs of their own."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import uuid
from pathlib import Path
from typing import Any

import psutil

from tests.browser.lab_server import LabServer


class Desk:
    """A test's place on a server that other tests use before and after it.

    Args:
        server: A running server.
        home: An empty directory for what the test's runs leave.
    """

    def __init__(self, server: LabServer, home: Path) -> None:
        self.url = server.url
        self.home = home
        self._server = server
        self._name = f"test-{uuid.uuid4().hex[:8]}"
        self._runs = home / "runs"
        self._notebooks = server.notebooks / self._name
        self._kernelspec = server.kernelspecs / self._name

    def open(self) -> None:
        """Make the folder, and the kernel that keeps its runs here."""
        self._server.reset_settings()
        self._notebooks.mkdir()
        self._kernelspec.mkdir(parents=True)
        spec = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "env": {
                "IPYTHONDIR": str(self.home / "ipython"),
                "KFP_JUPYTER_CACHE": str(self.home / "cache"),
                "KFP_JUPYTER_RUNS": str(self._runs),
            },
        }
        (self._kernelspec / "kernel.json").write_text(json.dumps(spec))

    def close(self) -> None:
        """End the kernels, and the runs that they have detached."""
        self._server.end_kernels()
        for process in filter(self._is_ours, psutil.process_iter()):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        shutil.rmtree(self._kernelspec)
        shutil.rmtree(self._notebooks)

    def path(self, name: str) -> str:
        """Return where a notebook of this test is on the server."""
        return f"{self._name}/{name}"

    def write(self, name: str, cells: list[str]) -> None:
        """Write a notebook of code cells."""
        made = [_cell(f"cell-{index}", source) for index, source in enumerate(cells)]
        self._put(name, {"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": made})

    def copy(self, notebook: Path, *, then: str = "") -> str:
        """Copy a notebook here and return its name.

        Args:
            notebook: The notebook.
            then: A cell to put behind its first code cell.
        """
        document = json.loads(notebook.read_text())
        if then:
            first = next(n for n, cell in enumerate(document["cells"]) if cell["cell_type"] == "code")
            document["cells"].insert(first + 1, _cell("inserted", then))
        self._put(notebook.name, document)
        return notebook.name

    def _put(self, name: str, document: dict[str, Any]) -> None:
        # Without a kernelspec JupyterLab would ask for a kernel first.
        document["metadata"]["kernelspec"] = {"name": self._name, "display_name": "Python 3", "language": "python"}
        (self._notebooks / name).write_text(json.dumps(document))

    def _is_ours(self, process: psutil.Process) -> bool:
        """Whether a process has inherited the place of this test's runs."""
        try:
            return process.environ().get("KFP_JUPYTER_RUNS") == str(self._runs)
        except psutil.Error:
            return False  # ended meanwhile, or somebody else's


def _cell(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
