"""Wiring a pipeline in Python."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import kfp_jupyter as kfp
from kfp_jupyter import dsl
from kfp_jupyter.dsl.placeholders import Reference, placeholder, references
from kfp_jupyter.errors import PipelineError


@kfp.components.create_component_from_func
def add(a: float, b: float = 2) -> float:
    return a + b


@kfp.components.create_component_from_func
def split(text: str) -> NamedTuple("Outputs", [("head", str), ("tail", list), ("mlpipeline_metrics", "Metrics")]):  # type: ignore[valid-type]  # noqa: F821, UP037
    return (text[:1], [text[1:]], "{}")


def graph(function: Any) -> Any:
    return dsl.Pipeline(function).graph()


def test_calling_a_component_makes_a_task_inside_a_pipeline_only() -> None:
    assert add(1, 2) == 3
    made = graph(lambda: add(1, 2))
    assert list(made.tasks) == ["add"]
    assert made.tasks["add"].component.arguments == {"a": "1", "b": "2"}


def test_an_output_formatted_into_text_is_a_reference() -> None:
    def pipeline(name: str = "x") -> None:
        head = split("abc").outputs["head"]
        split(f"{head}-{name}!")

    head, name = Reference("split", "head"), Reference("", "name")
    second = graph(pipeline).tasks["split-2"]
    assert second.component.arguments["text"] == f"{placeholder(head)}-{placeholder(name)}!"
    assert second.references == (head, name)


def test_text_without_placeholders_holds_no_references() -> None:
    assert list(references("{{pipelineparam}} {{x}}")) == []


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (lambda: add(b=1), ["missing a required argument", "'a'", "'Add'"]),
        (lambda: add(1, c=3), ["unexpected keyword argument 'c'"]),
        (lambda: add("abc"), ["'abc'", "input 'a'", "Float"]),
        (lambda: split(3), ["3", "input 'text'", "int", "String"]),
        (lambda: add(split("x").outputs["head"]), ["output 'head'", "String", "input 'a'", "Float"]),
        (lambda: add(split("x").outputs["nose"]), ["no output 'nose'", "'head', 'tail'"]),
        (lambda: add(split("x").output), ["2 outputs", '.outputs["head"]']),
        (lambda: add(split("x")), ["task 'split' itself", ".output"]),
        (lambda: add(split("x").outputs["mlpipeline_metrics"]), ["'mlpipeline_metrics'", "can't be passed on"]),
        (lambda: add(1).after("add"), [".after()", "'add'", "no task"]),
        (lambda: add(None), ["None", "input 'a'", "not optional"]),
        (lambda: split(f"x {add(1)}"), ["'add'", "formatted into the string", "input 'text'", ".output"]),
        (lambda: float(add(1).output), ["no value yet"]),
        (lambda: list(add(1).output), ["no value yet"]),
        (lambda: None, ["has no tasks"]),
    ],
)
def test_wrong_wiring_is_said_with_the_line(wire: Any, words: list[str]) -> None:
    with pytest.raises(PipelineError) as caught:
        graph(wire)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_an_output_of_another_pipeline_is_refused() -> None:
    kept: list[Any] = []
    graph(lambda: kept.append(add(1)))
    graph(lambda: kept.append(add(2)))

    def pipeline() -> None:
        split("x")
        add(kept[0].output)

    with pytest.raises(PipelineError, match="not in this pipeline"):
        graph(pipeline)


def test_tasks_that_wait_for_each_other_are_refused() -> None:
    def pipeline() -> None:
        first = add(1)
        first.after(add(first.output))

    with pytest.raises(PipelineError, match=r"add → add-2|add-2 → add"):
        graph(pipeline)


def test_a_pipeline_called_inside_another_gives_it_its_tasks() -> None:
    inner = dsl.pipeline(name="inner")(lambda: add(1))

    def outer() -> None:
        inner()
        add(2)

    assert list(graph(outer).tasks) == ["add", "add-2"]
    with pytest.raises(PipelineError, match="outside a pipeline"):
        inner()


def test_parameters_come_from_the_signature() -> None:
    def pipeline(n: int = 3, items: list = [1], flag: bool = False, nothing: str = None, bare="7", must: float = 1):  # type: ignore[no-untyped-def,type-arg,assignment]  # noqa: ANN001, ANN202, B006, RUF013
        add(must)

    assert [(p.name, p.type, p.default) for p in dsl.Pipeline(pipeline).parameters()] == [
        ("n", "Integer", "3"), ("items", "JsonArray", "[1]"), ("flag", "Boolean", "False"),
        ("nothing", "String", None), ("bare", None, "7"), ("must", "Float", "1"),
    ]  # fmt: skip
