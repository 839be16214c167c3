"""Every golden pipeline compiles to what kfp 1.8.24 makes of it.

``pytest tests/compiler --regenerate`` asks kfp again.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from kfp_jupyter.compiler import Compiler
from tests.oracle import compile_with_kfp

GOLDEN = Path(__file__).parents[1] / "golden"
SOURCES = sorted(path for path in GOLDEN.glob("*.py"))
PREFIX = "pipelines.kubeflow.org/"
JSON_ANNOTATIONS = {PREFIX + "component_spec", PREFIX + "pipeline_spec", PREFIX + "arguments.parameters"}
NOT_COMPARED = {PREFIX + "kfp_sdk_version", PREFIX + "pipeline_compilation_time"}


def comparable(workflow: dict[str, Any]) -> dict[str, Any]:
    """Return a Workflow without what may differ: SDK name, time, program text, order of templates."""
    spec = workflow["spec"]
    spec["templates"].sort(key=lambda template: template["name"])
    for thing in (workflow, *spec["templates"]):
        metadata = thing.get("metadata", {})
        for kind in ("annotations", "labels"):
            for key in NOT_COMPARED & set(metadata.get(kind, {})):
                metadata[kind][key] = "…"
        for key in JSON_ANNOTATIONS & set(metadata.get("annotations", {})):
            metadata["annotations"][key] = json.loads(metadata["annotations"][key])
        component = metadata.get("annotations", {}).get(PREFIX + "component_spec")
        for container in (thing.get("container"), component and component["implementation"]["container"]):
            if container and "python3 -u" in container["command"][-2]:
                container["command"][-1] = "…"
    return workflow


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_pipeline_compiles_as_kfp_compiles_it(source: Path, regenerate: bool) -> None:
    golden = source.with_suffix(".yaml")
    if regenerate:
        compile_with_kfp(source, golden)
    pipeline = runpy.run_path(str(source))["pipeline"]
    assert comparable(Compiler().workflow(pipeline)) == comparable(yaml.safe_load(golden.read_text()))
