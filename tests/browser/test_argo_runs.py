"""The same notebooks on a real Kubernetes: `%kfp engine argo`, a click, and every step live from its pod."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.cells import LOAD
from tests.browser.desk import Desk
from tests.browser.notebook_page import NotebookPage, OpenNotebook
from tests.cluster.running import Cluster

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "01-quickstart.ipynb"
WAIT = 300_000
"""Milliseconds: pods on a busy machine take their time."""

DRAW = """%%component
def draw(sides: int) -> int:
    print(f"drawn from {sides}")
    return sides"""
SCORE = """%%component
import json


def score(rate: float) -> NamedTuple("Outputs", [("loss", float), ("mlpipeline_metrics", "Metrics")]):
    print(f"scoring a rate of {rate}")
    metrics = {"metrics": [{"name": "loss", "numberValue": rate / 2, "format": "RAW"}]}
    return rate / 2, json.dumps(metrics)"""
PUBLISH = """%%component
def publish(value: int):
    print(value)"""
RATES = """%%pipeline name="Try some rates" params="sides: int = 6"
drawn = draw(sides)
with dsl.Condition(drawn.output > 3):
    with dsl.ParallelFor([0.1, 0.3]) as rate:
        score(rate)
with dsl.Condition(drawn.output <= 3):
    publish(drawn.output)"""

NO_SUCH_IMAGE = """%%component base_image=python:0.1
def far_away():
    print("never")"""
NO_SUCH_PIPELINE = '%%pipeline name="Far away"\ndef far():\n    far_away()'


@pytest.fixture
def on_argo(cluster: Cluster, namespace: str) -> str:
    """A cell that makes the test's cluster the notebook's."""
    return f"%env KUBECONFIG={cluster.kubeconfig}\n%kfp engine argo namespace={namespace} s3_endpoint={cluster.s3}"


@pytest.fixture
def quickstart(open_notebook: OpenNotebook, desk: Desk, on_argo: str) -> NotebookPage:
    """The quickstart with all its cells run, on the cluster."""
    notebook = open_notebook(name=desk.copy(QUICKSTART, then=on_argo))
    notebook.run_all()
    return notebook


def test_the_quickstart_runs_on_a_cluster_as_it_does_here(quickstart: NotebookPage) -> None:
    page = quickstart.page
    quickstart.submit_button.click()

    expect(quickstart.steps("running").first).to_be_visible(timeout=WAIT)
    quickstart.step("Load and split").click()
    expect(page.locator(".kfp-jupyter-log")).to_contain_text("records, 37% malignant", timeout=WAIT)
    quickstart.screenshot("argo-quickstart-running")
    expect(quickstart.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(quickstart.steps("succeeded")).to_have_count(5)
    quickstart.step("random forest").click()
    expect(page.locator(".kfp-jupyter-log")).to_contain_text("training a random forest on 426 records", timeout=WAIT)
    expect(page.locator(".kfp-jupyter-metrics")).to_contain_text("accuracy-score", timeout=WAIT)
    expect(page.locator(".kfp-jupyter-results")).to_contain_text("malignant")
    quickstart.set_size(1400, 1100)
    page.locator(".kfp-jupyter-view").scroll_into_view_if_needed()
    quickstart.screenshot("argo-quickstart-succeeded")


def test_conditions_and_loops_are_watched_to_their_end(open_notebook: OpenNotebook, on_argo: str) -> None:
    notebook = open_notebook([LOAD, on_argo, DRAW, SCORE, PUBLISH, RATES])
    notebook.run_all()
    page = notebook.page

    page.locator(".kfp-jupyter-submit").click()

    expect(notebook.steps("running").first).to_be_visible(timeout=WAIT)
    notebook.screenshot("argo-groups-running")
    expect(notebook.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(notebook.steps("succeeded")).to_have_count(2)
    expect(notebook.steps("skipped")).to_have_count(1)
    notebook.step("Score").click()
    expect(page.locator(".kfp-jupyter-log")).to_contain_text("scoring a rate of 0.", timeout=WAIT)
    expect(page.locator(".kfp-jupyter-metrics")).to_contain_text("loss", timeout=WAIT)
    notebook.set_size(1400, 1100)
    page.locator(".kfp-jupyter-view").scroll_into_view_if_needed()
    notebook.screenshot("argo-groups-succeeded")


def test_a_step_that_waits_says_why_and_its_run_is_suspended_and_stopped(
    open_notebook: OpenNotebook, on_argo: str
) -> None:
    notebook = open_notebook([LOAD, on_argo, NO_SUCH_IMAGE, NO_SUCH_PIPELINE])
    notebook.run_all()
    page = notebook.page
    page.locator(".kfp-jupyter-submit").click()

    notebook.step("Far away").click()
    told = page.locator(".kfp-jupyter-details .kfp-jupyter-message")
    expect(told).to_contain_text("python:0.1", timeout=WAIT)
    expect(notebook.step("Far away")).to_contain_text("waiting", timeout=WAIT)
    notebook.screenshot("argo-waiting")
    page.locator(".kfp-jupyter-suspend", has_text="Suspend").click()
    expect(page.locator(".kfp-jupyter-progress")).to_contain_text("Suspended", timeout=WAIT)
    notebook.screenshot("argo-suspended")
    page.locator(".kfp-jupyter-suspend", has_text="Resume").click()
    expect(page.locator(".kfp-jupyter-progress")).to_contain_text("Running", timeout=WAIT)
    page.locator(".kfp-jupyter-stop").click()
    expect(notebook.run_phase("Failed")).to_be_visible(timeout=WAIT)
    notebook.screenshot("argo-stopped")
