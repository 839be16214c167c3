"""The static picture, compared with files that people have looked at (`--regenerate` writes them anew)."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kfp_jupyter.runs import Metric, RunState, parse_workflow
from kfp_jupyter.widget.picture import MAX_STEPS, Snapshot, picture_svg, picture_text
from kfp_jupyter.widget.static_picture import StaticPicture
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import StepGraph, StepNode
from kfp_jupyter.workflow.titles import pipeline_name
from tests.widget.groups import argo_run, dag, made_of, steps
from tests.widget.memory_engine import START, node, run_state, workflow

LATER = datetime(2026, 11, 22, 15, 50, tzinfo=timezone.utc)
GOLDEN = Path(__file__).parent / "golden"
GRAPH = step_graph(workflow({"load": [], "forest": ["load"], "linear": ["load"], "compare": ["forest", "linear"]}))
STATES: dict[str, RunState | None] = {
    "preview": None,
    "running": run_state("Running", node("load", "Succeeded", cached=True), node("forest", "Running")),
    "failed": run_state(
        "Failed",
        node("load", "Succeeded"),
        node("forest", "Failed"),
        node("linear", "Error"),
        node("compare", "Omitted"),
    ),
    "stopped": run_state(
        "Failed",
        node("load", "Succeeded"),
        node("forest", "Failed", stopped=True),
        stopped=True,
    ),
    "succeeded": run_state("Succeeded", *(node(path, "Succeeded") for path in ("load", "forest", "linear", "compare"))),
}


IN_GROUPS = {"groups": "running", "groups-failed": "failed", "groups-repeated": "repeated"}
"""Golden file → the run of a pipeline in groups that it shows."""


def snapshot(name: str) -> Snapshot:
    if name in IN_GROUPS:
        run = argo_run(IN_GROUPS[name])
        state = parse_workflow(run)
        return Snapshot(pipeline_name(run), step_graph(run), state, state.finished_at or LATER)
    metrics = {"compare": [Metric("accuracy", 0.956, percentage=True)]} if name == "succeeded" else {}
    return Snapshot("Breast <cancer>", GRAPH, STATES[name], START, metrics)


@pytest.mark.parametrize("name", [*STATES, *IN_GROUPS])
@pytest.mark.parametrize(("suffix", "draw"), [("svg", picture_svg), ("txt", picture_text)])
def test_the_picture_is_as_people_have_seen_it(name: str, suffix: str, draw: object, regenerate: bool) -> None:
    assert callable(draw)
    drawn = f"{draw(snapshot(name))}\n"
    path = GOLDEN / f"{name}.{suffix}"
    if regenerate:
        path.write_text(drawn)

    assert drawn == path.read_text()


def test_a_picture_of_very_many_steps_counts_the_rest() -> None:
    many = step_graph(workflow({f"s{i}": [] for i in range(MAX_STEPS + 5)}))
    shot = dataclasses.replace(snapshot("preview"), graph=many)

    assert "and 5 more steps" in picture_svg(shot)
    assert "and 5 more steps" in picture_text(shot)


def test_a_pipeline_without_steps_has_a_picture() -> None:
    shot = Snapshot("Empty", step_graph({"spec": {}}), None, START)

    assert "<svg" in picture_svg(shot)


def test_the_output_is_not_updated_twice_within_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    now, drawn = [0.0], []

    def draw() -> dict[str, str]:
        drawn.append(now[0])
        return {"text/plain": f"at {now[0]}"}

    picture = StaticPicture(draw, clock=lambda: now[0])
    picture.show()
    now[0] = 0.5
    assert not picture.update()
    now[0] = 1.5
    assert picture.update()
    now[0] = 1.6
    assert picture.update(at_once=True)

    assert drawn == [0.0, 1.5, 1.6]
    capsys.readouterr()


def test_a_picture_cut_short_keeps_the_groups_around_what_it_shows() -> None:
    inner = [{"name": f"s{i}", "template": "s"} for i in range(MAX_STEPS + 1)]
    loop = {"name": "for-loop-1", "template": "for-loop-1", "withItems": [1, 2]}
    made = made_of(dag("main", loop), dag("for-loop-1", *inner), *steps("s"))
    shot = Snapshot("Many", step_graph(made), None, START)

    assert "Loop over [1, 2]" in picture_svg(shot)
    assert "and 1 more step" in picture_text(shot)


def test_a_picture_of_a_run_under_way_says_as_of_when() -> None:
    now = START + timedelta(seconds=9)
    shot = Snapshot("Demo", StepGraph((StepNode("a", "a", "a"),)), run_state("Running", node("a", "Running")), now)
    moment = "2026-01-02 03:04:14 UTC"

    for drawn in (picture_text(shot), picture_svg(shot)):
        assert f"9.0 s so far, as of {moment}" in drawn
        assert drawn.count("9.0 s") == drawn.count("9.0 s so far")  # the step's own clock stands still too
