"""What Python does with values is refused for parameters, outputs and loop items, at its line and with a remedy."""

# What is refused is written as people write it.
# ruff: noqa: PLW0108, FLY002

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl.future_value import OPERATORS, FutureValue
from kfp_jupyter.errors import PipelineError


@components.create_component_from_func
def make(n: int) -> int:
    return n


@components.create_component_from_func
def several(n: int, first_path: components.OutputPath(str)) -> int:  # type: ignore[valid-type]
    return n


def parameter() -> Any:
    return dsl.PipelineParam("n")


def output() -> Any:
    return make(1).output


def refused(function: Callable[[], Any]) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        Compiler().workflow(dsl.Pipeline(function, "p"))
    assert caught.value.position is not None
    assert caught.value.position.file == __file__
    return caught.value


@pytest.mark.parametrize("compare", [lambda x: x == 1, lambda x: x < 1, lambda x: x != 1])
def test_the_result_of_a_comparison_is_no_argument(compare: Callable[[Any], Any]) -> None:
    error = refused(lambda: make(compare(parameter())))
    assert "A comparison was passed to input 'n' of component 'Make'" in str(error)
    assert "dsl.Condition" in error.remedy


def test_all_outputs_of_a_task_are_no_argument() -> None:
    error = refused(lambda: make(several(1).outputs))
    assert "All outputs of a task were passed to input 'n' of component 'Make'" in str(error)
    assert '.outputs["first"], .outputs["Output"]' in error.remedy


@pytest.mark.parametrize(
    ("asked", "meant"), [("set_memory", "set_memory_limit"), ("add_env_var", "add_env_variable"), ("afterr", "after")]
)
def test_an_attribute_that_is_nearly_a_method_of_a_task_is_named(asked: str, meant: str) -> None:
    assert refused(lambda: getattr(make(1), asked)).remedy == f"Did you mean {meant}?"


USES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda x: x + 1, "compute with it"),
    (lambda x: 1 - x, "compute with it"),
    (lambda x: -x, "compute with it"),
    (lambda x: round(x, 2), "compute with it"),
    (lambda x: divmod(x, 2), "compute with it"),
    (lambda x: sum([x, 1]), "compute with it"),
    (lambda x: x[0], "get [0] of it"),
    (lambda x: x["key"], "get ['key'] of it"),
    (lambda x: x[1:], "slice it"),
    (lambda x: len(x), "get its length"),
    (lambda x: int(x), "convert it to a number"),
    (lambda x: [1, 2][x], "convert it to a number"),
    (lambda x: range(x), "convert it to a number"),
    (lambda x: list(x), "loop over it"),
    (lambda x: dict(x), "loop over it"),
    (lambda x: "a" in x, "check what it contains"),
    (lambda x: f"{x:.2f}", "format it as '.2f'"),
    (lambda x: os.path.join("/data", x), "convert it to a path"),
    (lambda x: Path(x), "convert it to a path"),
    (lambda x: x.split(","), "has no 'split'"),
]


@pytest.mark.parametrize("value", [parameter, output], ids=["a parameter", "an output"])
@pytest.mark.parametrize(("use", "words"), USES)
def test_a_value_that_is_not_known_yet_cannot_be_computed_with(
    use: Callable[[Any], Any], words: str, value: Callable[[], Any]
) -> None:
    error = refused(lambda: use(value()))

    what = "The parameter 'n'" if value is parameter else "The output 'Output' of task 'make'"
    assert error.message.startswith(f"{what} has no value yet, so")
    assert words in error.message
    assert "component" in error.remedy


def test_text_is_made_by_formatting() -> None:
    assert 'f"…{value}…"' in refused(lambda: "gs://bucket/" + parameter()).remedy


def test_a_loops_item_has_keys_for_attributes_and_is_computed_with_no_more_than_others() -> None:
    def pipeline() -> None:
        with dsl.ParallelFor([{"a": 1}]) as item:
            make(item.a)
            make(item.a * 2)

    assert "compute with it" in refused(pipeline).message


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_is_refused(name: str) -> None:
    assert getattr(dsl.PipelineParam, name) is getattr(FutureValue, name)
    assert "compute with it" in refused(lambda: getattr(parameter(), name)(1)).message


@pytest.mark.parametrize(
    "use",
    [lambda x: ", ".join(["a", x]), lambda x: {"a": 1}[x], lambda x: x(), lambda x: json.dumps({"a": [x]}, cls=None)],
    ids=["join", "a key", "a call", "json"],
)
def test_where_python_itself_refuses_the_remedy_is_told_too(use: Callable[[Any], Any]) -> None:
    def pipeline() -> None:
        use(parameter())

    assert "Parameters and outputs have no value yet. Compute it in a component" in refused(pipeline).remedy


def test_attributes_may_be_asked_for() -> None:
    def pipeline() -> None:
        task = make(1)
        assert not hasattr(task.output, "split")
        assert not hasattr(task, "result")
        assert getattr(task, "nothing", None) is None

    Compiler().workflow(dsl.Pipeline(pipeline, "p"))


TASKS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda task: task.Output, 'Its output of that name is .outputs["Output"]'),
    (lambda task: task.first, 'Its output of that name is .outputs["first"]'),
    (lambda task: task.a, 'Its outputs are .outputs["first"], .outputs["Output"]'),
    (lambda task: task["first"], "Its outputs are .outputs['first'], .outputs['Output']"),
    (lambda task: task.outputs.first, "Write .outputs['first'] or .outputs['Output']"),
    (lambda task: task + 1, "A task is not a value: pass one of its outputs"),
    (lambda task: next(iter(task)), "Its outputs are"),
]  # fmt: skip


@pytest.mark.parametrize(("use", "remedy"), TASKS)
def test_a_task_says_how_its_outputs_are_taken(use: Callable[[Any], Any], remedy: str) -> None:
    assert remedy in refused(lambda: use(several(1))).remedy


def test_a_group_that_the_standard_library_enters_stands_at_the_authors_line() -> None:
    def pipeline() -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(dsl.ParallelFor([]))

    assert "stack.enter_context" in (refused(pipeline).position or pytest.fail("no line")).text
