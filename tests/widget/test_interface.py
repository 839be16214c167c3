"""A step's inputs and outputs under its component's names."""

from __future__ import annotations

import json
from typing import Any

from kfp_jupyter.runs import NodeState, Phase
from kfp_jupyter.widget.interface import inputs_of, outputs_of

NODE = NodeState(
    id="run-1", name="run.train-2", display_name="train-2", type="Pod", template="train-2", phase=Phase.SUCCEEDED,
    inputs={"seed": "7", "load-rows": "426"}, outputs={"train-2-accuracy": "0.97"},
    input_artifacts=("load-train", "extra"), output_artifacts=("train-2-accuracy", "train-2-model", "main-logs"),
)  # fmt: skip


def template(**annotations: Any) -> dict[str, Any]:
    return {
        "name": "train-2",
        "inputs": {
            "artifacts": [{"name": "load-train", "path": "/tmp/inputs/train/data"}, {"name": "extra", "path": "/x"}]
        },
        "metadata": {"annotations": {f"pipelines.kubeflow.org/{key}": value for key, value in annotations.items()}},
    }


def test_inputs_have_the_components_names_and_constants_are_among_them() -> None:
    arguments = {"kind": "forest", "seed": "{{inputs.parameters.seed}}", "note": "{{inputs.parameters.load-rows}} rows"}
    made = template(**{"component_spec": "{}", "arguments.parameters": json.dumps(arguments)})
    assert inputs_of(made, NODE) == [
        ("kind", "forest"), ("seed", "7"), ("note", "426 rows"), ("train", None), ("extra", None),
    ]  # fmt: skip


def test_outputs_lose_the_tasks_name_and_what_is_shown_elsewhere() -> None:
    assert outputs_of(template(), NODE, {"main-logs"}) == [("accuracy", "0.97"), ("model", None)]


def test_without_annotations_the_workflows_names_stay() -> None:
    plain = [("seed", "7"), ("load-rows", "426"), ("load-train", None), ("extra", None)]
    assert inputs_of({}, NODE) == plain
    assert inputs_of(template(), NODE)[:2] == plain[:2]
    broken = template(**{"component_spec": "{}", "arguments.parameters": "{"})
    assert inputs_of(broken, NODE)[:2] == plain[:2]
    assert outputs_of({}, NODE, set())[0] == ("train-2-accuracy", "0.97")
