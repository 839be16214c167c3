"""A JupyterLab server of a test's own: its directories, its port, its processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

START_SECONDS = 120
STOP_SECONDS = 5

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": False},
    # A screen shot must not depend on when the last save was.
    "docmanager-extension/plugin": {"autosave": False},
}


class LabServer:
    """JupyterLab over a directory of notebooks; everything it writes is under `home`.

    Args:
        home: An empty directory.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.notebooks = home / "notebooks"
        self.runs = home / "runs"
        self.log = home / "server.log"
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.notebooks.mkdir(parents=True)
        for name, settings in SETTINGS.items():
            path = self.home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))
        options = [
            "--allow-root",
            "--no-browser",
            "--expose-app-in-browser",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            "--ServerApp.terminals_enabled=False",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={self.notebooks}",
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                cwd=self.notebooks,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = self._wait_for_url(self._process)

    def stop(self) -> None:
        """End the server, its kernels, and the runs that they have detached."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def _environment(self) -> dict[str, str]:
        ours = {
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "KFP_JUPYTER_CACHE": "cache",
            "KFP_JUPYTER_RUNS": "runs",
        }
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        return os.environ | {name: str(self.home / folder) for name, folder in ours.items()} | {"PYTHONPATH": path}

    def _wait_for_url(self, process: subprocess.Popen[bytes]) -> str:
        """Return the address the server writes down once it listens."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            for path in (self.home / "runtime").glob("jpserver-*.json"):
                text = path.read_text()
                if text:
                    return str(json.loads(text)["url"]).rstrip("/")
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab didn't start:\n{self.log.read_text(errors='replace')}")

    def _processes(self) -> list[psutil.Process]:
        """Return what still runs of this test: whatever has inherited the place of its runs."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("KFP_JUPYTER_RUNS") == str(self.runs)
        except psutil.Error:
            return False  # ended meanwhile, or somebody else's
