"""Run the quickstart notebook in a real kernel, submit its pipeline and print each step as it changes.

This is what ``make demo`` runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase, RunState, parse_metrics
from kfp_jupyter.workflow.dialect import DISPLAY_NAME

NOTEBOOK = Path(__file__).parent / "01-quickstart.ipynb"
METRICS = "mlpipeline-metrics"
SUBMIT = "%kfp submit breast_cancer"


def main() -> int:
    """Run it; return the exit code."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    print(f"running {NOTEBOOK.name}")
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        submit = nbformat.v4.new_code_cell(SUBMIT)
        notebook.cells.append(submit)
        client.execute_cell(submit, len(notebook.cells) - 1)
    engine = LocalEngine()
    run = engine.get(_shown(submit).split()[-1])
    print(f"run {run.id}")
    titles = _titles(engine, run)
    state = _follow(engine, run, titles)
    _print_metrics(engine, run, state, titles)
    print("\nOpen it yourself: make lab, then run all cells and press Submit run.")
    return 0 if state.phase is Phase.SUCCEEDED else 1


def _shown(cell: nbformat.NotebookNode) -> str:
    return "\n".join(output["data"]["text/plain"] for output in cell.outputs if "data" in output)


def _titles(engine: LocalEngine, run: RunRef) -> dict[str, str]:
    """Return what people call the step of each template that has another name for them."""
    annotations = {
        t["name"]: t.get("metadata", {}).get("annotations", {}) for t in engine.workflow(run)["spec"]["templates"]
    }
    return {name: entry[DISPLAY_NAME] for name, entry in annotations.items() if DISPLAY_NAME in entry}


def _follow(engine: LocalEngine, run: RunRef, titles: dict[str, str]) -> RunState:
    """Print each change until the run has ended; return its last state."""
    seen: dict[str, Phase] = {}
    for state in engine.watch(run, CancelToken()):
        for step in state.steps:
            if seen.get(step.id) is not step.phase:
                seen[step.id] = step.phase
                note = f"  {step.message}" if step.message else "  (from the cache)" if step.cached else ""
                print(f"  {titles.get(step.template, step.display_name):<24} {step.phase.value}{note}", flush=True)
    print(f"run {state.phase.value.lower()} after {state.seconds(state.finished_at):.1f} s")  # type: ignore[arg-type]
    return state


def _print_metrics(engine: LocalEngine, run: RunRef, state: RunState, titles: dict[str, str]) -> None:
    for step in state.steps:
        if METRICS in step.output_artifacts:
            for metric in parse_metrics(engine.read_artifact(run, step.id, METRICS)):
                title = titles.get(step.template, step.display_name)
                print(f"  {title:<24} {metric.name:<16} {metric.format_value()}")


if __name__ == "__main__":
    sys.exit(main())
