"""`mlpipeline_ui_metadata`: the JSON a step writes to have something drawn.

Format: ``{"outputs": [{"type": "markdown", "storage": "inline", "source": "# Report"}]}``, entries as the
Kubeflow Pipelines UI reads them. An entry of a type or storage that isn't drawn here is kept raw: what a step
said is never dropped.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.runs.document import entries

ARTIFACT_NAMES = ("mlpipeline-ui-metadata", "mlpipeline_ui_metadata")
"""Names under which a step's UI metadata is stored."""


@dataclasses.dataclass(frozen=True, slots=True)
class UIOutput:
    """One thing to draw.

    Attributes:
        raw: The entry as the step wrote it.
        problem: Why it can't be drawn, in words; empty if it can.
    """

    raw: Mapping[str, Any]
    problem: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Markdown(UIOutput):
    """Markdown text."""

    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Table(UIOutput):
    """A table.

    Attributes:
        header: Column titles.
        rows: Cells as text, a tuple a row.
    """

    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ConfusionMatrix(UIOutput):
    """Counts of target label (row) against predicted label (column).

    Attributes:
        labels: Labels in order.
        counts: Square, a tuple a target label.
        target: Title of the rows.
        predicted: Title of the columns.
    """

    labels: tuple[str, ...] = ()
    counts: tuple[tuple[float, ...], ...] = ()
    target: str = "target"
    predicted: str = "predicted"


def parse_ui_metadata(data: bytes) -> list[UIOutput]:
    """Return what an artifact asks to have drawn, one value an entry, none left out.

    Raises:
        OutputFormatError: The artifact isn't the JSON described above.
    """
    return [_output(entry) for entry in entries(data, "mlpipeline_ui_metadata", "outputs", _REMEDY)]


_REMEDY = 'Return json.dumps({"outputs": [{"type": "markdown", "storage": "inline", "source": "# Title"}]}).'


def _output(entry: Any) -> UIOutput:
    if not isinstance(entry, dict):
        return UIOutput({"entry": entry}, "an entry must be an object with a type and a source")
    reader = _READERS.get(str(entry.get("type")))
    if reader is None:
        return UIOutput(entry, f"the type {entry.get('type')!r} is shown as it is written")
    if entry.get("storage") != "inline":
        return UIOutput(entry, f"the source {entry.get('source')!r} is stored elsewhere; only inline sources are read")
    try:
        return reader(entry)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        return UIOutput(entry, f"this {entry['type']} can't be read: {error}")


def _markdown(entry: Mapping[str, Any]) -> UIOutput:
    return Markdown(entry, text=str(entry["source"]))


def _table(entry: Mapping[str, Any]) -> UIOutput:
    rows = _csv(entry)
    header = entry.get("header")
    if not header:
        header, rows = (rows[0], rows[1:]) if rows else ((), [])
    return Table(entry, header=tuple(map(str, header)), rows=tuple(rows))


def _confusion_matrix(entry: Mapping[str, Any]) -> UIOutput:
    """Rows of ``target,predicted,count``; the schema names the columns, in any order, the count being the third."""
    columns = [field["name"] for field in entry["schema"]]
    target, predicted = entry.get("target_col", columns[0]), entry.get("predicted_col", columns[1])
    at_target, at_predicted = columns.index(target), columns.index(predicted)
    at_count = next(i for i in range(len(columns)) if i not in (at_target, at_predicted))
    rows = _csv(entry)
    seen = {row[i]: None for row in rows for i in (at_target, at_predicted)}
    labels = [str(label) for label in entry.get("labels") or seen]
    labels += [label for label in seen if label not in labels]
    counts = [[0.0] * len(labels) for _ in labels]
    for row in rows:
        counts[labels.index(row[at_target])][labels.index(row[at_predicted])] += float(row[at_count])
    return ConfusionMatrix(
        entry, labels=tuple(labels), counts=tuple(map(tuple, counts)), target=str(target), predicted=str(predicted)
    )


def _csv(entry: Mapping[str, Any]) -> list[tuple[str, ...]]:
    if entry.get("format", "csv") != "csv":
        raise ValueError(f"the format {entry['format']!r} is not csv")
    source = entry["source"]
    if not isinstance(source, str):
        raise TypeError("the source must be text")
    return [tuple(row) for row in csv.reader(io.StringIO(source)) if row]


_READERS = {"markdown": _markdown, "table": _table, "confusion_matrix": _confusion_matrix}
