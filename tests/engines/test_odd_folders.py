"""Runs and packages in folders with unusual names: they work, or are refused in a sentence that says what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs
from tests.engines.wheels import make_wheel
from tests.engines.workflows import Workflow, command_step, python_step, task, workflow

NAMES = {
    "outside ASCII": "h\u00e9",
    "not UTF-8": os.fsdecode(b"\xe9"),
    "a tag of the workflow": "{{workflow.name}}",
    "a tag of an input": "{{inputs.parameters.v}}",
    "blanks and quotes": "a 'b' \"c\"",
    "a shell's signs": "$HOME `id` ; & *",
    "two lines": "a\nb",
    "an option": "-x",
    "per cent": "%s%d",
    "braces": "{x}",
}


def flow(wheel: Path) -> Workflow:
    """Two steps, the first with a package; a file and a value go from one to the other."""
    where, there = "/tmp/outputs/o/data", "/tmp/inputs/i/data"
    first = python_step(
        "first", "import sys, kfpj_toy; open(sys.argv[1], 'w').write(sys.argv[2] + kfpj_toy.VERSION)",
        where, "{{inputs.parameters.v}}", parameters=["v"], outputs={"o": where}, packages=[str(wheel)],
    )  # fmt: skip
    step = python_step("step", "import sys; print(open(sys.argv[1]).read())", there, artifacts={"i": there})
    artifacts = {"i": "{{tasks.first.outputs.artifacts.o}}"}
    tasks = [task("first", parameters={"v": "{{workflow.name}} "}), task("step", "first", artifacts=artifacts)]
    return workflow(first, step, tasks=tasks)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_pipeline_with_packages_runs_in_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    if name != NAMES["not UTF-8"]:
        monkeypatch.setenv("KFP_JUPYTER_CACHE", str(tmp_path / name / "cache"))
    wheel = make_wheel(tmp_path / "wheels", "kfpj_toy")
    runs = Runs(LocalEngine(tmp_path / name / "runs", cache=False))
    state = runs.run(flow(wheel))
    assert state.phase is Phase.SUCCEEDED, state
    assert runs.log(state) == f"{state.name} 1.0\n"
    assert runs.engine.read_artifact(RunRef("local", state.id), state.by_path()["first"].id, "o") == (
        f"{state.name} 1.0".encode()
    )


def test_packages_for_a_folder_that_is_not_utf_8_are_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KFP_JUPYTER_CACHE", str(tmp_path / NAMES["not UTF-8"]))
    state = Runs(LocalEngine(tmp_path / "runs", cache=False)).run(flow(make_wheel(tmp_path / "wheels", "kfpj_toy")))
    message = state.by_path()["first"].message
    assert message.startswith(f"Packages can't be installed in {tmp_path}/\\xe9/layers: its path is not UTF-8.")
    assert "set KFP_JUPYTER_RUNS and KFP_JUPYTER_CACHE" in message


@pytest.mark.parametrize("variable", ["KFP_JUPYTER_RUNS", "KFP_JUPYTER_CACHE"])
def test_a_folder_that_no_search_path_can_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "a:b"))
    with pytest.raises(EngineError, match=rf"a:b.* holds ':', .*Set {variable} to another directory\."):
        LocalEngine().submit(workflow(command_step("step", "true")))
    assert list(tmp_path.iterdir()) == []


def test_a_path_too_long_for_the_file_system_is_not_told_as_a_full_disk(tmp_path: Path) -> None:
    engine = LocalEngine(tmp_path / ("x" * 300))
    with pytest.raises(EngineError) as caught:
        engine.submit(workflow(command_step("step", "true")))
    assert "too long" in caught.value.message
    assert "xxx… has 300 bytes" in caught.value.message
    assert caught.value.remedy == "Set KFP_JUPYTER_RUNS to a directory with a shorter path."


def test_a_directory_that_may_not_be_written_to_is_not_told_as_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as caught:
        LocalEngine(tmp_path / "file" / "runs").submit(workflow(command_step("step", "true")))
    assert caught.value.remedy == "Set KFP_JUPYTER_RUNS to a directory that you may write to."


def test_an_output_whose_name_is_too_long_says_so_at_its_step(runs: Runs) -> None:
    path = f"/tmp/outputs/{'x' * 300}/data"
    step = runs.run(workflow(python_step("step", "", files={"o": path}))).by_path()["step"]
    assert step.phase is Phase.ERROR
    assert "too long" in step.message
    assert "xxx… has 300 bytes" in step.message
