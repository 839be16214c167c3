"""Tab behind our magics, as JupyterLab asks for it: a complete request to a real kernel, with jedi in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.magics import kfp
from tests.magics.conftest import Notebook

CELLS = (
    "%load_ext kfp_jupyter",
    "%%component\ndef add(a: float, b: float = 2) -> float:\n    return a + b",
    "%%component\ndef fail():\n    raise SystemExit(3)",
    "%%pipeline\ndef calc(x: float = 1):\n    add(add(x).output)",
    "%%pipeline\ndef broken():\n    fail()",
    "%kfp submit calc",
    "%kfp submit broken",
    "from kfp_jupyter.magics.session import Session",
    "for entry in Session.of(get_ipython()).pipelines.values(): entry.view.wait(120)",
)

Typed = list[tuple[str, str]]


class Kernel:
    """A kernel in which two pipelines have run: one ended well, one badly."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, cell: str) -> None:
        reply = self._client.execute_interactive(cell, store_history=True, timeout=240, output_hook=lambda _: None)
        assert reply["content"]["status"] == "ok", reply["content"]

    def tab(self, typed: str) -> Typed:
        """Return what Tab offers behind some text, with the kind of each."""
        content = self._client.complete(typed, len(typed), reply=True, timeout=60)["content"]
        offered = content["metadata"]["_jupyter_types_experimental"]
        for offer in offered:
            completed = typed[: offer["start"]] + offer["text"]
            assert offer["start"] == len(typed) or completed.startswith(typed), f"{typed!r} would become {completed!r}"
        return [(offer["text"], offer["type"]) for offer in offered]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    home = tmp_path_factory.mktemp("home")
    own = {"KFP_JUPYTER_RUNS": home / "runs", "KFP_JUPYTER_CACHE": home / "cache", "IPYTHONDIR": home / "ipython"}
    folder = tmp_path_factory.mktemp("work")
    (folder / "data.yaml").touch()
    manager, client = start_new_kernel(
        kernel_name="python3", env={**os.environ, **{k: str(v) for k, v in own.items()}}, cwd=str(folder)
    )
    try:
        made = Kernel(client)
        for cell in CELLS:
            made.run(cell)
        yield made
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def kinds(offered: Typed) -> set[str]:
    return {kind for _, kind in offered}


def test_the_words_of_kfp_come_alone_in_their_order_and_with_their_kind(kernel: Kernel) -> None:
    able = [word for word, entry in kfp.SUBCOMMANDS.items() if entry.needs is None]  # the local engine can no more
    assert kernel.tab("%kfp ") == [(word, "command") for word in able]
    assert kernel.tab("%kfp help ") == [(word, "command") for word in kfp.SUBCOMMANDS]
    assert kernel.tab("x = 1\n%kfp at") == [("attach", "command")]


@pytest.mark.parametrize("word", ["attach", "logs", "resubmit", "delete"])
def test_runs_are_offered_newest_first(kernel: Kernel, word: str) -> None:
    offered = kernel.tab(f"%kfp {word} ")
    assert [text.rpartition("-")[0] for text, _ in offered] == ["broken", "calc"]
    assert kinds(offered) == {"run"}
    assert kernel.tab(f"%kfp {word} {offered[1][0][:-2]}") == [offered[1]]


def test_retry_offers_the_runs_that_failed(kernel: Kernel) -> None:
    assert [text.rpartition("-")[0] for text, _ in kernel.tab("%kfp retry ")] == ["broken"]


def test_logs_offers_the_steps_of_the_run_then_options(kernel: Kernel) -> None:
    run = kernel.tab("%kfp logs calc-")[0][0]
    assert kernel.tab(f"%kfp logs {run} ") == [("add", "step"), ("add-2", "step")]
    assert kernel.tab("%kfp runs ") == [("all=", "option")]
    assert kernel.tab(f"%kfp logs {run} 'loop(0:lr=1).say' ")[0][1] == "option"
    assert kernel.tab(f"%kfp logs {run} add-") == [("add-2", "step")]
    options = [text for text, _ in kernel.tab(f"%kfp logs {run} add-2 tail=3 ")]
    assert options == ["container=", "follow=", "file="]
    assert kernel.tab(f"%kfp stop {run} now=") == [("true", "value"), ("false", "value")]


@pytest.mark.parametrize(
    ("typed", "some"),
    [
        ("%kfp engine ", [("local", "engine"), ("argo", "engine")]),
        ("%kfp help ", [("engine", "command"), ("help", "command")]),
        ("%kfp doctor a", [("argo", "engine")]),
        ("%kfp engine local ", [("cache=", "option"), ("parallelism=", "option")]),
        ("%kfp engine local cache=f", [("false", "value")]),
        ("%kfp engine argo cache=false name", [("namespace=", "option")]),
        ("%kfp submit ", [("calc", "pipeline"), ("broken", "pipeline")]),
        ("%kfp compile ca", [("calc", "pipeline")]),
        ("%kfp compile calc da", [("data.yaml", "path")]),
        ("%kfp schedule ", [("calc", "pipeline"), ("suspend", "command")]),
        ("%component ", [("load", "command"), ("save", "command"), ("image=", "option")]),
        ("%component load ", [("data.yaml", "path")]),
        ("%component load data.yaml ", [("as", "command")]),
        ("%component save ", [("add", "component"), ("fail", "component")]),
        ("%component save add da", [("data.yaml", "path")]),
        ("%%component ", [("packages=", "option"), ("gpu=", "option"), ("node_selector=", "option")]),
        ("%%component cpu=2 --me", [("--memory", "option")]),
        ("%%component lang=", [("python", "value"), ("sh", "value")]),
        ("%%pipeline compact=t", [("true", "value")]),
    ],
)
def test_nothing_but_what_may_stand_there_is_offered(kernel: Kernel, typed: str, some: Typed) -> None:
    offered = kernel.tab(typed)
    assert [offer for offer in offered if offer in some] == some
    assert kinds(offered) <= {"command", "engine", "option", "value", "pipeline", "component", "path"}


def test_what_is_given_is_not_offered_again(kernel: Kernel) -> None:
    assert "cpu=" not in [text for text, _ in kernel.tab("%%component cpu=2 ")]
    assert ("cache=", "option") not in kernel.tab("%kfp engine local cache=false ")


def test_other_code_is_completed_as_ever(kernel: Kernel) -> None:
    assert ("import", "keyword") in kernel.tab("impor")
    assert "Session" in [text for text, _ in kernel.tab("%%component\nSessi")]


def test_loading_the_extension_again_offers_nothing_twice(kernel: Kernel) -> None:
    kernel.run("%reload_ext kfp_jupyter")
    assert kernel.tab("%kfp at") == [("attach", "command")]


def test_tab_does_not_wait_for_an_engine_that_does_not_answer(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for cell in (CELLS[1], CELLS[3]):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit calc").text.split()[-1]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def runs(_engine: LocalEngine, _limit: int = 100) -> Any:
        return pipe.read_bytes()

    monkeypatch.setattr(LocalEngine, "runs", runs)
    _, matches = notebook.shell.complete(None, "%kfp attach ", 12)
    assert matches == [run]
    # Whoever waits for the pipe is let go.
    os.close(os.open(pipe, os.O_RDWR))
