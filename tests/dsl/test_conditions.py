"""Conditions compile as they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import PipelineError


@components.create_component_from_func
def measure(start: float = 0) -> float:
    return start


@components.create_component_from_func
def report(text: str) -> None:
    print(text)


def whens(pipeline: Callable[..., Any]) -> list[str]:
    """Return the `when` of every task of the pipeline's DAGs."""
    workflow = Compiler().workflow(dsl.Pipeline(pipeline))
    tasks = [task for template in workflow["spec"]["templates"] for task in template.get("dag", {}).get("tasks", [])]
    return [task["when"] for task in tasks if "when" in task]


A, B = "{{inputs.parameters.a}}", "{{inputs.parameters.b}}"


def both(a: Any, b: Any) -> None:
    with dsl.Condition(a > 10 and a < 50):
        report(f"{a} {b}")


def either(a: Any, b: Any) -> None:
    with dsl.Condition(a > 10 or b == "x"):
        report(f"{a} {b}")


def neither(a: Any, b: Any) -> None:
    with dsl.Condition(not (a > 10 or b == "x")):
        report(f"{a} {b}")


def between(a: Any, b: Any) -> None:
    with dsl.Condition(10 < a <= b):
        report(f"{a} {b}")


def nested(a: Any, b: Any) -> None:
    with dsl.Condition((a > 1 or b > 2) and not a == 3):  # noqa: SIM201  (the case)
        report(f"{a} {b}")


def through_a_variable(a: Any, b: Any) -> None:
    fine = a > 1 and b > 2 and a != b
    with dsl.Condition(fine):
        report(f"{a} {b}")


def quotes(a: Any, b: Any) -> None:
    with dsl.Condition(a == 'say "\\o/"'):
        report(f"{a} {b}")


def with_what_is_known(a: Any, b: Any) -> None:
    strict = True
    with dsl.Condition(strict and a > 1):
        report(f"{a} {b}")
    with dsl.Condition(a > 2 and strict):
        report(f"{a} {b}")


@pytest.mark.filterwarnings("ignore::kfp_jupyter.dsl.PipelineWarning")
@pytest.mark.parametrize(
    ("pipeline", "expected"),
    [
        (both, [f"{A} > 10 && {A} < 50"]),
        (either, [f'{A} > 10 || "{B}" == "x"']),
        (neither, [f'!({A} > 10 || "{B}" == "x")']),
        (between, [f"{A} > 10 && {A} <= {B}"]),
        (nested, [f'({A} > 1 || {B} > 2) && "{A}" != "3"']),
        (through_a_variable, [f'{A} > 1 && {B} > 2 && "{A}" != "{B}"']),
        (quotes, [rf'"{A}" == "say \"\\o/\""']),
        (with_what_is_known, [f"{A} > 1", f"{A} > 2"]),
    ],
)
def test_and_or_not_and_chains_keep_all_their_parts(pipeline: Callable[..., Any], expected: list[str]) -> None:
    assert whens(pipeline) == expected


def test_a_test_of_several_parts_is_remarked_at_its_line() -> None:
    with pytest.warns(dsl.PipelineWarning, match="compiled as written") as caught:
        whens(both)
    (warning,) = (w for w in caught if "compiled as written" in str(w.message))
    assert warning.filename == __file__
    assert warning.lineno == both.__code__.co_firstlineno + 1


def test_what_python_knows_is_decided_by_python() -> None:
    seen: list[Any] = []

    def pipeline(a: float = 1) -> None:
        zero, one, two, letters = 0, 1, 2, "abc"
        seen.extend([zero and 1, zero or "x", not zero, zero < one < two, two < one < zero, zero or []])
        seen.append("a" in letters and 5)
        seen.append([x for x in range(5) if x > 1 and x < 4])
        measure(a)

    whens(pipeline)

    assert seen == [0, "x", True, True, False, [], 5, [2, 3]]


def test_the_function_keeps_its_closure_defaults_and_names() -> None:
    limit = 7
    found: dict[str, Any] = {}

    def pipeline(a: float = 1, *, b: float = 2) -> None:
        found.update(limit=limit, name=__name__)
        if limit > 5 and limit < 9:
            measure(b)
        report(f"{a}")

    workflow = Compiler().workflow(dsl.Pipeline(pipeline))

    assert found == {"limit": 7, "name": __name__}
    assert [p["value"] for p in workflow["spec"]["arguments"]["parameters"]] == ["1", "2"]


def test_a_graph_component_keeps_all_parts_too() -> None:
    @dsl.graph_component
    def again(value: Any) -> None:
        measured = measure(value)
        with dsl.Condition(measured.output > 1 and measured.output < 9):
            again(measured.output)

    def pipeline(a: float = 1) -> None:
        again(measure(a).output)

    with pytest.warns(dsl.PipelineWarning, match="compiled as written"):
        found = whens(pipeline)

    value = "{{tasks.measure-2.outputs.parameters.measure-2-Output}}"
    assert found == [f"{value} > 1 && {value} < 9"]


@pytest.mark.parametrize(
    ("pipeline", "words"),
    [
        (lambda: dsl.Condition(bool(3)).__enter__(), ["The condition is True", "known already"]),
        (lambda: 1 if measure().output > 2 else 2, ["evaluated in Python", "dsl.Condition"]),
        (lambda: dsl.Condition(measure()).__enter__(), ["The condition is <task 'measure'>"]),
    ],
)
def test_a_condition_that_is_none_is_said_with_its_line(pipeline: Callable[..., Any], words: list[str]) -> None:
    with pytest.raises(PipelineError) as caught:
        dsl.Pipeline(pipeline).graph()
    for word in words:
        assert word in str(caught.value)
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_python_can_look_for_a_parameter_in_a_list() -> None:
    found: list[bool] = []

    def pipeline(a: Any, b: Any) -> None:
        found.extend([a in [b, a], a in [b, b], b == None, a != None])  # noqa: E711  (what is tested)
        report(f"{a} {b}")

    whens(pipeline)

    assert list(map(bool, found)) == [True, False, False, True]
