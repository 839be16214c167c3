"""Credentials of packages' addresses and of indexes lead there, and are in nothing that is said or kept of a run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.runs import Phase
from tests.engines.workflows import python_step, workflow

NEVER = threading.Event()
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


@pytest.mark.parametrize("variable", ["PIP_INDEX_URL", "UV_INDEX_URL"])
def test_an_index_is_said_without_them(tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv(variable, f"http://alice:{MARK}@127.0.0.1:9/simple")
    found = said_and_kept(LocalEngine(tmp_path), ["far-away==1"])
    assert "far-away" in found
    assert MARK not in found
