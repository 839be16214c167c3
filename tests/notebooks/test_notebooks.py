"""The notebooks that we ship, in a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import NodeState, Phase, RunState, parse_metrics, parse_ui_metadata
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


class Kernel:
    """A real kernel that has run a notebook top to bottom."""

    def __init__(self, client: NotebookClient) -> None:
        self.client = client

    def run(self, source: str) -> str:
        """Run one more cell; return what it showed as text."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return "\n".join(output["data"]["text/plain"] for output in cell.outputs if "data" in output)


@contextmanager
def kernel_with(name: str) -> Iterator[Kernel]:
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    client = NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(NOTEBOOKS)}})
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        yield Kernel(client)


def run_to_end(run_id: str) -> tuple[LocalEngine, RunState]:
    engine = LocalEngine()
    return engine, list(engine.watch(engine.get(run_id), CancelToken()))[-1]


def test_the_quickstart_trains_compares_and_reports() -> None:
    with kernel_with("01-quickstart.ipynb") as kernel:
        run_id = kernel.run("%kfp submit breast_cancer").split()[-1]
    # The kernel is gone; the run goes on.
    engine, state = run_to_end(run_id)
    assert state.phase is Phase.SUCCEEDED
    steps = {step.display_name: step for step in state.steps}
    assert set(steps) == {"load-and-split", "train", "train-2", "compare", "report"}
    assert steps["load-and-split"].outputs == {}
    for name in ("train", "train-2"):
        _check_training(engine, run_id, steps[name])
    assert steps["compare"].outputs["compare-best"] in ("logistic regression", "random forest")


def _check_training(engine: LocalEngine, run_id: str, step: NodeState) -> None:
    run = engine.get(run_id)
    metrics = {m.name: m for m in parse_metrics(engine.read_artifact(run, step.id, "mlpipeline-metrics"))}
    assert set(metrics) == {"accuracy-score", "roc-auc-score"}
    assert 0.9 < metrics["accuracy-score"].value <= 1
    (matrix,) = parse_ui_metadata(engine.read_artifact(run, step.id, "mlpipeline-ui-metadata"))
    assert isinstance(matrix, ConfusionMatrix)
    assert matrix.labels == ("malignant", "benign")
    assert sum(map(sum, matrix.counts)) == 143
    log = "".join(chunk.text for chunk in engine.logs(run, step.id, follow=False, stop=CancelToken()))
    assert "accuracy 0.9" in log


def test_the_classic_tutorial_calculates() -> None:
    with kernel_with("02-classic-tutorial.ipynb") as kernel:
        run_id = kernel.run("%kfp submit calc_pipeline").split()[-1]
        _, state = run_to_end(run_id)
        listed = kernel.run("%kfp")
    assert state.phase is Phase.SUCCEEDED
    steps = {step.display_name: step for step in state.steps}
    assert steps["add"].outputs == {"add-Output": "11.0"}
    assert steps["my-divmod"].outputs == {"my-divmod-quotient": "1.0"}
    assert run_id in listed


def test_cells_without_functions_walk_and_count() -> None:
    with kernel_with("03-cells-without-functions.ipynb") as kernel:
        run_id = kernel.run("%kfp submit random_walk").split()[-1]
        _, state = run_to_end(run_id)
        assert "Several walks" in kernel.run("%kfp")
    assert state.phase is Phase.SUCCEEDED, state.message
    assert {step.display_name for step in state.steps} == {"make-series", "count-above", "say"}
    assert state.by_path()["count-above"].outputs["count-above-count"].isdecimal()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_saved_without_outputs_and_with_its_kernel(name: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") for cell in notebook.cells)
