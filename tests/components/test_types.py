"""Type names and text forms."""

from __future__ import annotations

import base64
import json
import pickle
from typing import Any, Dict, List, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.components.types import canonical, compatible, to_text, type_name
from kfp_jupyter.errors import ComponentError


@pytest.mark.parametrize(
    ("annotation", "name"),
    [(int, "Integer"), (float, "Float"), (str, "String"), (bool, "Boolean"), (list, "JsonArray"), (dict, "JsonObject"),
     (Optional[int], "Integer"), (int | None, "Integer"), ("CSV", "CSV"), ("int", "Integer"), (None, None),
     ({"GCSPath": {"data_type": "CSV"}}, {"GCSPath": {"data_type": "CSV"}}), (List[int], "typing.List[int]")],
)  # fmt: skip
def test_annotations_have_the_names_of_kfp(annotation: Any, name: Any) -> None:
    assert type_name(annotation) == name


def test_typing_names_have_json_forms() -> None:
    assert canonical(type_name(List[int])) == "JsonArray"
    assert canonical(type_name(Dict[str, int])) == "JsonObject"
    assert canonical("CSV") is None
    assert canonical("List of things") == "JsonArray"


def test_other_values_have_the_texts_of_kfp() -> None:
    class Struct:
        def to_struct(self) -> dict[str, int]:
            return {"b": 1}

    assert to_text((1, 2), "List", "x") == "[1, 2]"
    assert to_text(Struct(), "JsonObject", "x") == '{"b": 1}'
    assert to_text(5, "Json", "x") == "5"
    assert to_text(3, {"Integer": {"of": "x"}}, "x") == "3"
    assert pickle.loads(base64.b64decode(to_text({1}, "Base64Pickle", "x"))) == {1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.lists(json_values))
def test_a_list_reads_back(value: list[Any]) -> None:
    assert json.loads(to_text(value, "JsonArray", "x")) == value


@given(st.floats(allow_nan=False) | st.integers())
def test_a_number_reads_back(value: float) -> None:
    assert float(to_text(value, "Float", "x")) == float(value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("abc", "Float"), (1.5, "Integer"), (3, "String"), ("perhaps", "Boolean"), ({}, "JsonArray"), ("{", "JsonObject"),
     (object(), None), ({1: object()}, "JsonObject"), (1, "CSV")],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_by_name(value: Any, kind: str | None) -> None:
    with pytest.raises(ComponentError, match="input 'a' of component 'Add'"):
        to_text(value, kind, "input 'a' of component 'Add'")


@pytest.mark.parametrize(
    ("given_type", "expected", "fits"),
    [("Float", "Float", True), ("Float", "Integer", False), (None, "Float", True), ("CSV", None, True),
     ("Artifact", "CSV", True), ("Artifact", "String", False), ({"A": {"x": 1}}, {"A": {"x": 2}}, False),
     ({"A": {"x": 1}}, {"A": {"x": 1}}, True), ("A", {"A": {"x": 1}}, True), ({"A": {"x": 1}}, "A", False),
     ("float", "Float", True), ("int | None", "Integer", True), ("typing.Optional[str]", "String", True),
     ("", "X", True), ("Artifact", "JsonArray", True), ({}, "X", True)],
)  # fmt: skip
def test_types_fit_when_they_are_the_same_or_one_is_open(given_type: Any, expected: Any, fits: bool) -> None:
    assert compatible(given_type, expected) is fits
