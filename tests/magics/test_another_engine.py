"""A further engine is one folder and one entry of the registry: magics, view and Tab know it then."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from kfp_jupyter.engines.registry import ENGINES
from kfp_jupyter.magics.session import Session
from tests.magics.conftest import Notebook

ENGINE = '''
"""An engine whose steps greet."""

from kfp_jupyter.engines.base import Capability
from kfp_jupyter.engines.memory import MemoryEngine, MemoryRun
from kfp_jupyter.engines.options import EngineOption, OptionType
from kfp_jupyter.runs import Phase


class GreetingEngine(MemoryEngine):
    name = "greeting"
    capabilities = frozenset({Capability.SUMMARY, Capability.STOP})
    options = (EngineOption("word", OptionType.TEXT, "what steps say"),)

    def __init__(self, word: str = "hello") -> None:
        def play(run: MemoryRun) -> None:
            run.step("say", Phase.RUNNING)
            run.log("say", f"{word}, {run.arguments['name']}\\n")
            run.step("say", Phase.SUCCEEDED, exit_code=0)
            run.finish(Phase.SUCCEEDED)

        super().__init__(play)

    def stop(self, run) -> None:
        self.terminate(run)
'''
COMPONENT = "%%component\ndef say(name: str):\n    print(name)"
PIPELINE = "%%pipeline\ndef greet(name: str = 'you'):\n    say(name)"


@pytest.fixture
def another_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "greeting_engine").mkdir()
    (tmp_path / "greeting_engine" / "__init__.py").write_text(ENGINE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(ENGINES, "greeting", importlib.import_module("greeting_engine").GreetingEngine)


@pytest.fixture
def greeting(another_engine: None, notebook: Notebook) -> Notebook:
    assert notebook.run("%kfp engine greeting word=2024").error is None
    for cell in (COMPONENT, PIPELINE):
        assert notebook.run(cell).error is None
    return notebook


def test_a_run_is_submitted_listed_and_read(greeting: Notebook) -> None:
    assert greeting.run("%kfp submit greet name=me run.name=First").error is None
    view = Session.of(greeting.shell).pipelines["greet"].view
    state = view.wait(30)
    assert state is not None
    assert view.run is not None
    assert (view.run.engine, state.phase.value) == ("greeting", "Succeeded")
    assert f"{view.run.id}  First" in greeting.run("%kfp runs").text
    assert greeting.run("%kfp logs First say").printed == "2024, me\n"


def test_what_it_can_and_what_others_can_is_known(greeting: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert greeting.fails("%kfp suspend x").startswith(
        "The engine greeting can't suspend and resume runs. Engines that can: argo."
    )
    assert greeting.shell.complete(None, "%kfp su", 7)[1] == ["submit"]
    monkeypatch.setattr(ENGINES["greeting"], "capabilities", ENGINES["argo"].capabilities)
    assert greeting.shell.complete(None, "%kfp su", 7)[1] == ["submit", "suspend"]
    greeting.run("%kfp engine local")
    assert "Engines that can: argo, greeting." in greeting.fails("%kfp suspend x")


def test_tab_and_doctor_know_it(greeting: Notebook) -> None:
    assert greeting.shell.complete(None, "%kfp engine gr", 14)[1] == ["greeting"]
    assert greeting.shell.complete(None, "%kfp engine greeting ", 21)[1] == ["word="]
    assert "Engine greeting: " in greeting.run("%kfp doctor greeting").text


def test_an_option_that_it_lacks_is_told(greeting: Notebook) -> None:
    assert "has no option 'words'. Did you mean word=?" in greeting.fails("%kfp engine greeting words=x")
