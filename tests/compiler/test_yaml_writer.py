"""YAML text: what is written is what Python's and Go's parsers read."""

from __future__ import annotations

import contextlib
import enum
import math
import tracemalloc
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.errors import CompileError
from tests.compiler.go_yaml import GoParser
from tests.compiler.hostile import HOSTILE, KINDS, PIECES

TEXTS = st.sampled_from(HOSTILE) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=12)
NUMERIC = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = TEXTS | NUMERIC | st.booleans() | st.none()
DATA = st.dictionaries(
    TEXTS,
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def go() -> Iterator[GoParser]:
    """Go's parsers."""
    with contextlib.closing(GoParser()) as parser:
        yield parser


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal to JSON: 1.0 is 1, but true isn't, and digits stand for the nearest float."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and type(right) is int:
        return left == float(right)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def check_python(data: dict[str, Any]) -> None:
    text = to_yaml(data)
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        read = yaml.load(text, Loader=loader)
        assert same(data, read), f"{loader.__name__} reads {read!r} in\n{text}"


def check_go(data: dict[str, Any], go: GoParser) -> None:
    text = to_yaml(data)
    for parser, read in go.read(text).items():
        assert same(data, read), f"{parser} reads {read!r} in\n{text}"


def places(text: str) -> dict[str, Any]:
    """Return a document with the text in every place that a text can have."""
    return {
        text: text,
        "in a list": [text, [text, [text]], {text: text, "and": text}],
        "in a mapping": {text: {text: [text], "last": text}, "nested": {text: []}},
        "in list of lists": [[{text: [text, {text: text}]}]],
        "last": text,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_python_reads_hostile_texts_wherever_they_stand(kind: str) -> None:
    for text in KINDS[kind]:
        check_python(places(text))


@pytest.mark.parametrize("kind", KINDS)
def test_go_reads_hostile_texts_wherever_they_stand(kind: str, go: GoParser) -> None:
    for text in KINDS[kind]:
        check_go(places(text), go)


@settings(max_examples=300, deadline=None)
@given(DATA)
def test_python_reads_any_data_as_it_was(data: dict[str, Any]) -> None:
    check_python(data)


@settings(max_examples=500, deadline=None)
@given(data=DATA)
def test_go_reads_any_data_as_it_was(data: dict[str, Any], go: GoParser) -> None:
    check_go(data, go)


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "{" + '"' * 1_000_000, "a: b " * 200_000, "é😀" * 300_000, "\t" * 500_000, "a\n" * 300_000],
    ids=["bare", "single quotes", "colons", "beyond ASCII", "escapes", "lines"],
)
def test_texts_of_a_megabyte_are_read_as_keys_and_as_values(text: str, go: GoParser) -> None:
    data = {"value": text, text: [{text: 1}], "nested": {text: {"a": text}}}

    assert yaml.load(to_yaml(data), Loader=yaml.CSafeLoader) == data
    check_go(data, go)


@pytest.mark.parametrize("length", [127, 128, 999, 1000, 1001, 1021, 1022, 1023, 1024, 1025])
def test_long_keys_are_read(length: int, go: GoParser) -> None:
    for key in ("k" * length, "é" * length, "{" * length, "\t" * length):
        data = {key: "a", "b": [{key: {"c": 1}}, {key: ["d"], "e": 2}, [{key: None}]]}
        check_python(data)
        check_go(data, go)


@pytest.mark.parametrize(
    "number",
    [0, -1, 2**63 - 1, -(2**63), 2**64 - 1, 0.0, -0.0, 1.0, 0.1, 1e16, 1e22, -1e22, 1.5e300, 5e-324, 1e-7, 2.0**53],
)
def test_numbers_are_read_as_numbers(number: float, go: GoParser) -> None:
    data = {"value": number, "list": [number]}
    check_python(data)
    check_go(data, go)
    assert type(yaml.safe_load(to_yaml(data))["value"]) is type(number)
    assert math.copysign(1, yaml.safe_load(to_yaml(data))["value"]) == math.copysign(1, number)


def test_booleans_nothing_and_empty_containers_are_read(go: GoParser) -> None:
    data: dict[str, Any] = {
        "a": True,
        "b": False,
        "c": None,
        "d": {},
        "e": [],
        "f": [True, False, None, {}, [], [[]], [{}]],
    }
    check_python(data)
    check_go(data, go)


def test_an_empty_workflow_is_an_empty_mapping() -> None:
    assert to_yaml({}) == "{}\n"


