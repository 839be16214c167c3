"""``mlpipeline_metrics`` read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.errors import OutputFormatError
from kfp_jupyter.runs import parse_metrics


def written(*entries: Any) -> bytes:
    return json.dumps({"metrics": entries}).encode()


def test_numbers_are_shown_as_their_format_says() -> None:
    raw, percentage = parse_metrics(
        written(
            {"name": "loss", "numberValue": 0.125, "format": "RAW"},
            {"name": "accuracy-score", "numberValue": 0.9789, "format": "PERCENTAGE"},
        )
    )
    assert (raw.format_value(), percentage.format_value()) == ("0.125", "97.89 %")
    assert not raw.problem
    assert not percentage.problem


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": "a b", "numberValue": 1}, "letters"),
        ({"name": "a", "numberValue": "1.5"}, "finite JSON numbers"),
        ({"name": "a", "numberValue": float("nan")}, "finite JSON numbers"),
        ({"name": "a", "numberValue": 1, "format": "BYTES"}, "BYTES"),
    ],
)
def test_what_a_server_would_drop_is_shown_and_said(entry: dict[str, Any], problem: str) -> None:
    (metric,) = parse_metrics(written(entry))
    assert problem in metric.problem


def test_more_metrics_than_a_server_keeps_are_shown_and_said() -> None:
    metrics = parse_metrics(written(*({"name": f"m{i}", "numberValue": i} for i in range(51))))
    assert [bool(metric.problem) for metric in metrics] == [False] * 50 + [True]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff", "it is no UTF-8 text"),
        (b"[]", 'no list under the key "metrics"'),
        (written({"name": "a"}), '"numberValue"'),
        (written("a"), "Entry 1"),
        (written({"name": "a", "numberValue": "high"}), "'a'"),
    ],
)
def test_what_is_no_metrics_is_refused_with_the_remedy(data: bytes, words: str) -> None:
    with pytest.raises(OutputFormatError) as caught:
        parse_metrics(data)
    assert words in str(caught.value)
    assert "json.dumps" in str(caught.value)


@given(st.binary() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda x: json.dumps(x).encode()))
def test_nothing_else_ever_escapes(data: bytes) -> None:
    try:
        parse_metrics(data)
    except OutputFormatError:
        return
