"""The benchmark of compilation measures what it says, and judges by its goals."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.compiling.comparison import Comparison
from benchmarks.compiling.contenders import ALL, HERA_SHARED, KFP1, OURS, OURS_COMPACT
from benchmarks.compiling.goals import Goal, goals
from benchmarks.compiling.measuring import (
    REPOSITORY,
    ContenderFailedError,
    Figures,
    Results,
    StepFacts,
    compile_once,
    measure,
)
from benchmarks.compiling.tables import Table, tables

CHAIN, FAN = StepFacts("chain", 1_000), StepFacts("fan", 1_000)
HERE = Path(sys.executable)


def compiled(folder: Path, shape: str, count: int, form: str) -> dict[str, Any]:
    file = folder / "pipeline.yaml"
    program = [sys.executable, "-m", "benchmarks.compiling.programs.v1", shape, str(count), form, str(file)]
    subprocess.run(program, check=True, capture_output=True, cwd=REPOSITORY)
    workflow: dict[str, Any] = yaml.safe_load(file.read_text())
    return workflow


def dag_tasks(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return next(template["dag"]["tasks"] for template in workflow["spec"]["templates"] if "dag" in template)


def results(**seconds: float) -> Results:
    contenders = {"ours": OURS, "compact": OURS_COMPACT, "kfp1": KFP1, "hera": HERA_SHARED}
    return Results(
        {contender.name: [0.05, 0.07, 0.06] for contender in ALL},
        {(contenders[name].name, CHAIN): [Figures(value, 50 * 2**20, 900_000)] for name, value in seconds.items()},
    )


def goal(found: Results, what: str) -> Goal:
    return next(goal for goal in goals(found) if what in goal.what)


@pytest.mark.parametrize("form", ["normal", "compact"])
def test_a_chain_hands_each_task_the_output_of_the_one_before(tmp_path: Path, form: str) -> None:
    tasks = {task["name"]: task.get("dependencies", []) for task in dag_tasks(compiled(tmp_path, "chain", 4, form))}
    assert tasks == {"add": [], "add-2": ["add"], "add-3": ["add-2"], "add-4": ["add-3"]}


@pytest.mark.parametrize("form", ["normal", "compact"])
def test_a_fan_hands_all_tasks_one_output_and_the_last_all_of_theirs(tmp_path: Path, form: str) -> None:
    tasks = {task["name"]: task.get("dependencies", []) for task in dag_tasks(compiled(tmp_path, "fan", 4, form))}
    assert tasks == {"add": [], "add-2": ["add"], "add-3": ["add"], "gather": ["add-2", "add-3"]}


def test_a_compilation_is_measured_in_a_process_of_its_own() -> None:
    figures = compile_once(HERE, OURS, StepFacts("chain", 10))
    assert figures.seconds > 0
    assert figures.peak > 2**20
    assert figures.written > 1_000


def test_a_contender_that_fails_says_why() -> None:
    with pytest.raises(ContenderFailedError, match="No module named"):
        compile_once(HERE, dataclasses.replace(OURS, program="nothing"), StepFacts("chain", 10))


def test_a_failure_is_kept_and_the_others_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = dataclasses.replace(OURS, name="broken", program="nothing")
    monkeypatch.setattr("benchmarks.compiling.measuring.RUNS", {10: 1})
    monkeypatch.setattr("benchmarks.compiling.measuring.IMPORTS", 1)
    found = measure([OURS, broken], [10])
    assert [case.shape for name, case in found.failures if name == "broken"] == ["chain", "fan"]
    assert found.figures(OURS, StepFacts("fan", 10))
    assert "failed" in tables(found, [OURS, broken])[0].plain()


def test_figures_are_medians() -> None:
    runs = [Figures(1, 10, 5), Figures(9, 30, 5), Figures(2, 20, 5)]
    assert Results({}, {(OURS.name, FAN): runs}).figures(OURS, FAN) == Figures(2, 20, 5)


def test_a_goal_is_judged_by_the_ratio_of_peer_and_ours() -> None:
    kfp = goal(results(ours=0.05, kfp1=6.0), "fast as kfp")
    hera = goal(results(ours=0.1, hera=0.3), "kfp_jupyter: times as fast as Hera")
    assert kfp.value == pytest.approx(120)
    assert kfp.met is True
    assert hera.value == pytest.approx(3)
    assert hera.met is False
    assert hera.row().goal == "≥ 5.0 ×, missed"


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    kfp = goal(results(ours=0.1), "fast as kfp")
    assert kfp.met is None
    assert kfp.row().value == "not measured"


def test_tables_say_how_many_times_our_time_a_peer_takes() -> None:
    time, *_ = tables(results(ours=0.1, kfp1=6.0, compact=0.05), [OURS, OURS_COMPACT, KFP1, HERA_SHARED])
    assert list(time.lines) == [
        ["import alone", "0.060", "0.060", "0.060", "0.060"],
        ["chain of 1,000", "0.100", "0.050 (0.5×)", "6.000 (60×)", "–"],
    ]


def test_a_table_is_printed_in_columns_or_as_markdown() -> None:
    table = Table("Time", ["", "ours"], [["a chain", "1"]])
    assert table.plain() == "Time\n         ours\na chain     1"
    assert table.markdown() == "**Time**\n\n|  | ours |\n| --- | ---: |\n| a chain | 1 |"


def test_the_record_has_every_run_and_every_goal() -> None:
    record = json.loads(Comparison(ALL, results(ours=0.1, hera=0.3), (0.5, 0.7)).record())
    assert record["loads"] == [0.5, 0.7]
    assert [entry["runs"][0]["seconds"] for entry in record["compilations"]] == [0.1, 0.3]
    assert {goal["met"] for goal in record["goals"]} == {True, False, None}
