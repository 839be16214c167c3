"""Credentials of packages' addresses and of indexes lead there, and are in nothing that is said or kept of a run."""

from __future__ import annotations

import base64
import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.runs import Phase
from tests.engines.wheels import make_wheel
from tests.engines.workflows import python_step, workflow

NEVER = CancelToken()
MARK = "marked-pw-0123"

PROGRAMS = {"workflow.json", "program.py"}
"""Files that hold what the author wrote: it installs the package."""


def said_and_kept(engine: LocalEngine, packages: list[str]) -> str:
    """Run a step that asks for packages that can't be had; return all that is said of it, and all that is kept."""
    run = engine.submit(workflow(python_step("step", "print('never')", packages=packages)))
    states = list(engine.watch(run, NEVER))
    assert states[-1].phase is not Phase.SUCCEEDED
    log = "".join(chunk.text for node in states[-1].nodes for chunk in engine.logs(run, node, follow=False, stop=NEVER))
    directory = RunDirectory(engine.root / run.id).path
    files = [path for path in directory.rglob("*") if path.is_file() and path.name not in PROGRAMS]
    kept = "".join(path.read_bytes().decode(errors="replace") for path in files)
    return "\n".join((*map(repr, states), log, kept))


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_a_package_s_address_is_said_without_them(
    tmp_path: Path, with_uv: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # uv isn't taken where pip is told of another index.
    monkeypatch.setenv("UV_NO_INDEX" if with_uv else "PIP_NO_INDEX", "1")
    address = f"http://alice:{MARK}@127.0.0.1:9/far-1-py3-none-any.whl?token={MARK}"
    found = said_and_kept(LocalEngine(tmp_path), [f"far @ {address}"])
    assert "127.0.0.1:9/far-1-py3-none-any.whl" in found
    assert MARK not in found


class Guarded(SimpleHTTPRequestHandler):
    """A folder for those who know the password."""

    def send_head(self) -> Any:
        told = self.headers.get("Authorization") or ""
        if base64.b64decode(told.removeprefix("Basic ")) != f"alice:{MARK}".encode():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="packages"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
def test_they_lead_to_the_package(tmp_path: Path, with_uv: bool, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_NO_INDEX" if with_uv else "PIP_NO_INDEX", "1")
    wheel = make_wheel(tmp_path / "wheels", "far")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Guarded, directory=str(wheel.parent))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://alice:{MARK}@127.0.0.1:{server.server_port}/{wheel.name}"
        engine = LocalEngine(tmp_path / "runs")
        program = "import far; print('far', far.VERSION)"
        run = engine.submit(workflow(python_step("step", program, packages=[f"far @ {address}" if named else address])))
        state = list(engine.watch(run, NEVER))[-1]
        server.shutdown()
    log = "".join(chunk.text for node in state.nodes for chunk in engine.logs(run, node, follow=False, stop=NEVER))
    assert state.phase is Phase.SUCCEEDED, log
    assert "far 1.0" in log
    assert MARK not in log


@pytest.mark.parametrize("variable", ["PIP_INDEX_URL", "UV_INDEX_URL"])
def test_an_index_is_said_without_them(tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv(variable, f"http://alice:{MARK}@127.0.0.1:9/simple")
    found = said_and_kept(LocalEngine(tmp_path), ["far-away==1"])
    assert "far-away" in found
    assert MARK not in found
