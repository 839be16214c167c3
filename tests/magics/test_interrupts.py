"""An interrupt of the kernel, at any moment of any command: the view and the session can be used as before."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

WAIT = 60
STALL = """import os, pathlib, time
def stall():
    pathlib.Path({at!r}).touch()
    while True:
        time.sleep(0.01)
"""


class Kernel:
    """A real kernel, interrupted by a real signal."""

    def __init__(self, home: Path) -> None:
        self._manager = KernelManager(kernel_name="python3")
        environment = {"KFP_JUPYTER_RUNS": str(home / "runs"), "IPYTHONDIR": str(home / "ipython")}
        self._manager.start_kernel(extra_arguments=["--Application.log_level=ERROR"], env=_environment(environment))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=WAIT)

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def run(self, cell: str) -> str:
        """Run a cell that works; return all that it says."""
        kind, said = self.ends(self._client.execute(cell))
        assert kind == "ok", said
        return said

    def interrupted(self, cell: str, when: Callable[[], None]) -> str:
        """Run a cell, interrupt it when it is there, and return all that it says."""
        request = self._client.execute(cell)
        when()
        self._manager.signal_kernel(signal.SIGINT)
        kind, said = self.ends(request)
        assert kind == "error", said
        return said

    def ends(self, request: str) -> tuple[str, str]:
        """Wait for the end of a cell; return how it ended, and all it says: printed, shown, raised."""
        said: list[str] = []
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=WAIT)
            except queue.Empty:
                pytest.fail(f"the cell goes on; it said {said}")
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            said += [content.get("text", ""), content.get("data", {}).get("text/plain", "")]
            said += content.get("traceback", [])
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return str(self._reply(request)["status"]), "\n".join(filter(None, said))

    def _reply(self, request: str) -> dict[str, Any]:
        while True:
            reply = self._client.get_shell_msg(timeout=WAIT)
            if reply["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = reply["content"]
                return content


def _environment(more: dict[str, str]) -> dict[str, str]:
    return os.environ | more


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path)
    kernel.run("%load_ext kfp_jupyter")
    yield kernel
    kernel.close()


@pytest.fixture(scope="module")
def lasting_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that is interrupted again and again, for tests that leave nothing in it."""
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    kernel.run("%load_ext kfp_jupyter")
    yield kernel
    kernel.close()


class SilentApi:
    """A Kubernetes API that takes connections and says nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self._socket.settimeout(WAIT)
        self._held: list[socket.socket] = []

    def kubeconfig(self, path: Path) -> Path:
        """Write a kubeconfig that leads here."""
        server = f"https://127.0.0.1:{self._socket.getsockname()[1]}"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": server, "insecure-skip-tls-verify": True}}],
            "users": [{"name": "u", "user": {"token": "silence"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
        }
        path.write_text(json.dumps(config))
        return path

    def wait(self) -> None:
        """Wait until somebody asks."""
        self._held.append(self._socket.accept()[0])

    def close(self) -> None:
        for held in (*self._held, self._socket):
            held.close()


@pytest.fixture
def silent() -> Iterator[SilentApi]:
    api = SilentApi()
    yield api
    api.close()


def ask(kernel: Kernel, api: SilentApi, tmp_path: Path) -> None:
    """Have the kernel's engine ask an API."""
    kernel.run(f"%kfp engine argo kubeconfig={api.kubeconfig(tmp_path / 'config')}")


ADD = "%%component\ndef add(a: float) -> float:\n    return a + 1"
PIPELINE = "%%pipeline\ndef p():\n    add(1.0)"
VIEW = (
    "from kfp_jupyter.magics.session import Session\n"
    "view = Session.of(get_ipython()).pipelines['p'].view\n"
    "print(view._toolbar._submit.description, view._toolbar._submit.disabled, view.problem)"
)


def in_one_line(said: str, words: str) -> None:
    assert words in said
    assert "Traceback" not in said
    assert "ssl.py" not in said
    assert len([line for line in said.splitlines() if "\x1b" in line]) <= 1, said


def test_an_interrupted_submit_gives_the_view_back_and_says_what_is_not_known(
    kernel: Kernel, silent: SilentApi, tmp_path: Path
) -> None:
    ask(kernel, silent, tmp_path)
    kernel.run(ADD)
    kernel.run(PIPELINE)
    silent.wait()  # the cell has asked for runs that go on

    for _ in range(2):  # the second time it tries again
        said = kernel.interrupted("%kfp submit p", silent.wait)

        in_one_line(said, "%kfp submit was interrupted and may or may not have taken effect.")
        assert kernel.run(VIEW).startswith(
            "Submit run False The submission was interrupted: a run may have been started."
        )
    kernel.run("%kfp engine local")
    assert "Run" in kernel.run("%kfp submit p")


@pytest.mark.parametrize(
    "command",
    ["runs", "attach x", "logs x y", "logs x y follow=true", "stop x", "retry x", "resubmit x", "delete x", "suspend x",
     "resume x", "schedule", "doctor argo", "doctor"],
)  # fmt: skip
def test_an_interrupted_command_says_so_in_one_line(
    command: str, lasting_kernel: Kernel, silent: SilentApi, tmp_path: Path
) -> None:
    kernel = lasting_kernel
    ask(kernel, silent, tmp_path)

    said = kernel.interrupted(f"%kfp {command}", silent.wait)

    in_one_line(said, f"%kfp {command.split(maxsplit=1)[0]} was interrupted")
    assert "argo" in kernel.run("%kfp engine")
    kernel.run("%kfp engine local")
    assert "none yet" in kernel.run("%kfp runs")


def test_an_interrupted_pipeline_cell_leaves_the_notebook_as_it_was(kernel: Kernel, tmp_path: Path) -> None:
    at = tmp_path / "at"
    kernel.run(ADD)
    kernel.run(PIPELINE)
    kernel.run(STALL.format(at=str(at)))

    said = kernel.interrupted("%%pipeline\ndef p():\n    add(2.0)\n    stall()", lambda: wait_for(at))

    in_one_line(said, "%%pipeline was interrupted; the cell defined nothing.")
    assert "Run" in kernel.run("%kfp submit p")


def test_a_pipeline_interrupted_while_it_is_compiled_to_be_submitted_starts_no_run(
    kernel: Kernel, tmp_path: Path
) -> None:
    at = tmp_path / "at"
    kernel.run(ADD)
    kernel.run(STALL.format(at=str(at)) + "\nstalls = False")
    kernel.run("%%pipeline\ndef p():\n    add(2.0)\n    if stalls:\n        stall()")
    kernel.run("stalls = True")

    said = kernel.interrupted("%kfp submit p", lambda: wait_for(at))

    in_one_line(said, "%kfp submit was interrupted")
    assert "no run was started" in kernel.run(VIEW)
    kernel.run("stalls = False")
    assert "Run" in kernel.run("%kfp submit p")


def test_an_interrupted_component_cell_leaves_the_notebook_as_it_was(kernel: Kernel, tmp_path: Path) -> None:
    at = tmp_path / "at"
    kernel.run(ADD)
    kernel.run(STALL.format(at=str(at)) + "\nclass Slow:\n    def __str__(self):\n        stall()\nslow = Slow()")

    said = kernel.interrupted(
        '%%component name="{slow}"\ndef add(a: float) -> str:\n    return ""', lambda: wait_for(at)
    )

    in_one_line(said, "%%component was interrupted; the cell defined nothing.")
    assert "float" in kernel.run("print(add.component_spec.outputs)").lower()


def wait_for(file: Path) -> None:
    while not file.exists():
        time.sleep(0.01)
