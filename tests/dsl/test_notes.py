"""What is no error but probably isn't meant is said at its line, once."""

from __future__ import annotations

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler


@components.create_component_from_func
def step(text: str = "x") -> str:
    return text


def notes(pipeline: Any) -> list[tuple[str, str]]:
    """Return what compiling says, with the text of the line it is said at."""
    made = dsl.Pipeline(pipeline).graph().notes
    return [(note.message, note.position.text.strip() if note.position else "") for note in made]


def test_a_parameter_that_nothing_uses() -> None:
    def pipeline(used: str = "", unused: str = "", in_a_loop: list = [], tested: str = "") -> None:  # type: ignore[type-arg]  # noqa: B006
        step(f"-{used}-")
        with dsl.ParallelFor(in_a_loop) as item, dsl.Condition(tested == "x"):
            step(item)

    ((message, line),) = notes(pipeline)
    assert message == "Nothing in the pipeline uses its parameter 'unused'."
    assert line.startswith("def pipeline(")


def test_an_output_used_outside_the_group_that_makes_it() -> None:
    def pipeline() -> None:
        first = step()
        with dsl.Condition(first.output == "x"):
            inner = step()
            step(inner.output)
        step(inner.output)
        with dsl.ParallelFor([1, 2]):
            looped = step()
        with dsl.Condition(first.output == "y"):
            step(looped.output)

    (condition, loop) = notes(pipeline)
    assert "'step-4' uses the output 'Output' of 'step-2' outside the condition" in condition[0]
    assert condition[1] == "step(inner.output)"
    assert "'step-6' uses the output 'Output' of 'step-5' outside the loop" in loop[0]
    assert loop[1] == "step(looped.output)"


def test_a_value_that_is_tested_before_it_is_there() -> None:
    def pipeline(limit: str = "") -> None:
        if limit:
            step(limit)

    ((message, line),) = notes(pipeline)
    assert "The parameter 'limit' has no value yet, so this test is always true" in message
    assert line == "if limit:"


def test_text_that_does_not_read_as_its_type_is_for_the_container_to_read() -> None:
    query = components.load_component_from_text(
        "{name: Query, inputs: [{name: fields, type: JsonArray, default: ''}, {name: limit, type: Integer}], "
        "implementation: {container: {image: a, command: [{inputValue: fields}, {inputValue: limit}]}}}"
    )

    def pipeline() -> None:
        query(limit="5")
        query(fields="a, b", limit="{{workflow.uid}}")

    ((message, line),) = notes(pipeline)
    assert "'a, b'" in message
    assert "JsonArray" in message
    assert line.startswith("query(fields=")


def test_a_parameters_default_of_another_type() -> None:
    def pipeline(mapping: dict = [1], number: float = "x", text: str = 5, empty: int = "") -> None:  # type: ignore[type-arg,assignment]  # noqa: B006
        step(f"{mapping}{number}{text}{empty}")

    messages = [message for message, _ in notes(pipeline)]
    assert len(messages) == 3
    assert all("the default of parameter" in message for message in messages)
    assert "default is ignored" in messages[2]
    assert Compiler().workflow(dsl.Pipeline(pipeline))["spec"]["arguments"]["parameters"] == [
        {"name": "mapping", "value": "[1]"},
        {"name": "number", "value": "x"},
        {"name": "text"},
        {"name": "empty", "value": ""},
    ]


def test_a_task_can_be_printed() -> None:
    def pipeline() -> None:
        assert str(step()) == "<task 'step'>"

    assert notes(pipeline) == []


def test_a_pipeline_without_fault_says_nothing() -> None:
    def pipeline(text: str = "a") -> None:
        step(step(text).output)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Compiler().workflow(dsl.Pipeline(pipeline))


def test_notes_of_pipelines_compiled_at_the_same_time_do_not_mix() -> None:
    started = threading.Barrier(4)

    def compiled(kind: int) -> tuple[str, ...]:
        def pipeline(text: str = "a", unused: str = "") -> None:
            started.wait(30)
            step(text)

        def quiet(text: str = "a") -> None:
            started.wait(30)
            step(text)

        return tuple(note.message for note in Compiler().compiled(dsl.Pipeline((pipeline, quiet)[kind])).notes)

    filters = list(warnings.filters)
    with warnings.catch_warnings(record=True) as caught, ThreadPoolExecutor(4) as threads:
        told = list(threads.map(compiled, (0, 1, 0, 1)))

    noted = ("Nothing in the pipeline uses its parameter 'unused'.",)
    assert told == [noted, (), noted, ()]
    assert caught == []
    assert warnings.filters == filters


def test_a_step_that_is_given_no_address_is_told() -> None:
    copy = components.load_component_from_text("""
name: copy
inputs: [{name: a}]
outputs: [{name: b}]
implementation: {container: {image: i, command: [copy, {inputUri: a}, {outputUri: b}]}}
""")

    with pytest.warns(dsl.PipelineWarning, match=r"'copy' gets a placeholder .* URI of 'a', 'b'"):
        workflow = Compiler().workflow(dsl.Pipeline(lambda: [copy("x")], "p"))

    template = next(t for t in workflow["spec"]["templates"] if t["name"] == "copy")
    assert template["container"]["command"][1:] == [
        "{{$.inputs.artifacts['a'].uri}}",
        "{{$.outputs.artifacts['b'].uri}}",
    ]


@pytest.mark.parametrize(("length", "fits"), [(131_071, True), (131_072, False)])
def test_a_step_whose_command_line_is_too_long_to_start(length: int, fits: bool) -> None:
    def pipeline() -> None:
        step("é" + "x" * (length - 2))

    found = notes(pipeline)
    if fits:
        assert found == []
    else:
        ((message, line),) = found
        assert (
            "'step' can't start: a part of its command line has 131,072 bytes, but Linux accepts at most 131,071"
            in message
        )
        assert line.startswith("step(")
