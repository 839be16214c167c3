"""The view and the local engine together: a run of real processes."""

from __future__ import annotations

from pathlib import Path

from kfp_jupyter.engines.registry import get_engine
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.run_view import RunView
from tests.engines.workflows import python_step, task, workflow
from tests.widget.page import Page
from tests.widget.views import until

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
    assert "0.9" in Page(view).details
    assert "<h1>Good</h1>" in Page(view).details
    view.close()


def test_what_failed_is_run_again_and_what_succeeded_is_kept(tmp_path: Path) -> None:
    ready, loads = tmp_path / "ready", tmp_path / "loads"
    steps = [
        python_step("load", f"open({str(loads)!r}, 'a').write('once ')"),
        python_step("train", f"open({str(ready)!r}).close()\nprint('trained')"),
    ]
    compiled = workflow(*steps, tasks=[task("load"), task("train", "load")])
    view = RunView(lambda: compiled, {"local": lambda: get_engine("local", root=tmp_path / "runs")})
    run = view.submit()
    view.wait(120)
    assert "<b>train</b> failed: FileNotFoundError: " in Page(view).banner

    ready.touch()
    view.retry_run()
    state = view.wait(120)

    assert state is not None
    assert (state.phase, view.run) == (Phase.SUCCEEDED, run)
    assert "2 of 2 steps done" in Page(view).progress
    assert Page(view).banner == ""
    assert loads.read_text() == "once "
    view.close()


def test_a_run_that_is_stopped_reads_stopped(tmp_path: Path) -> None:
    compiled = workflow(python_step("wait", "import time\ntime.sleep(600)"), tasks=[task("wait")])
    view = RunView(lambda: compiled, {"local": lambda: get_engine("local", root=tmp_path)})
    view.submit()
    until(lambda: "1 running" in Page(view).progress)

    view.stop_run()
    view.wait(120)

    assert ">Stopped</span>" in Page(view).progress
    assert "The run was stopped; <b>wait</b> was running." in Page(view).banner
    view.close()
