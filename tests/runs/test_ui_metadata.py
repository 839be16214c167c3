"""``mlpipeline_ui_metadata`` read."""

from __future__ import annotations

import json
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
