"""``%kfp runs`` and ``%kfp`` name a run that can't be read and show all others."""

from __future__ import annotations

import json

import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs
from tests.engines.workflows import command_step, workflow
from tests.magics.conftest import Notebook


@pytest.mark.parametrize("state", ["[]", "{}", '{"status": ', "[" * 100_000])
def test_an_odd_run_is_named_and_the_others_are_shown(notebook: Notebook, state: str) -> None:
    runs = Runs(LocalEngine())
    good, bad = (runs.start(workflow(command_step("step", "true"))) for _ in range(2))
    for run in (good, bad):
        assert runs.finish(run).phase is Phase.SUCCEEDED
    (runs.directory(bad) / "summary.json").write_text(json.dumps({"phase": "Paused"}))
    (runs.directory(bad) / "workflow.json").write_text(state)
    ran = notebook.run("%kfp runs")
    assert ran.error is None, ran.printed
    assert good.id in ran.text
    assert f"The run {bad.id} can't be listed." in ran.text
    assert notebook.run("%kfp").error is None
