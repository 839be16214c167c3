"""The compact form: one template a component."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
import yaml

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.yaml_writer import to_yaml


@components.create_component_from_func
def add(a: float, b: float = 2) -> float:
    """Add two numbers."""
    return a + b


@components.create_component_from_func
def write(text: str, data_path: components.OutputPath("Text")) -> NamedTuple("Written", [("size", int)]):  # type: ignore[valid-type]
    with open(data_path, "w") as file:
        file.write(text)
    return (len(text),)


@components.create_component_from_func
def read(data_path: components.InputPath("Text"), label: str = "") -> str:  # type: ignore[valid-type]
    with open(data_path) as file:
        return label + file.read()


optional = components.load_component_from_text("""
name: Optional
inputs: [{name: verbose, type: Boolean, default: "False"}, {name: x}]
implementation:
  container:
    image: busybox
    command: [echo, {inputValue: x}]
    args: [{if: {cond: {inputValue: verbose}, then: [-v]}}]
""")


def compiled(function: Any) -> dict[str, Any]:
    return Compiler(compact=True).workflow(dsl.Pipeline(function))


def templates(workflow: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {template["name"]: template for template in workflow["spec"]["templates"]}


def chain(length: int) -> Any:
    def pipeline(x: float = 1) -> None:
        task = add(x)
        for number in range(length - 1):
            task = add(task.output, number)

    return pipeline


def test_tasks_of_one_component_share_a_template() -> None:
    made = templates(compiled(chain(5)))

    # What the first four hand on is wanted by value, what the last makes is wanted by nobody.
    assert sorted(made) == ["add", "add-5", "pipeline"]
    assert made["add"]["inputs"]["parameters"] == [{"name": "a"}, {"name": "b"}]
    assert made["add"]["outputs"]["parameters"] == [
        {"name": "Output", "valueFrom": {"path": "/tmp/outputs/Output/data"}}
    ]
    third = made["pipeline"]["dag"]["tasks"][2]
    assert third == {
        "name": "add-3",
        "template": "add",
        "dependencies": ["add-2"],
        "arguments": {
            "parameters": [
                {"name": "a", "value": "{{tasks.add-2.outputs.parameters.Output}}"},
                {"name": "b", "value": "1"},
            ]
        },
    }


def test_files_and_text_are_handed_over_too() -> None:
    def pipeline(text: str = "x") -> None:
        written = write(f"<{text}>")
        read(written.outputs["data"], label=f"{written.outputs['size']}: ")
        read("literal")

    made = templates(compiled(pipeline))

    assert made["read"]["inputs"]["artifacts"] == [{"name": "data", "path": "/tmp/inputs/data/data"}]
    tasks = {task["name"]: task for task in made["pipeline"]["dag"]["tasks"]}
    assert tasks["write"]["arguments"]["parameters"] == [{"name": "text", "value": "<{{inputs.parameters.text}}>"}]
    assert tasks["read"]["arguments"] == {
        "parameters": [{"name": "label", "value": "{{tasks.write.outputs.parameters.size}}: "}],
        "artifacts": [{"name": "data", "from": "{{tasks.write.outputs.artifacts.data}}"}],
    }
    assert tasks["read-2"]["arguments"]["artifacts"] == [{"name": "data", "raw": {"data": "literal"}}]


def test_values_cross_groups() -> None:
    def pipeline(x: float = 1) -> None:
        first = add(x)
        with dsl.Condition(first.output > 2), dsl.ParallelFor([{"n": 1}, {"n": 2}]) as item:
            add(first.output, item.n)

    made = templates(compiled(pipeline))

    (condition,) = (task for task in made["pipeline"]["dag"]["tasks"] if "when" in task)
    assert condition["when"] == "{{tasks.add.outputs.parameters.Output}} > 2"
    assert condition["arguments"]["parameters"] == [
        {"name": "add-Output", "value": "{{tasks.add.outputs.parameters.Output}}"}
    ]
    (inner,) = made["for-loop-3"]["dag"]["tasks"]
    assert inner["arguments"]["parameters"] == [
        {"name": "a", "value": "{{inputs.parameters.add-Output}}"},
        {"name": "b", "value": "{{inputs.parameters.loop-item-param-2-subvar-n}}"},
    ]


def test_tasks_with_settings_of_their_own_have_templates_of_their_own() -> None:
    def pipeline(cpu: str = "1") -> None:
        add(1, 1)
        add(1, 2)
        add(2, 2).set_memory_limit("1Gi")
        add(3, 3).set_cpu_limit(cpu)
        changed = add(4, 4)
        changed.arguments = ["--a", "5", "--b", "6"]

    made = templates(compiled(pipeline))
    tasks = {task["name"]: task["template"] for task in made["pipeline"]["dag"]["tasks"]}

    assert tasks == {"add": "add", "add-2": "add", "add-3": "add-3", "add-4": "add-4", "add-5": "add-5"}
    assert made["add-3"]["container"]["resources"] == {"limits": {"memory": "1Gi"}}
    assert "{{inputs.parameters.cpu}}" in made["add-4"]["podSpecPatch"]
    assert made["add-5"]["container"]["args"] == ["--a", "5", "--b", "6"]


@pytest.mark.parametrize("compact", [False, True])
def test_a_parameter_in_a_display_name_is_handed_to_the_task(compact: bool) -> None:
    def pipeline(city: str = "Rome") -> None:
        add(1, 2).set_display_name(f"Add for {city}")

    made = templates(Compiler(compact=compact).workflow(dsl.Pipeline(pipeline)))

    assert made["add"]["inputs"]["parameters"] == [{"name": "city"}]
    (task,) = made["pipeline"]["dag"]["tasks"]
    assert task["arguments"]["parameters"] == [{"name": "city", "value": "{{inputs.parameters.city}}"}]


def test_a_command_line_that_depends_on_values_is_kept() -> None:
    def pipeline() -> None:
        optional(x="quiet")
        optional(x="loud", verbose=True)

    made = templates(compiled(pipeline))

    assert [made[name]["container"]["args"] for name in ("optional", "optional-2")] == [[], ["-v"]]


def test_a_thousand_tasks_are_less_than_a_megabyte() -> None:
    text = to_yaml(compiled(chain(1000)))

    assert len(text.encode()) <= 1_000_000
    assert len(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["spec"]["templates"]) == 3


def test_a_workflow_that_etcd_would_refuse_is_remarked() -> None:
    with pytest.warns(dsl.PipelineWarning, match=r"MiB.*Compiler\(compact=True\)"):
        workflow = Compiler().workflow(dsl.Pipeline(chain(700)))

    assert len(json.dumps(workflow)) > 1.5 * 2**20


@pytest.mark.filterwarnings("error")
def test_many_short_tasks_that_etcd_would_take_are_not_remarked() -> None:
    one = components.load_component_from_text("{name: one, implementation: {container: {image: i, command: [c]}}}")
    workflow = Compiler(compact=True).workflow(dsl.Pipeline(lambda: [one() for _ in range(10_000)] and None, "many"))

    assert len(json.dumps(workflow)) < 1.5 * 2**20


def test_what_a_cluster_could_not_store_is_submitted_in_the_compact_form() -> None:
    made = Compiler().compiled_to_submit(chain(600))
    assert len(made.workflow["spec"]["templates"]) == 3
    (note,) = made.notes
    assert note.message == (
        "In the normal form the Workflow is larger than 1.7 MiB, but Kubernetes accepts 1.5 MiB at most: "
        "it is compiled in the compact form, with one template per component."
    )


def test_what_a_cluster_can_store_is_submitted_as_it_is_compiled() -> None:
    made = Compiler().compiled_to_submit(chain(5))
    assert len(made.workflow["spec"]["templates"]) == 6
    assert made.notes == ()
    assert len(Compiler(compact=True).compiled_to_submit(chain(5)).workflow["spec"]["templates"]) == 3


def test_what_is_too_large_in_the_compact_form_too_is_to_be_split() -> None:
    made = Compiler().compiled_to_submit(chain(9_000))
    assert [note.message.rpartition(". ")[2] for note in made.notes][1:] == ["Split the pipeline."]


def test_people_who_compile_themselves_have_the_form_they_ask_for() -> None:
    with pytest.warns(UserWarning, match=r"larger than 1\.7 MiB.*Compile it in the compact form"):
        assert len(Compiler().workflow(chain(600))["spec"]["templates"]) == 601
