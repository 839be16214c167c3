"""What a graph component that calls itself passes on: nothing of it is lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import PipelineError

step = components.load_component_from_text("""
name: step
inputs: [{name: text}]
outputs: [{name: out}]
implementation: {container: {image: i, command: [sh, -c, {inputValue: text}, {outputPath: out}]}}
""")


@dsl.graph_component
def count(to: Any, at: Any = 0) -> None:
    next_one = step(f"{at}+1").output
    with dsl.Condition(next_one < to):
        count(to, next_one)


@dsl.graph_component
def count_from_parameter(to: Any, at: Any = dsl.PipelineParam("start")) -> None:  # noqa: B008  (it is what is tested)
    next_one = step(f"{at}+1").output
    with dsl.Condition(next_one < to):
        count_from_parameter(to, next_one)


@dsl.graph_component
def forgets(to: Any, at: Any = 0) -> None:
    next_one = step(f"{at}+1").output
    with dsl.Condition(next_one < to):
        forgets(next_one)


@dsl.graph_component
def swaps(one: Any, other: Any) -> None:
    next_one = step(f"{one}{other}").output
    with dsl.Condition(next_one < one):
        swaps(other=one, one=next_one)


def workflow(function: Callable[..., Any]) -> dict[str, Any]:
    return Compiler().workflow(dsl.Pipeline(function, "p"))


def recursive_call(made: dict[str, Any]) -> dict[str, str]:
    """What the call inside of the condition hands to the group."""
    condition = next(t for t in made["spec"]["templates"] if t["name"].startswith("condition"))
    (task,) = (task for task in condition["dag"]["tasks"] if task["name"].startswith("graph"))
    return {p["name"]: p["value"] for p in task["arguments"]["parameters"]}


def refused(function: Callable[..., Any], *words: str) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        workflow(function)
    for word in words:
        assert word in str(caught.value)
    return caught.value


def test_an_argument_that_the_first_call_leaves_to_its_default_cannot_be_passed_by_the_repeated_one() -> None:
    def pipeline(n: int = 5) -> None:
        count(n)

    error = refused(pipeline, "first call of the graph component 'count' leaves the argument 'at' to its default")
    assert error.position is not None
    assert error.position.text.strip() == "count(n)"


def test_a_default_that_is_a_parameter_is_an_argument_like_any_other() -> None:
    def pipeline(n: int = 5, start: int = 0) -> None:
        step(start)
        count_from_parameter(n)

    assert recursive_call(workflow(pipeline)) == {
        "n": "{{inputs.parameters.n}}",
        "start": "{{inputs.parameters.step-2-out}}",
    }


def test_a_repeated_call_may_wait_for_a_task_beside_it() -> None:
    @dsl.graph_component
    def waits(at: Any) -> None:
        next_one = step(at).output
        with dsl.Condition(next_one < at):
            waits(next_one).after(step("rest"))

    def pipeline(start: int = 0) -> None:
        waits(start)

    made = workflow(pipeline)

    (condition,) = (t for t in made["spec"]["templates"] if t["name"].startswith("condition"))
    (repeated,) = (t for t in condition["dag"]["tasks"] if t["name"].startswith("graph"))
    assert repeated["dependencies"] == ["step-2"]


def test_an_argument_that_the_repeated_call_leaves_out_is_refused_at_that_call() -> None:
    def pipeline(n: int = 5, m: int = 1) -> None:
        forgets(n, m)

    error = refused(pipeline, "leaves the argument 'at' to its default 0, but the first call passes it")
    assert error.position is not None
    assert error.position.text.strip() == "forgets(next_one)"


def test_one_value_for_two_arguments_cannot_become_two() -> None:
    def pipeline(n: int = 5) -> None:
        swaps(n, n)

    refused(pipeline, "passes one value as 'one' and 'other', but the repeated call passes two")


def test_arguments_are_matched_by_their_names() -> None:
    def pipeline(a: int = 5, b: int = 1) -> None:
        swaps(a, b)

    assert recursive_call(workflow(pipeline)) == {"a": "{{inputs.parameters.step-out}}", "b": "{{inputs.parameters.a}}"}


def test_another_graph_component_of_the_same_name_is_no_repetition() -> None:
    def inner(text: Any) -> None:
        step(text)

    def outer(text: Any) -> None:
        inner_graph(step(text).output)

    inner.__name__ = outer.__name__ = "same"
    inner_graph, outer_graph = dsl.graph_component(inner), dsl.graph_component(outer)

    def pipeline(a: str = "x") -> None:
        outer_graph(a)

    names = [template["name"] for template in workflow(pipeline)["spec"]["templates"]]
    assert [name for name in names if name.startswith("graph")] == ["graph-same-1", "graph-same-2"]
