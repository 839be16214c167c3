"""A step's inputs and outputs under its component's names."""

from __future__ import annotations

import json
from typing import Any

from kfp_jupyter.workflow.step_io import Rows, inputs_of, outputs_of
from kfp_jupyter.workflow.views import Template

VALUES, FILES = {"seed": "7", "load-rows": "426"}, ("load-train", "extra")
MADE, MADE_FILES = {"train-2-accuracy": "0.97"}, ("train-2-accuracy", "train-2-model", "main-logs")


def template(**annotations: Any) -> Template:
    raw = {
        "name": "train-2",
        "inputs": {
            "artifacts": [{"name": "load-train", "path": "/tmp/inputs/train/data"}, {"name": "extra", "path": "/x"}]
        },
        "metadata": {"annotations": {f"pipelines.kubeflow.org/{key}": value for key, value in annotations.items()}},
    }
    return Template(raw)


def given(made: Template) -> Rows:
    return inputs_of(made, VALUES, FILES)


def test_inputs_have_the_components_names_and_constants_are_among_them() -> None:
    arguments = {"kind": "forest", "seed": "{{inputs.parameters.seed}}", "note": "{{inputs.parameters.load-rows}} rows"}
    made = template(**{"component_spec": "{}", "arguments.parameters": json.dumps(arguments)})
    assert given(made) == [
        ("kind", "forest"), ("seed", "7"), ("note", "426 rows"), ("train", None), ("extra", None),
    ]  # fmt: skip


def test_outputs_lose_the_tasks_name_and_what_is_shown_elsewhere() -> None:
    assert outputs_of(template(), MADE, MADE_FILES, {"main-logs"}) == [("accuracy", "0.97"), ("model", None)]


def test_without_annotations_the_workflows_names_stay() -> None:
    plain = [("seed", "7"), ("load-rows", "426"), ("load-train", None), ("extra", None)]
    assert given(Template({})) == plain
    assert given(template())[:2] == plain[:2]
    broken = template(**{"component_spec": "{}", "arguments.parameters": "{"})
    assert given(broken)[:2] == plain[:2]
    assert outputs_of(Template({}), MADE, MADE_FILES, ())[0] == ("train-2-accuracy", "0.97")