def test_the_document_reads_as_people_write_it() -> None:
    data = {
        "apiVersion": "argoproj.io/v1alpha1",
        "metadata": {"generateName": "add-", "labels": {}, "annotations": {"a/b": '{"c": "it\'s"}', "d": "true"}},
        "spec": {
            "templates": [
                {"name": "add", "inputs": {"parameters": [{"name": "a"}]}, "args": ["--a", "{{inputs.parameters.a}}"]},
                {"name": "wait", "timeout": 10, "lists": [["a", "b"], []], "size": "10Gi", "version": "3.7"},
            ]
        },
    }

    assert (
        to_yaml(data)
        == """\
apiVersion: argoproj.io/v1alpha1
metadata:
  generateName: add-
  labels: {}
  annotations:
    a/b: '{"c": "it''s"}'
    d: 'true'
spec:
  templates:
  - name: add
    inputs:
      parameters:
      - name: a
    args:
    - --a
    - '{{inputs.parameters.a}}'
  - name: wait
    timeout: 10
    lists:
    - - a
      - b
    - []
    size: 10Gi
    version: '3.7'
"""
    )


def test_keys_keep_their_order() -> None:
    assert list(yaml.safe_load(to_yaml({"b": 1, "a": 2, "c": 3}))) == ["b", "a", "c"]


def test_a_program_reads_as_it_was_written() -> None:
    program = "def add(a):\n    # a: comment\n\n    return 'a\t' + a  \n"

    assert to_yaml({"args": [program, program.rstrip("\n"), f"{program}\n"]}) == (
        "args:\n"
        "- |\n  def add(a):\n      # a: comment\n\n      return 'a\t' + a  \n"
        "- |-\n  def add(a):\n      # a: comment\n\n      return 'a\t' + a  \n"
        "- |+\n  def add(a):\n      # a: comment\n\n      return 'a\t' + a  \n\n"
    )


def test_a_program_that_starts_indented_says_its_indentation() -> None:
    assert to_yaml({"a": "  b\nc"}) == "a: |2-\n    b\n  c\n"


def test_what_nobody_could_see_is_escaped() -> None:
    assert to_yaml({"a": "b\x7f\x85\u2028\ufeff\x00\tc"}) == 'a: "b\\u007f\\u0085\\u2028\\ufeff\\u0000\\tc"\n'


def test_long_lines_are_not_folded() -> None:
    assert to_yaml({"a": "b c " * 1000 + "d"}).count("\n") == 1


def test_shared_objects_are_written_out() -> None:
    shared = {"a": ["b"]}

    assert to_yaml({"c": shared, "d": shared}) == "c:\n  a:\n  - b\nd:\n  a:\n  - b\n"


def test_relatives_of_plain_types_are_written_as_these() -> None:
    class Word(str, enum.Enum):
        YES = "yes"

    class Number(enum.IntEnum):
        ONE = 1

    data = {Word.YES: Word.YES, "a": (Number.ONE, ()), "b": OrderedDict(c=1)}

    assert to_yaml(data) == "'yes': 'yes'\na:\n- 1\n- []\nb:\n  c: 1\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"spec": {"list": [{}, {"args": ["a", {1}]}]}}, "spec.list[1].args[1] in the Workflow is of type set."),
        ({"a": {"b/c": object()}}, "a['b/c'] in the Workflow is of type object."),
        ({"a": [{1: "b"}]}, "a[0][1] in the Workflow is a key of type int."),
        ({"a": {None: "b"}}, "a[None] in the Workflow is a key of type NoneType."),
        ({"a": [b"bytes"]}, "a[0] in the Workflow is of type bytes."),
        ({"a": math.nan}, "a in the Workflow is nan, which JSON and Kubernetes don't support."),
        ({"a": [-math.inf]}, "a[0] in the Workflow is -inf, which JSON"),
        ({"a": 2**64}, "a in the Workflow is an integer of more than 64 bits."),
        ({"a": -(2**63) - 1}, "a in the Workflow is an integer of more than 64 bits."),
        ({"a": ["b", "c\ud800"]}, "a[1] in the Workflow holds the lone surrogate '\\ud800'"),
        ({"a": "b\n\udfff"}, "a in the Workflow holds the lone surrogate '\\udfff'"),
        ({"a": {"\udc00": 1}}, "a['\\udc00'] in the Workflow holds the lone surrogate '\\udc00'"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_named_with_its_place(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CompileError) as raised:
        to_yaml(data)

    assert sentence in str(raised.value)
    assert raised.value.remedy


def test_a_workflow_that_contains_itself_is_refused() -> None:
    data: dict[str, Any] = {}
    data["a"] = [data]

    with pytest.raises(CompileError, match="contains itself"):
        to_yaml(data)


def test_writing_needs_little_more_memory_than_the_text() -> None:
    program = "print('hello')\n" * 20
    templates = [{"name": f"step-{i}", "container": {"args": ["-c", program], "image": "a"}} for i in range(600)]
    tracemalloc.start()
    try:
        text = to_yaml({"spec": {"templates": templates}})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2 * len(text)
