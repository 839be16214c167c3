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
        (b"\xff", "it is not UTF-8 text"),
        (b"[]", 'no list under the key "metrics"'),
    ],
)
def test_what_is_no_metrics_is_refused_with_the_remedy(data: bytes, words: str) -> None:
    with pytest.raises(OutputFormatError) as caught:
        parse_metrics(data)
    assert words in str(caught.value)
    assert "json.dumps" in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "shown", "problem"),
    [
        ({"name": "a"}, '{"name": "a"}', 'no "name" and "numberValue"'),
        ("a", '"a"', "Entry 2 of mlpipeline_metrics"),
        ({"name": "a", "numberValue": "high"}, '"high"', 'The "numberValue" is not a number: "high".'),
        ({"name": "a", "numberValue": None}, "null", "not a number"),
        ({"name": "a", "numberValue": [1] * 10_000}, "[1, 1, 1", "not a number"),
        ({"name": "a", "numberValue": 10**400}, "1000000000", "finite JSON numbers"),
        ({"name": "a", "numberValue": -(10**400)}, "-1000000000", "finite JSON numbers"),
        ({"name": "a", "numberValue": float("inf")}, "inf", "finite JSON numbers"),
        ({"name": ["a"], "numberValue": 1}, "1", "letters"),
        ({"name": "a\n", "numberValue": 1}, "1", "letters"),
        ({"name": "a", "numberValue": 1, "format": []}, "1", "the format []"),
    ],
)
def test_an_odd_metric_is_shown_with_what_is_wrong_and_takes_no_other_away(
    entry: Any, shown: str, problem: str
) -> None:
    before, odd, after = parse_metrics(written({"name": "b", "numberValue": 1}, entry, {"name": "c", "numberValue": 2}))
    assert (before.value, after.value) == (1, 2)
    assert odd.format_value().startswith(shown)
    assert len(odd.format_value()) <= 60
    assert problem in odd.problem
    assert odd.problem[0].isupper()
    assert odd.problem.endswith(".")


def test_a_number_of_more_digits_than_python_reads_is_one_metric_of_several() -> None:
    first, second = parse_metrics(
        b'{"metrics": [{"name": "a", "numberValue": 1' + b"0" * 5000 + b'}, {"name": "b", "numberValue": 2}]}'
    )
    assert (first.format_value(), second.format_value()) == ("inf", "2")
    assert first.problem


@pytest.mark.parametrize(("number", "shown"), [(1e308, "1.000e+310 %"), (-1e307, "-1.000e+309 %"), (0.5, "50 %")])
def test_a_percentage_is_never_infinite_where_the_number_is_not(number: float, shown: str) -> None:
    (metric,) = parse_metrics(written({"name": "a", "numberValue": number, "format": "PERCENTAGE"}))
    assert metric.format_value() == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (-7, "-7"), (2026, "2,026"), (1234567.0, "1,234,567"),
        (-1234567, "-1,234,567"), (999_999_999_999_999, "999,999,999,999,999"), (10**15, "1e+15"), (1e300, "1e+300"),
        (0.1, "0.1"), (1 / 3, "0.333333"), (-2 / 3, "-0.666667"), (0.1 + 0.2, "0.3"), (3.14159265, "3.14159"),
        (1234.5678, "1,234.57"), (123456.7, "123,457"), (999999.3, "999,999"), (999999.7, "1,000,000"),
        (1234567.8, "1,234,568"), (0.0001, "0.0001"), (0.00001234, "1.234e-05"), (5e-324, "4.94066e-324"),
        (float("nan"), "nan"), (float("inf"), "inf"), (float("-inf"), "-inf"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_people_read_it(number: float, shown: str) -> None:
    (metric,) = parse_metrics(written({"name": "a", "numberValue": number}))
    assert metric.format_value() == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "100 %"), (0.97894, "97.89 %"), (0.07, "7 %"), (123.456, "12,346 %"), (1e-6, "0.0001 %")]
)
def test_a_percentage_is_shown_as_people_read_it(number: float, shown: str) -> None:
    (metric,) = parse_metrics(written({"name": "a", "numberValue": number, "format": "PERCENTAGE"}))
    assert metric.format_value() == shown


def test_a_document_beyond_all_measure_is_refused_before_it_is_read() -> None:
    with pytest.raises(
        OutputFormatError,
        match=r"mlpipeline_metrics has 4,200,000 bytes; 4,194,304 at most can be "
        r"read",
    ):
        parse_metrics(b"x" * 4_200_000)


@given(st.binary() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda x: json.dumps(x).encode()))
def test_nothing_else_ever_escapes(data: bytes) -> None:
    try:
        parse_metrics(data)
    except OutputFormatError:
        return
