"""Parameters become typed fields, and what is typed becomes the text that KFP passes."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.widget.form import Entry, Field, fields_of, read_entry
from kfp_jupyter.widget.form_box import FormBox
from tests.widget.memory_engine import workflow
from tests.widget.page import Page


def test_fields_have_the_types_and_defaults_that_the_pipeline_declares() -> None:
    inputs: list[dict[str, Any]] = [
        {"name": "n", "type": "Integer", "default": "3", "description": "how many"},
        {"name": "who"},
        {"name": "where", "type": {"GCSPath": {"path_type": "file"}}, "default": ""},
    ]

    assert fields_of(workflow({}, inputs=inputs)) == [
        Field("n", "Integer", "3", "how many"),
        Field("who", "String", None),
        Field("where", "GCSPath", ""),
    ]


def test_the_value_of_a_run_is_shown_in_place_of_the_default() -> None:
    made = workflow({}, inputs=[{"name": "n", "type": "Integer", "default": "3"}])
    made["spec"]["arguments"]["parameters"][0]["value"] = "7"

    assert fields_of(made)[0].value == "7"


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("Integer", " +1_000 ", "1000"),
        ("Float", "1e-3", "1e-3"),
        ("Boolean", True, "True"),
        ("Bool", "false", "False"),
        ("String", " as it is {{x}}\n", " as it is {{x}}\n"),
        ("JsonObject", '{"b": 1, "a": "ü"}', '{"a": "\\u00fc", "b": 1}'),
        ("JsonArray", "[1,2]", "[1, 2]"),
        ("CSV", "a,b", "a,b"),
    ],
)
def test_a_value_becomes_the_text_that_kfp_passes(kind: str, content: str | bool, text: str) -> None:
    assert read_entry(Field("x", kind, ""), content) == Entry(text)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("Integer", "3.5", "x must be a whole number such as 3; got '3.5'."),
        ("Integer", "", "x needs a whole number."),
        ("Float", "many", "x must be a number such as 0.5 or 1e-3; got 'many'."),
        ("Boolean", "maybe", "x must be True or False; got 'maybe'."),
        ("JsonObject", "[1]", "x must be a JSON object such as {\"key\": 1}; got '[1]'."),
        (
            "JsonArray",
            "[1",
            "x must be a JSON list such as [1, 2]: it is not JSON (line 1, column 3: expecting ',' delimiter).",
        ),
    ],
)
def test_wrong_content_is_said_in_words(kind: str, content: str, words: str) -> None:
    assert read_entry(Field("x", kind, "1"), content).problem == words


def test_a_text_without_a_default_has_to_be_given() -> None:
    assert read_entry(Field("who"), "").problem == "who needs a value."


def test_an_empty_text_with_a_default_is_passed_on() -> None:
    assert read_entry(Field("who", value="you"), "") == Entry("")


def test_the_form_gives_all_arguments() -> None:
    form = FormBox()
    form.load([Field("n", "Integer", "3"), Field("flag", "Boolean", "True")])

    assert form.arguments() == {"n": "3", "flag": "True"}


def test_what_was_typed_stays_when_the_pipeline_is_compiled_again() -> None:
    form = FormBox()
    form.load([Field("n", "Integer", "3")])
    Page(form).field("n").type("4")

    form.load([Field("n", "Integer", "3"), Field("m", "Integer", "5")])

    assert form.arguments() == {"n": "4", "m": "5"}


def test_a_wrong_field_says_so_until_it_is_right() -> None:
    form = FormBox()
    form.load([Field("n", "Integer", "3")])
    field = Page(form).field("n")
    field.type("many")

    assert form.arguments() is None
    assert "whole number" in field.problem
    field.type("5")
    assert field.problem == ""
