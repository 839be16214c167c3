"""Pipelines in groups: a small one made here, and what a real Argo 3.7 has run of one compiled by kfp 1.8."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kfp_jupyter.runs import parse_workflow
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine

RUNS = Path(__file__).parents[1] / "runs"

HANDLED = "exit-handler-1"
HEADS = f"{HANDLED}.condition-heads-won-2"
LOOP = f"{HANDLED}.for-loop-6"
OUTER = f"{HANDLED}.for-loop-8"


def argo_run(name: str = "") -> dict[str, Any]:
    """Return a Workflow object with its status: finished, or ``running``, ``failed``, ``retried``, ``repeated``."""
    file = RUNS / (f"argo_groups_{name}.json" if name else "argo_groups.json")
    workflow: dict[str, Any] = json.loads(file.read_text())
    return workflow


def dag(name: str, *tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a DAG template."""
    return {"name": name, "dag": {"tasks": list(tasks)}, **more}


def task(name: str, *dependencies: str, template: str = "", given: dict[str, str] | None = None, **more: Any) -> Any:
    """Return a task with what it waits for and the values that it gives."""
    parameters = [{"name": key, "value": value} for key, value in (given or {}).items()]
    return {
        "name": name,
        "template": template or name,
        **({"dependencies": list(dependencies)} if dependencies else {}),
        **({"arguments": {"parameters": parameters}} if parameters else {}),
        **more,
    }


def steps(*names: str) -> list[dict[str, Any]]:
    """Return templates of steps."""
    return [{"name": name, "container": {"image": "python:3.11", "command": ["python3"]}} for name in names]


def made_of(*templates: dict[str, Any], on_exit: str = "") -> dict[str, Any]:
    """Return a Workflow whose first template is its entrypoint."""
    spec: dict[str, Any] = {"entrypoint": templates[0]["name"], "templates": list(templates)}
    return {"metadata": {"generateName": "demo-"}, "spec": {**spec, **({"onExit": on_exit} if on_exit else {})}}


def preview(name: str = "") -> RunView:
    """Return a view of the pipeline that such a run is of."""
    return RunView(lambda: {**argo_run(name), "status": {}}, {"local": MemoryEngine})


def attached(name: str = "") -> tuple[RunView, MemoryEngine]:
    """Return a view of such a run, and the engine that reports it."""
    engine, run = MemoryEngine(), argo_run(name)
    return RunView(dict, {"local": lambda: engine}, run=engine.add(run, parse_workflow(run))), engine
