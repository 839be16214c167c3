"""What is typed for an engine's option is read by the option's own type."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from kfp_jupyter.engines.registry import ENGINES, get_engine, read_options
from kfp_jupyter.errors import UsageError
from kfp_jupyter.redaction import redact


@pytest.mark.parametrize("name", ENGINES)
def test_every_parameter_of_an_engine_is_an_option_with_a_type(name: str) -> None:
    declared = [option.name for option in getattr(ENGINES[name], "options", ())]
    assert declared == list(inspect.signature(ENGINES[name]).parameters)


@pytest.mark.parametrize("text", ["2024", "007", "true", "no", "1e3", "", "null", "٣"])
@pytest.mark.parametrize("option", ["context", "namespace", "kubeconfig", "s3_endpoint", "server", "server_token"])
def test_text_stays_as_it_was_typed(option: str, text: str) -> None:
    assert read_options("argo", {option: text}) == {option: text}


@pytest.mark.parametrize(
    ("engine", "option", "text", "value"),
    [
        ("argo", "server_insecure", "true", True),
        ("argo", "server_insecure", "No", False),
        ("local", "cache", "0", False),
        ("local", "parallelism", "4", 4),
        ("local", "root", "2024", "2024"),
        ("argo", "labels", "team=a, number=7,empty=", {"team": "a", "number": "7", "empty": ""}),
    ],
)
def test_other_types_are_read(engine: str, option: str, text: str, value: Any) -> None:
    assert read_options(engine, {option: text}) == {option: value}


@pytest.mark.parametrize(
    ("engine", "option", "text", "wanted"),
    [
        ("local", "parallelism", "0", "a whole number of at least 1"),
        ("local", "parallelism", "2.5", "a whole number of at least 1"),
        ("local", "parallelism", "٣", "a whole number of at least 1"),
        ("local", "cache", "maybe", "true or false"),
        ("argo", "server_insecure", "", "true or false"),
        ("argo", "labels", "team", "labels, written key=value,key=value"),
    ],
)
def test_what_is_of_another_type_is_told_what_it_must_be(engine: str, option: str, text: str, wanted: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_options(engine, {option: text})
    shown = text if text.isdecimal() else repr(text)
    assert raised.value.message == f"The {engine} engine's {option}={shown} must be {wanted}."


def test_an_unknown_option_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"The engine 'local' has no option 'colour'\. It has root, python, cache, "):
        read_options("local", {"colour": "blue"})


def test_a_token_is_shown_nowhere_from_then_on() -> None:
    read_options("argo", {"server_token": "8675309001"})
    assert redact("said 8675309001") == "said ***"


@pytest.mark.parametrize(
    ("engine", "options", "told"),
    [
        ("local", {"cache": "yes"}, "cache='yes' must be true or false."),
        ("local", {"cache": 1}, "cache=1 must be true or false."),
        ("local", {"parallelism": 0}, "parallelism=0 must be a whole number of at least 1."),
        ("local", {"parallelism": True}, "parallelism=True must be a whole number of at least 1."),
        ("local", {"parallelism": "2"}, "parallelism='2' must be a whole number of at least 1."),
        ("local", {"root": 3}, "root=3 must be a string."),
        ("argo", {"namespace": 3}, "namespace=3 must be a string."),
        ("argo", {"server_insecure": "no"}, "server_insecure='no' must be true or false."),
        ("argo", {"labels": "x"}, "labels='x' must be a mapping of names to values."),
    ],
)
def test_what_a_program_gives_is_of_the_options_type_too(engine: str, options: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        get_engine(engine, **options)
    assert raised.value.message == f"The {engine} engine's {told}"


def test_a_secret_that_a_program_gives_is_not_shown() -> None:
    get_engine("argo", server="https://u:given-password@host", server_token="given-token")
    assert redact("given-token given-password") == redact("given-token") + " " + redact("given-password")
    assert "given" not in redact("given-token given-password")
