"""The view and the local engine together: a run of real processes."""

from __future__ import annotations

from pathlib import Path

from kfp_jupyter.engines.registry import get_engine
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.run_view import RunView
from tests.engines.workflows import python_step, task, workflow

REPORT = """
import pathlib, sys
print("569 rows")
metrics, report = sys.argv[1:]
for path, text in (
    (metrics, '{"metrics": [{"name": "accuracy", "numberValue": 0.9}]}'),
    (report, '{"outputs": [{"type": "markdown", "storage": "inline", "source": "# Good"}]}'),
):
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_text(text)
"""
FILES = {"mlpipeline-metrics": "/tmp/outputs/m/data", "mlpipeline-ui-metadata": "/tmp/outputs/u/data"}


def test_a_run_of_real_processes_is_shown_to_its_end(tmp_path: Path) -> None:
    steps = [python_step("load", "print('hello')"), python_step("report", REPORT, *FILES.values(), files=FILES)]
    compiled = workflow(*steps, tasks=[task("load"), task("report", "load")])
    view = RunView(lambda: compiled, {"local": lambda: get_engine("local", root=tmp_path)})

    assert view.submit() is not None
    state = view.wait(120)

    assert state is not None
    assert state.phase is Phase.SUCCEEDED
    assert "0.9" in view._details._results.value
    assert "<h1>Good</h1>" in view._details._results.value
    view.close()
