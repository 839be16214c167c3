"""``mlpipeline_ui_metadata`` read."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from kfp_jupyter.errors import OutputFormatError
from kfp_jupyter.runs import UIOutput, parse_ui_metadata
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix, Markdown, Table

SCHEMA = [{"name": "target"}, {"name": "predicted"}, {"name": "count"}]


def read(**entry: Any) -> UIOutput:
    (output,) = parse_ui_metadata(json.dumps({"outputs": [{"storage": "inline", **entry}]}).encode())
    return output


def test_markdown_is_read() -> None:
    output = read(type="markdown", source="# Title")
    assert isinstance(output, Markdown)
    assert output.text == "# Title"


def test_a_table_takes_its_header_from_the_entry_or_the_first_row() -> None:
    with_header = read(type="table", format="csv", header=["a", "b"], source='1,"x,y"\n2,z')
    assert isinstance(with_header, Table)
    assert (with_header.header, with_header.rows) == (("a", "b"), (("1", "x,y"), ("2", "z")))
    without = read(type="table", format="csv", source="a,b\n1,2")
    assert isinstance(without, Table)
    assert (without.header, without.rows) == (("a", "b"), (("1", "2"),))


def test_a_confusion_matrix_follows_its_labels_and_column_names() -> None:
    matrix = read(
        type="confusion_matrix", format="csv", labels=["yes", "no"], target_col="truth", predicted_col="guess",
        schema=[{"name": "guess"}, {"name": "truth"}, {"name": "count"}], source="no,no,5\nyes,no,2\nyes,yes,9",
    )  # fmt: skip
    assert isinstance(matrix, ConfusionMatrix)
    assert matrix.labels == ("yes", "no")
    assert matrix.counts == ((9, 0), (2, 5))


def test_labels_that_the_entry_forgot_are_added() -> None:
    matrix = read(type="confusion_matrix", format="csv", labels=["a"], schema=SCHEMA, source="a,b,1\nb,b,2")
    assert isinstance(matrix, ConfusionMatrix)
    assert matrix.labels == ("a", "b")


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "roc", "source": "0,0"},
        {"type": "tensorboard", "source": "gs://x"},
        {"type": "markdown", "storage": "gcs", "source": "gs://bucket/file"},
        {"type": "table", "format": "parquet", "source": ""},
        {"type": "confusion_matrix", "source": "a,b"},
        {"type": "confusion_matrix", "schema": SCHEMA, "source": "a,b,many"},
        {"type": "table", "source": {"not": "text"}},
        {},
    ],
)
def test_what_cannot_be_drawn_is_kept_raw_with_the_reason(entry: dict[str, Any]) -> None:
    output = read(**entry)
    assert output.problem
    assert output.raw["storage"]


def test_an_entry_that_is_no_object_is_kept_too() -> None:
    (output,) = parse_ui_metadata(b'{"outputs": ["x"]}')
    assert output.raw == {"entry": "x"}
    assert output.problem


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"outputs": 3}', b"\xff\xfe"])
def test_what_is_no_ui_metadata_is_refused_with_the_remedy(data: bytes) -> None:
    with pytest.raises(OutputFormatError, match=r"json\.dumps"):
        parse_ui_metadata(data)


BROKEN = {
    "no source": ({"type": "markdown"}, 'This markdown can\'t be read: it has no "source".'),
    "a source that is no text": ({"type": "table", "source": [1]}, 'its "source" must be a string, but is [1].'),
    "a field over 128 KiB": (
        {"type": "table", "header": ["a"], "source": "x" * 200_000},
        "line 1 of its source can't be",
    ),
    "a quoted field over 128 KiB": (
        {"type": "table", "source": 'a\n"' + "x" * 140_000 + '"'},
        "line 2 of its source can't be read as CSV",
    ),
    "a header that is text": ({"type": "table", "header": "a,b", "source": "1,2"}, 'its "header" must be a list'),
    "no schema": ({"type": "confusion_matrix", "source": "a,b,1"}, 'its "schema" must be a list of objects'),
    "a schema of names": (
        {"type": "confusion_matrix", "schema": ["t", "p", "c"], "source": "a,b,1"},
        "a list of objects",
    ),
    "two columns": (
        {"type": "confusion_matrix", "schema": SCHEMA[:2], "source": "a,a\n"},
        "matrix can't be read: its schema must name three columns (target, predicted, count), but names 2.",
    ),
    "a short row": (
        {"type": "confusion_matrix", "schema": SCHEMA, "source": "a,a,1\na,b\n"},
        "This confusion matrix can't be read: row 2 has 2 values, but the schema names 3 columns.",
    ),
    "a count in words": (
        {"type": "confusion_matrix", "schema": SCHEMA, "source": "a,a,many\n"},
        'row 1 has the count "many", which is not a number.',
    ),
    "a column that isn't there": (
        {"type": "confusion_matrix", "schema": SCHEMA, "target_col": "truth", "source": "a,a,1"},
        'its "target_col" "truth" is not among the columns of its schema',
    ),
    "one column twice": (
        {"type": "confusion_matrix", "schema": SCHEMA, "target_col": "predicted", "source": "a,a,1"},
        "must be three columns",
    ),
    "labels that are text": (
        {"type": "confusion_matrix", "schema": SCHEMA, "labels": "ab", "source": "a,a,1"},
        'its "labels" must be a list, but is "ab".',
    ),
    "a type of its own": ({"type": {"a": 1}}, 'The type {"a": 1} is not supported; the entry is shown as raw text.'),
    "a type without end": ({"type": "x" * 100_000}, "The type "),
}


@pytest.mark.parametrize(("entry", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_entry_says_what_is_wrong_and_takes_no_other_away(entry: dict[str, Any], words: str) -> None:
    good = {"type": "markdown", "storage": "inline", "source": "# after"}
    document = {"outputs": [good, {"storage": "inline", **entry}, good]}
    before, broken, after = parse_ui_metadata(json.dumps(document).encode())
    assert isinstance(before, Markdown)
    assert isinstance(after, Markdown)
    assert words in broken.problem
    assert broken.problem[0].isupper()
    assert len(broken.problem) < 200
    assert broken.raw == {"storage": "inline", **entry}


def test_of_many_labels_the_first_are_kept_and_the_others_counted() -> None:
    matrix = read(
        type="confusion_matrix", schema=SCHEMA, source="".join(f"l{i},l{i},1\nl{i},m{i},1\n" for i in range(15_000))
    )
    assert isinstance(matrix, ConfusionMatrix)
    assert (len(matrix.labels), matrix.label_count) == (40, 30_000)
    assert len(matrix.counts) == len(matrix.counts[0]) == len(matrix.totals) == 40
    assert (matrix.total, matrix.right, matrix.totals[0]) == (30_000, 15_000, 2)


def test_reading_many_labels_takes_little_memory() -> None:
    # 330 kB, of which a square of all labels took gigabytes.
    source = "".join(f"l{i},m{i},1\n" for i in range(15_000))
    document = json.dumps(
        {"outputs": [{"type": "confusion_matrix", "storage": "inline", "schema": SCHEMA, "source": source}]}
    )
    tracemalloc.start()
    try:
        parse_ui_metadata(document.encode())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


def test_of_a_long_and_wide_table_the_beginning_is_kept_and_the_rest_counted() -> None:
    table = read(type="table", header=["a"] * 50, source="1,2\n" * 999 + ",".join("x" * 70))
    assert isinstance(table, Table)
    assert (len(table.header), len(table.rows), table.row_count, table.column_count) == (40, 200, 1000, 70)


def test_entries_beyond_those_shown_are_counted() -> None:
    outputs = parse_ui_metadata(json.dumps({"outputs": [{}] * 1000}).encode())
    assert (len(outputs), outputs[-1].problem) == (101, "900 more entries are not shown.")
