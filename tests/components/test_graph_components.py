"""Components that are graphs of others."""

# Functions as people write them.
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kfp_jupyter import dsl
from kfp_jupyter.components import (
    ComponentStore,
    InputPath,
    create_component_from_func,
    create_graph_component_from_pipeline_func,
    load_component_from_file,
    load_component_from_text,
)
from kfp_jupyter.errors import ComponentError, PipelineError
from tests.components.conftest import Site

MAKE = """name: Make {name}
inputs:
- {{name: Row count, type: Integer, default: '5'}}
- {{name: note, optional: true}}
outputs:
- {{name: Table, type: CSV}}
- {{name: log}}
implementation:
  container:
    image: alpine
    command:
    - make
    - {{inputValue: Row count}}
    - {{if: {{cond: {{isPresent: note}}, then: [{{inputValue: note}}]}}}}
    - {{outputPath: Table}}
    - {{outputPath: log}}
"""
make = load_component_from_text(MAKE.format(name="rows"))


@create_component_from_func
def use(table: InputPath("CSV"), n: int = 3) -> NamedTuple("O", [("result", str), ("count", int)]):  # type: ignore[valid-type]
    return ("", 1)


def inner(p: int, q: str = "d") -> Any:
    """Makes and uses."""
    made = make(p)
    used = use(made.outputs["Table"], n=4)
    return {"r": used.outputs["result"], "log": made.outputs["log"]}


inner.__annotations__.pop("return")


def tasks_of(function: Any) -> dict[str, Any]:
    """Return the tasks of a pipeline, by name."""
    return dict(dsl.Pipeline(function).graph().tasks)


def test_a_function_of_components_becomes_a_graph() -> None:
    component = create_graph_component_from_pipeline_func(inner, annotations={"k": "v"})
    reference = {"digest": make.reference.digest}
    assert component.component_spec.to_dict() == {
        "name": "Inner",
        "description": "Makes and uses.",
        "metadata": {"annotations": {"k": "v"}},
        "inputs": [{"name": "p", "type": "Integer"}, {"name": "q", "type": "String", "default": "d", "optional": True}],
        "outputs": [{"name": "r", "type": "String"}, {"name": "log"}],
        "implementation": {"graph": {
            "tasks": {
                "Make rows": {
                    "componentRef": reference, "arguments": {"Row count": {"graphInput": {"inputName": "p"}}},
                },
                "Use": {
                    "componentRef": {"spec": use.component_spec.to_dict()},
                    "arguments": {
                        "table": {"taskOutput": {"outputName": "Table", "taskId": "Make rows", "type": "CSV"}},
                        "n": "4",
                    },
                },
            },
            "outputValues": {
                "r": {"taskOutput": {"outputName": "result", "taskId": "Use", "type": "String"}},
                "log": {"taskOutput": {"outputName": "log", "taskId": "Make rows"}},
            },
        }},
    }  # fmt: skip


def test_components_are_embedded_when_asked_and_the_file_stands_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "graph.yaml"
    component = create_graph_component_from_pipeline_func(inner, file, embed_component_specs=True)
    loaded = load_component_from_file(file)
    assert loaded.component_spec == component.component_spec
    assert list(tasks_of(lambda: loaded(1))) == ["make-rows", "use"]


def test_a_graph_that_was_made_here_needs_no_search_for_its_components() -> None:
    component = create_graph_component_from_pipeline_func(inner)
    assert list(tasks_of(lambda: component(1))) == ["make-rows", "use"]


def one() -> str:
    return use("x").outputs["result"]  # type: ignore[no-any-return]


def two() -> NamedTuple("O", [("x", str), ("y", int)]):  # type: ignore[valid-type]
    used = use("x")
    again = use(used.output if False else "y", n=used.outputs["count"])
    return (used.outputs["result"], again.outputs["count"])


def loose(a, b: float = 2):  # type: ignore[no-untyped-def]
    used = use(a)
    return used.outputs["result"], used.outputs["count"]


@pytest.mark.parametrize(
    ("function", "outputs"),
    [(one, ["Output"]), (two, ["x", "y"]), (loose, ["result", "count"])],
)
def test_outputs_are_named_by_the_signature_or_by_the_tasks(function: Any, outputs: list[str]) -> None:
    spec = create_graph_component_from_pipeline_func(function).component_spec
    assert [output.name for output in spec.outputs] == outputs
    assert list(spec.implementation.graph.output_values) == outputs  # type: ignore[union-attr, arg-type]


def test_in_a_pipeline_every_task_of_it_is_a_task() -> None:
    component = create_graph_component_from_pipeline_func(inner)

    def pipeline(k: int = 3) -> None:
        first = component(k)
        second = component(p=7).after(first.tasks["Use"])
        use(first.outputs["log"], n=2)
        assert second.task_arguments == {"p": 7}
        with pytest.raises(PipelineError, match="no output 'nose'"):
            first.outputs["nose"]
        with pytest.raises(PipelineError, match="2 outputs"):
            _ = first.output

    tasks = tasks_of(pipeline)
    assert list(tasks) == ["make-rows", "use", "make-rows-2", "use-2", "use-3"]
    assert tasks["make-rows-2"].after == tasks["use-2"].after == ("use",)


def test_a_graph_in_a_graph_is_taken_apart() -> None:
    component = create_graph_component_from_pipeline_func(inner)

    def outer(z: int):  # type: ignore[no-untyped-def]
        made = component(z)
        return [use(made.outputs["log"]).outputs["count"]]

    spec = create_graph_component_from_pipeline_func(outer, embed_component_specs=True).component_spec
    assert list(spec.implementation.graph.tasks) == ["Make rows", "Use", "Use 2"]  # type: ignore[union-attr]


