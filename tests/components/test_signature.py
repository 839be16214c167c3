"""Signatures, and the inputs and outputs that kfp 1.8.24 makes of them."""

# Signatures as people write them.
# ruff: noqa: ANN001, ANN202, B006, F821, PLR0917, UP007
# mypy: disable-error-code="assignment, name-defined, no-untyped-def, type-arg, valid-type"

import typing
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import pytest

from kfp_jupyter.components import InputPath, InputTextFile, OutputBinaryFile, OutputPath, create_component_from_func
from kfp_jupyter.errors import ComponentError
from tests.components.postponed import postponed, unknown


class Prop:
    """A type that describes itself, as those of ``kfp.dsl.types`` do."""

    def __init__(self, struct: Any) -> None:
        self.struct = struct

    def to_dict(self) -> Any:
        return self.struct


class Frame:
    """A class with a to_dict of its own, as pandas' DataFrame."""

    def to_dict(self) -> Any:
        return {}


class Out(NamedTuple):
    a: int
    b: "CSV"
    c: Optional[str] = None


def interface(function: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    spec = create_component_from_func(function).component_spec
    return [i.to_dict() for i in spec.inputs], [o.to_dict() for o in spec.outputs]


GCS = {"GCSPath": {"openapi_schema_validator": {"type": "string"}}}


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (int, "Integer"), (float, "Float"), (str, "String"), (bool, "Boolean"), (list, "JsonArray"),
        (dict, "JsonObject"), (bytes, "bytes"), (tuple, "tuple"), (Frame, "Frame"), ("int", "int"), ("CSV", "CSV"),
        ("List of things", "List of things"), ("", None), (None, None), (List, "typing.List"),
        (List[int], "typing.List[int]"), (Dict[str, int], "typing.Dict[str, int]"), (list[int], "list[int]"),
        (Tuple[int, str], "typing.Tuple[int, str]"), (Optional[int], "Integer"),
        (Optional[List[str]], "typing.List[str]"),
        (Union[int, str], "typing.Union[int, str]"), (int | None, "int | None"), (GCS, GCS), (Prop(GCS), GCS),
        (Prop("Model"), "Model"), (typing.ForwardRef("Later"), "Later"),
    ],
)  # fmt: skip
def test_an_input_has_the_type_of_kfp(annotation: Any, name: Any) -> None:
    def function(a): ...

    function.__annotations__ = {"a": annotation}
    assert interface(function)[0][0].get("type") == name


def defaults(
    a="x", b=1, c=1.5, d=True, e=[1], f={"b": 1, "a": ()}, g=None, h: float = 3, i: int = True, j: list = (1,),
    k: "GCSPath" = "gs://x", m: int = "ten", n: Prop({"Integer": {}}) = 4, o: "Json" = 5, p: float = float("inf"),
) -> None:  # fmt: skip
    pass


def test_defaults_have_the_text_of_kfp() -> None:
    given = {i["name"]: i.get("default") for i in interface(defaults)[0]}
    assert given == {
        "a": "x", "b": "1", "c": "1.5", "d": "True", "e": "[1]", "f": '{"a": [], "b": 1}', "g": None, "h": "3",
        "i": "True", "j": "[1]", "k": "gs://x", "m": "ten", "n": "4", "o": "5", "p": "inf",
    }  # fmt: skip
    assert all(i["optional"] for i in interface(defaults)[0])


def files(
    table_path: InputPath("CSV"), text_file: InputTextFile(str), both_file_path: InputPath(), path: InputPath(),
    maybe_path: InputPath("X") = None, *, table: int = 1, table_file: OutputBinaryFile(List[int]),
    out_path: OutputPath({"A": {"b": 1}}),
) -> str:  # fmt: skip
    return ""


def test_files_lose_their_suffixes_and_names_stay_unique() -> None:
    inputs, outputs = interface(files)
    assert inputs == [
        {"name": "table", "type": "CSV"}, {"name": "text", "type": "String"}, {"name": "both"}, {"name": "path"},
        {"name": "maybe", "type": "X", "optional": True},
        {"name": "table_2", "type": "Integer", "default": "1", "optional": True},
    ]  # fmt: skip
    assert outputs == [
        {"name": "table", "type": "typing.List[int]"}, {"name": "out", "type": {"A": {"b": 1}}},
        {"name": "Output", "type": "String"},
    ]  # fmt: skip


def single(output_path: OutputPath(str)) -> str:
    return ""


@pytest.mark.parametrize(
    ("annotation", "outputs"),
    [
        (int, [{"name": "Output", "type": "Integer"}]),
        (Tuple[int, str], [{"name": "Output", "type": "typing.Tuple[int, str]"}]),
        (Optional[int], [{"name": "Output", "type": "typing.Optional[int]"}]),
        ("GCSPath", [{"name": "Output", "type": "GCSPath"}]),
        (Prop(GCS), [{"name": "Output", "type": GCS}]),
        (None, []),
        (Out, [{"name": "a", "type": "Integer"}, {"name": "b", "type": "CSV"},
               {"name": "c", "type": "typing.Optional[str]"}]),
        (NamedTuple("O", [("sum", float), ("mlpipeline_metrics", "Metrics"), ("l", List[int])]),
         [{"name": "sum", "type": "Float"}, {"name": "mlpipeline_metrics", "type": "Metrics"},
          {"name": "l", "type": "typing.List[int]"}]),
        ({"a": int, "b": "CSV"}, [{"name": "a", "type": "Integer"}, {"name": "b", "type": "CSV"}]),
    ],
)  # fmt: skip
def test_what_is_returned_has_the_outputs_of_kfp(annotation: Any, outputs: Any) -> None:
    def function(): ...

    function.__annotations__ = {"return": annotation}
    assert interface(function)[1] == outputs


def test_a_file_and_a_returned_value_of_one_name_are_told_apart() -> None:
    assert [o["name"] for o in interface(single)[1]] == ["output", "Output"]


def described(a: int, out_path: OutputPath()) -> None:
    """Does things.

    At length.

    Args:
        a: The first,
            continued.
        out_path: Where to.
    """


def sphinx(a: int) -> None:
    """In the other style.

    :param a: The first.
    """


def test_descriptions_come_from_the_docstring() -> None:
    spec = create_component_from_func(described).component_spec
    assert spec.description == "Does things."
    assert spec.inputs[0].description == "The first,\ncontinued."
    assert spec.outputs[0].description == "Where to."
    assert interface(sphinx)[0][0]["description"] == "The first."


@pytest.mark.parametrize(
    ("name", "human"),
    [("train_model", "Train model"), ("train_XGBoost__v2", "Train XGBoost v2"), ("_hidden_", "Hidden"), ("URI", "URI")],
)
def test_names_are_those_of_kfp(name: str, human: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sphinx, "__name__", name)
    assert create_component_from_func(sphinx).name == human


def test_postponed_annotations_say_what_they_would_have_said() -> None:
    inputs, outputs = interface(postponed)
    assert inputs == [
        {"name": "number", "type": "Integer"}, {"name": "items", "type": "typing.List[int]"},
        {"name": "table", "type": "CSV"}, {"name": "frame", "type": "Frame"}, {"name": "quoted", "type": "Thing"},
    ]  # fmt: skip
    assert outputs == [{"name": "out"}, {"name": "size", "type": "Integer"}]
    with pytest.raises(ComponentError, match="unknown name 'NoSuch'"):
        interface(unknown)
