"""Supervisors, one per step, forked by a process that the runner starts before it has threads.

::

    runner                holds the run's lock
     └─ fork server       forks supervisors (fork_server.py); also holds the lock until all of them have ended
         └─ supervisor    one per step (step_supervisor.py)
             └─ the step

Forking takes a fraction of the time that another Python takes to start. Whichever of them is killed, the one above
or below it notices that their socket is closed and ends what is left.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from kfp_jupyter.engines.local.forking import START_SUPERVISOR, WAKE, in_child
from kfp_jupyter.engines.local.process_mark import RUN_DIRECTORY_VARIABLE
from kfp_jupyter.errors import EngineError


class Supervisors:
    """The runner's side.

    Args:
        channel: To the fork server.
        fork_server: Its process id; it is a child of this process.
    """

    def __init__(self, channel: socket.socket, fork_server: int) -> None:
        self._channel = channel
        self._fork_server = fork_server

    @classmethod
    def start(cls) -> Supervisors:
        """Fork the fork server; the process must not have threads yet."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            in_child(lambda: _fork_server(theirs))
        theirs.close()
        return cls(ours, pid)

    def start_process(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, log: IO[bytes], mark: Path
    ) -> SupervisedProcess:
        """Have a process started, and all that comes of it ended with it.

        Args:
            argv: Program and arguments.
            env: The whole environment.
            cwd: Directory to start in.
            log: File that takes both output streams.
            mark: Directory of the node that it belongs to; see `run_processes`.

        Raises:
            OSError: It can't be started.
            EngineError: The environment or an argument is nothing a process can have.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._channel, [START_SUPERVISOR], [theirs.fileno(), log.fileno()])
            except OSError:
                raise _gone() from None
        process = SupervisedProcess(ours)
        try:
            environment = dict(env) | {RUN_DIRECTORY_VARIABLE: str(mark)}
            process.start({"argv": list(argv), "env": environment, "cwd": str(cwd), "mark": str(mark)})
        except BaseException:
            process.close()
            raise
        return process

    def wake(self) -> None:
        """Continue the fork server and supervisors that something, such as a step, has stopped (SIGSTOP)."""
        # They are gone: there is nothing to wake.
        with contextlib.suppress(OSError):
            os.kill(self._fork_server, signal.SIGCONT)
            self._channel.sendall(WAKE)


class SupervisedProcess:
    """One step's process, as the runner sees it.

    Args:
        channel: To its supervisor.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._answers = channel.makefile("rb")
        self.pid = 0

    def start(self, request: Mapping[str, Any]) -> None:
        """Let it be started."""
        self._say(request)
        answer = self._answer()
        if "error" in answer:
            number, text, name = answer["error"]
            raise OSError(number, text, name) if number is not None else EngineError(f"A step can't start: {text}.")
        self.pid = int(answer["pid"])

    def wait(self) -> int:
        """Return its exit code, negative for a signal, once nothing of it runs any more."""
        return int(self._answer()["code"])

    def signal(self, number: int) -> None:
        """Send a signal to its process group; with SIGKILL all else that it has started ends too."""
        self._say({"signal": int(number)})

    def close(self) -> None:
        """Let the supervisor go; what still runs is ended."""
        self._answers.close()
        self._channel.close()

    def _say(self, message: Mapping[str, Any]) -> None:
        try:
            self._channel.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            # Its end, or that of its supervisor, is what `wait` is about to tell.
            return

    def _answer(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            raise _gone()
        answer: dict[str, Any] = json.loads(line)
        return answer


def _gone() -> EngineError:
    return EngineError("The process that supervises this step was killed.", remedy="Retry the run.")


def _fork_server(channel: socket.socket) -> None:
    # Lazy: what it needs is imported in a process of its own, while the runner goes on.
    from kfp_jupyter.engines.local.fork_server import ForkServer  # noqa: PLC0415 - see above

    ForkServer(channel).run()