def test_outside_of_a_pipeline_the_function_runs() -> None:
    def calls(a: int) -> None:
        seen.append(use("x", n=a))

    seen: list[Any] = []
    component = create_graph_component_from_pipeline_func(calls)
    component(4)
    assert seen[1] == ("", 1)


YAML = """name: My graph
inputs: [{name: n, type: Integer, default: '7'}, {name: note, optional: true}]
outputs: [{name: final}]
implementation:
  graph:
    tasks:
      last:
        componentRef: {url: %(url)s}
        arguments: {Row count: {graphInput: {inputName: n}}, note: {taskOutput: {taskId: first, outputName: log}}}
      first:
        componentRef: {url: %(url)s, digest: abc}
        arguments: {Row count: 11, note: {graphInput: {inputName: note}}}
    outputValues:
      final: {taskOutput: {taskId: last, outputName: Table}}
"""


def test_a_graph_from_a_file_runs_in_the_order_of_its_data(site: Site) -> None:
    site.pages["/make.yaml"] = MAKE.format(name="it").encode()
    component = load_component_from_text(YAML % {"url": f"{site.url}/make.yaml"})

    def pipeline() -> None:
        task = component()
        assert task.output is task.outputs["final"]
        component(n=1, note="given")

    tasks = tasks_of(pipeline)
    assert list(tasks) == ["make-it", "make-it-2", "make-it-3", "make-it-4"]
    commands = [[word for word in task.container["command"] if "/tmp" not in word] for task in tasks.values()]
    assert [len(command) for command in commands] == [2, 3, 3, 3]


def test_what_a_graph_says_without_effect_is_told() -> None:
    component = load_component_from_text(
        """{name: G, implementation: {graph: {tasks: {only: {isEnabled: false, componentRef: {spec:
        {name: C, implementation: {container: {image: i}}}}}}}}}"""
    )
    with pytest.warns(UserWarning, match="isEnabled of the graph's task 'only' has no effect"):
        assert list(tasks_of(lambda: [component()])) == ["c"]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: use("x").set_memory_limit("1G"), "no 'set_memory_limit'"),
        (lambda: use(use("x").outputs["count"]), "type Integer was passed to input 'table'.*takes CSV"),
        (lambda: use(use("x")), "task 'Use' itself"),
        (lambda: use("x").outputs["nose"], "no output 'nose'.*'result', 'count'"),
        (lambda: use("x").output, "2 outputs"),
        (lambda: [3], "3"),
        (lambda: 3, "returned 3"),
        (lambda: use(f"{use('x').outputs['count']}"), "formatted into a string"),
        (lambda: use(n=3), "missing a required argument"),
        (lambda: use("x", n=1.5), "1.5.*Integer"),
    ],
)
def test_wrong_wiring_is_said(function: Any, words: str) -> None:
    with pytest.raises(PipelineError, match=words):
        create_graph_component_from_pipeline_func(function)


def test_a_parameter_that_is_a_file_is_refused() -> None:
    def takes_file(table_path: InputPath("CSV")): ...  # type: ignore[no-untyped-def, valid-type]

    takes_file.__annotations__["table_path"] = InputPath("CSV")
    with pytest.raises(ComponentError, match=r"'table_path'.*is a file"):
        create_graph_component_from_pipeline_func(takes_file)


ALONE = """
import sys
from kfp_jupyter import compiler, components, dsl

graph = components.load_component_from_text(sys.argv[1])

@dsl.pipeline(name="p")
def p():
    graph()

print(*(template["name"] for template in compiler.Compiler().workflow(p)["spec"]["templates"]))
"""


@pytest.mark.parametrize("reference", ["url: {url}/one.yaml", "url: one.yaml", "name: group/one"])
def test_the_components_of_a_graph_are_found_in_a_program_that_never_mentions_the_store(
    reference: str, site: Site, tmp_path: Path
) -> None:
    one = "{name: One, implementation: {container: {image: i}}}"
    site.pages["/one.yaml"] = one.encode()
    (tmp_path / "one.yaml").write_text(one)
    (tmp_path / "group" / "one").mkdir(parents=True)
    (tmp_path / "group" / "one" / "component.yaml").write_text(one)
    where = reference.format(url=site.url)
    graph = f"{{name: G, implementation: {{graph: {{tasks: {{only: {{componentRef: {{{where}}}}}}}}}}}}}"

    done = subprocess.run(
        [sys.executable, "-c", ALONE, graph], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == ["one", "p"], done.stderr


def test_a_component_that_is_not_found_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ComponentStore, "default_store", ComponentStore(["/nowhere"]))
    text = YAML % {"url": "x"}
    component = load_component_from_text(
        text.replace("{url: x}", "{name: group/make}").replace("url: x, ", "name: y, ")
    )
    with pytest.raises(ComponentError, match=r"'y' was not found\. Tried: /nowhere/y/versions/sha256/abc"):
        tasks_of(lambda: [component()])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [("{}", "task 'only' of the graph component 'G' has no value for the input 'a'"),
     ("{a: 1, b: 2}", "is given 'b', which is not an input of component 'C'")],
)  # fmt: skip
def test_a_task_of_a_graph_with_wrong_arguments_is_named(arguments: str, words: str) -> None:
    text = f"""{{name: G, implementation: {{graph: {{tasks: {{only: {{arguments: {arguments}, componentRef: {{spec:
      {{name: C, inputs: [{{name: a}}], implementation: {{container: {{image: i}}}}}}}}}}}}}}}}}}"""
    component = load_component_from_text(text)
    with pytest.raises(PipelineError, match=words):
        tasks_of(lambda: [component()])
