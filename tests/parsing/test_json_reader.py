"""JSON of unknown origin is read, or refused in one kind of error."""

from __future__ import annotations

import json

import pytest

from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.json_reader import read_json


@pytest.mark.parametrize("value", [None, 1, "a", [], {}, [{}, "[", {"a": [1.5, {"b": None}]}], [[]] * 1000])
def test_json_is_read_as_the_standard_library_reads_it(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "it is nested deeper than 200 levels"),
        ("[" * 201 + "]" * 201, "it is nested deeper than 200 levels"),
        ('{"a": ' * 500 + "1" + "}" * 500, "it is nested deeper than 200 levels"),
        ('[{"a": 1}, ' + "[" * 300 + "]" * 301, "it is nested deeper than 200 levels"),
        ("9" * 100_000, "a number in it has too many digits"),
        ("", "it is not JSON (line 1, column 1: expecting value)"),
        ("{'a': 1}", "it is not JSON (line 1, column 2: expecting property name enclosed in double quotes)"),
        (b"\xff\xfe\xfd", "it is not UTF-8 text"),
    ],
    ids=["open", "lists", "mappings", "behind others", "digits", "nothing", "quotes", "bytes"],
)
def test_what_cannot_be_read_is_said(text: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_json(text)

    assert caught.value.reason.startswith(reason)


def test_what_is_nested_as_deep_as_allowed_is_read() -> None:
    assert read_json("[" * 200 + "]" * 200)
