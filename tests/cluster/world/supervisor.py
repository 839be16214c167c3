"""Keeps the cluster's programs running, as a kubelet would, and stops and starts them when told to."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.cluster.places import CONTROL, LOGS
from tests.cluster.shell import ClusterError

PAUSE_SECONDS = 1.0
"""Before a program that ended by itself is started again."""


class Program:
    """A program that is to run, or not to.

    Args:
        name: What it is called.
        command: What to run.
        env: Variables beside those of the supervisor.
    """

    def __init__(self, name: str, command: tuple[str, ...], env: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._env = {**os.environ, **env}
        self._log = (LOGS / f"{name}.log").open("ab")
        self._lock = threading.Lock()
        self._wanted = False
        self.endings = 0
        self.start()

    def start(self) -> None:
        """Start it, unless it runs."""
        with self._lock:
            if not self._wanted:
                self._wanted = True
                self._spawn()

    def stop(self) -> None:
        """Kill it, and leave it so."""
        with self._lock:
            self._wanted = False
            self._process.kill()
        self._process.wait()

    def kill(self) -> None:
        """Kill it; it comes back."""
        self.signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it answer nothing, with its connections open."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        with self._lock:
            self._process.send_signal(number)

    def _spawn(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        threading.Thread(target=self._keep, args=(self._process,), daemon=True).start()

    def _keep(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self.endings += 1
        time.sleep(PAUSE_SECONDS)
        with self._lock:
            # Somebody may have stopped it, or stopped and started it, meanwhile.
            if self._wanted and self._process is process:
                self._spawn()


class Supervisor:
    """All programs of the cluster."""

    def __init__(self) -> None:
        self.programs: dict[str, Program] = {}
        self._began = time.monotonic()

    def start(self, name: str, *command: str | Path, env: Mapping[str, str] | None = None) -> None:
        """Start a program and keep it running."""
        self.programs[name] = Program(name, tuple(map(str, command)), env or {})

    def wait_for(self, what: str, ready: Callable[[], bool], seconds: float = 120) -> None:
        """Wait until something is there.

        Raises:
            ClusterError: It isn't in time, or a program ends again and again.
        """
        reason = ""
        while time.monotonic() - self._began < seconds:
            try:
                if ready():
                    print(f"{time.monotonic() - self._began:6.1f} s  {what}", flush=True)
                    return
            except (OSError, ValueError, ClusterError) as error:
                reason = str(error)
            restless = [program.name for program in self.programs.values() if program.endings > 5]
            if restless:
                raise ClusterError(f"While waiting for {what}, these ended again and again: {', '.join(restless)}.")
            time.sleep(0.1)
        raise ClusterError(f"{what} wasn't there within {seconds:g} s. {reason}")

    def obey(self, order: str) -> str:
        """Carry out an order such as ``stop minio``; return an error, or nothing."""
        verb, _, name = order.strip().partition(" ")
        program = self.programs.get(name)
        if program is None:
            return f"there is no program {name!r}; there are: {', '.join(self.programs)}"
        verbs = {
            "stop": program.stop,
            "start": program.start,
            "kill": program.kill,
            "freeze": program.freeze,
            "thaw": program.thaw,
        }
        if verb not in verbs:
            return f"there is no verb {verb!r}; there are: {', '.join(verbs)}"
        verbs[verb]()
        return ""

    def serve(self) -> None:
        """Take orders, a line each, until the end."""
        supervisor = self

        class Orders(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(f"{supervisor.obey(line.decode())}\n".encode())

        with socketserver.ThreadingUnixStreamServer(str(CONTROL), Orders) as server:
            server.serve_forever()
