"""A JupyterLab server: its directories, its port, its processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import requests

START_SECONDS = 120
STOP_SECONDS = 5
ANSWER_SECONDS = 30

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
        self.notebooks = home / "notebooks"
        self.kernelspecs = home / "data" / "kernels"
        self.url = ""
        self._home = home
        self._log = home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.notebooks.mkdir(parents=True)
        self.reset_settings()
        options = [
            "--allow-root",
            "--no-browser",
            "--expose-app-in-browser",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            "--ServerApp.terminals_enabled=False",
            "--ServerApp.disable_check_xsrf=True",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={self.notebooks}",
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                cwd=self.notebooks,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = self._wait_for_url(self._process)

    def reset_settings(self) -> None:
        """Forget what people have chosen in JupyterLab, such as a theme."""
        folder = self._home / "settings"
        shutil.rmtree(folder, ignore_errors=True)
        for name, settings in SETTINGS.items():
            path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))

    def end_kernels(self) -> None:
        """End all kernels and wait for them."""
        sessions = f"{self.url}/api/sessions"
        for session in requests.get(sessions, timeout=ANSWER_SECONDS).json():
            requests.delete(f"{sessions}/{session['id']}", timeout=ANSWER_SECONDS)

    def stop(self) -> None:
        """End the server and its kernels."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _environment(self) -> dict[str, str]:
        ours = {
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        return os.environ | {name: str(self._home / folder) for name, folder in ours.items()} | {"PYTHONPATH": path}

    def _wait_for_url(self, process: subprocess.Popen[bytes]) -> str:
        """Return the address the server writes down once it listens."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            for path in (self._home / "runtime").glob("jpserver-*.json"):
                text = path.read_text()
                if text:
                    return str(json.loads(text)["url"]).rstrip("/")
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab didn't start:\n{self._log.read_text(errors='replace')}")
