"""The parts of a component: made, written, read and changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.components import (
    create_component_from_func,
    load_component_from_file,
    load_component_from_text,
    structures,
)
from kfp_jupyter.components.structures import (
    AndPredicate,
    CachingStrategySpec,
    ComponentReference,
    ComponentSpec,
    ConcatPlaceholder,
    ContainerImplementation,
    ContainerSpec,
    EqualsPredicate,
    ExecutionOptionsSpec,
    GraphInputReference,
    GraphSpec,
    IfPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputSpec,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    MetadataSpec,
    OutputPathPlaceholder,
    OutputSpec,
    TaskOutputArgument,
    TaskOutputReference,
    TaskSpec,
    TwoBooleanOperands,
    TwoOperands,
)
from kfp_jupyter.components.structures.yaml_text import to_yaml
from kfp_jupyter.errors import ComponentError, PipelineError

DICTS: list[tuple[str, dict[str, Any]]] = [
    ("ComponentSpec", {}),
    ("ComponentSpec", {"inputs": [], "outputs": []}),
    ("ComponentSpec", {"metadata": {"annotations": {}, "labels": {"a": "b"}}, "version": "v2"}),
    ("ComponentSpec", {
        "name": "All", "description": "",
        "inputs": [
            {"name": "a", "type": {"X": {"y": 1}}, "default": 0, "optional": True, "annotations": {"z": [1]}},
            {"name": "b", "default": False}, {"name": "c", "default": 1.5},
        ],
        "outputs": [{"name": "o", "type": ""}, {"name": "p"}],
        "implementation": {"container": {
            "image": "i", "command": [],
            "args": [
                "x", {"concat": ["y", {"inputValue": "a"}]}, {"outputPath": "p"},
                {"if": {"cond": {"isPresent": "a"}, "then": ["x", {"inputPath": "b"}], "else": "z"}},
                {"if": {"cond": True, "then": "a"}}, {"if": {"cond": "false", "then": [], "else": []}},
                {"if": {"cond": {"inputValue": "b"}, "then": {"inputValue": "b"}}},
            ],
            "env": {}, "fileOutputs": {"o": "/o"},
        }},
    }),
    ("TaskSpec", {
        "componentRef": {"name": "n", "digest": "d", "tag": "t", "url": "u"},
        "arguments": {"a": "1", "b": 2, "c": 1.5, "d": True, "e": {"graphInput": {"inputName": "x", "type": "T"}}},
        "isEnabled": {"not": {"and": {
            "op1": {"==": {"op1": 1, "op2": "2"}},
            "op2": {"or": {"op1": True, "op2": {"<=": {
                "op1": {"graphInput": {"inputName": "x"}}, "op2": {"taskOutput": {"outputName": "o", "taskId": "t"}},
            }}}},
        }}},
        "executionOptions": {"retryStrategy": {"maxRetries": 3}, "cachingStrategy": {"maxCacheStaleness": "P0D"}},
        "annotations": {"x": 1},
    }),
    ("GraphSpec", {
        "tasks": {
            "b": {"componentRef": {"url": "x"},
                  "arguments": {"i": {"taskOutput": {"outputName": "o", "taskId": "a", "type": {"X": {}}}}}},
            "a": {"componentRef": {"spec": {"outputs": [{"name": "o"}]}}},
        },
        "outputValues": {"q": {"taskOutput": {"outputName": "o", "taskId": "a"}}},
    }),
    ("PipelineRunSpec", {"rootTask": {"componentRef": {"url": "x"}}}),
    ("ExecutionOptionsSpec", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "struct"), DICTS)
def test_a_part_goes_back_to_what_it_was_read_from(name: str, struct: dict[str, Any]) -> None:
    part = getattr(structures, name).from_dict(struct)
    assert part.to_dict() == struct
    assert getattr(structures, name).from_dict(part.to_dict()) == part


def test_parts_made_in_python_are_written_as_in_a_file() -> None:
    spec = ComponentSpec(
        name="Echo",
        metadata=MetadataSpec(labels={"team": "a"}),
        inputs=[InputSpec("text", "String"), InputSpec(name="more", optional=True)],  # type: ignore[arg-type]
        outputs=[OutputSpec("out")],  # type: ignore[arg-type]
        implementation=ContainerImplementation(
            container=ContainerSpec(
                image="alpine",
                command=["sh", ConcatPlaceholder(["a", InputValuePlaceholder("text")])],  # type: ignore[arg-type]
                args=[
                    IfPlaceholder(
                        IfPlaceholderStructure(
                            condition=IsPresentPlaceholder("more"),
                            then_value=["--more", InputPathPlaceholder("more")],  # type: ignore[arg-type]
                        )
                    ),
                    OutputPathPlaceholder("out"),
                ],
            )
        ),
    )
    assert spec.to_dict() == {
        "name": "Echo",
        "metadata": {"labels": {"team": "a"}},
        "inputs": [{"name": "text", "type": "String"}, {"name": "more", "optional": True}],
        "outputs": [{"name": "out"}],
        "implementation": {"container": {
            "image": "alpine",
            "command": ["sh", {"concat": ["a", {"inputValue": "text"}]}],
            "args": [
                {"if": {"cond": {"isPresent": "more"}, "then": ["--more", {"inputPath": "more"}]}},
                {"outputPath": "out"},
            ],
        }},
    }  # fmt: skip
    assert ComponentSpec.from_dict(spec.to_dict()) == spec


def test_a_graph_made_in_python_knows_its_order() -> None:
    first = TaskSpec(ComponentReference(url="a"), {"n": GraphInputReference("n").as_argument()})
    second = TaskSpec(
        ComponentReference(url="b"),
        {"x": TaskOutputArgument.construct("first", "out")},
        is_enabled=AndPredicate(TwoBooleanOperands(EqualsPredicate(TwoOperands(1, 1)), True)),
    )
    graph = GraphSpec({"second": second, "first": first})
    assert list(graph.sorted_tasks()) == ["first", "second"]
    assert GraphSpec.from_dict(graph.to_dict()) == graph


def test_a_long_chain_of_tasks_is_no_problem() -> None:
    tasks = {
        str(n): TaskSpec(ComponentReference(url="a"), {"x": TaskOutputArgument.construct(str(n + 1), "o")})
        for n in range(5_000)
    }
    tasks["5000"] = TaskSpec(ComponentReference(url="a"))
    assert list(GraphSpec(tasks).sorted_tasks())[:2] == ["5000", "4999"]


def test_a_saved_component_is_loaded_as_it_was(tmp_path: Path) -> None:
    spec = ComponentSpec.from_dict(DICTS[3][1])
    spec.save(tmp_path / "new" / "component.yaml")
    assert load_component_from_file(tmp_path / "new" / "component.yaml").component_spec == spec


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "1e3",
        "0o7",
        "y",
        "yes",
        "~",
        "null",
        "a\tb",
        "# no",
        "a: b",
        "😀",
        " trailing ",
        "\x85",
        "\u2028",
        "\n lead",
        "\r\n",
    ]
)


@given(name=texts, words=st.lists(texts), annotations=st.dictionaries(texts, texts))
def test_any_text_survives_a_file(name: str, words: list[str], annotations: dict[str, str]) -> None:
    container = ContainerSpec("image", tuple(words))
    spec = ComponentSpec(name, implementation=ContainerImplementation(container), metadata=MetadataSpec(annotations))
    assert load_component_from_text(to_yaml(spec.to_dict())).component_spec == spec


def test_parts_may_be_changed() -> None:
    component = load_component_from_text(
        "{inputs: [{name: a}], implementation: {container: {image: one, command: [x, {inputValue: a}]}}}"
    )
    spec = component.component_spec
    spec.container.image = "two"
    spec.container.command = ["y"]  # type: ignore[assignment]
    assert spec.to_dict()["implementation"]["container"] == {"image": "two", "command": ["y"]}
    options = ExecutionOptionsSpec(caching_strategy=CachingStrategySpec())
    assert options.caching_strategy is not None
    options.caching_strategy.max_cache_staleness = "P0D"
    assert options.to_dict() == {"cachingStrategy": {"maxCacheStaleness": "P0D"}}


def test_types_of_references_may_be_set_aside() -> None:
    reference = TaskOutputReference("o", "t", type="CSV")
    assert reference.without_type().type is None
    assert TaskOutputArgument(reference).with_type("X").task_output == reference.with_type("X")
    assert GraphInputReference("a", "CSV").without_type() == GraphInputReference("a")
    with pytest.raises(PipelineError, match="formatted into a string"):
        f"{GraphInputReference('a').as_argument()}"


def with_command(word: Any) -> ComponentSpec:
    return ComponentSpec(implementation=ContainerImplementation(ContainerSpec("x", (word,))))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: InputSpec.from_dict({}), "An input has no name"),
        (lambda: InputSpec.from_dict({"name": "a", "typ": 1}), "An input has no 'typ'. Did you mean type?"),
        (lambda: InputSpec(""), "An input has no name"),
        (lambda: ComponentSpec(inputs=(InputSpec("a"), InputSpec("a"))), "Two inputs have the name 'a'"),
        (lambda: ContainerSpec.from_dict({"image": "x", "command": ["a", 3]}), "3 instead of a string or"),
        (lambda: with_command(3), "3 on the command line is not a string"),
        (lambda: with_command(InputValuePlaceholder("q")), "no input 'q'"),
        (lambda: TaskSpec(ComponentReference()), "names no component"),
        (lambda: TaskOutputReference("x"), "names no task"),
        (lambda: structures.RetryStrategySpec.from_dict({"maxRetries": "3"}), "'3' instead of a whole number"),
        (lambda: structures.InputMetadataPlaceholder("x"), "'inputMetadata' can't be used"),
        (structures.ExecutorInputPlaceholder, "'executorInput' can't be used"),
        (lambda: ComponentSpec.from_dict([]), "not a mapping"),  # type: ignore[arg-type]
        (lambda: ComponentSpec().container, "has no implementation"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(make: Any, words: str) -> None:
    with pytest.raises(ComponentError, match=words):
        make()


def test_a_component_is_written_again_only_when_it_has_changed_itself() -> None:
    def one() -> int:
        return 1

    first, other = create_component_from_func(one), create_component_from_func(one)
    written = first.spec_json
    other.component_spec.outputs[0].name = "Else"
    assert first.spec_json is written
    first.component_spec.outputs[0].description = "The number."
    assert json.loads(first.spec_json)["outputs"][0]["description"] == "The number."
    first.component_spec.implementation = other.component_spec.implementation
    assert first.spec_json is not written
    assert json.loads(first.spec_json)["implementation"] == json.loads(other.spec_json)["implementation"]
