"""`mlpipeline_ui_metadata`: the JSON a step writes to have something drawn.

Format: ``{"outputs": [{"type": "markdown", "storage": "inline", "source": "# Report"}]}``, entries as the
Kubeflow Pipelines UI reads them. An entry of a type or storage that isn't drawn here, or that breaks its format, is
kept raw with the reason: what a step said is never dropped, and no entry takes another away. What a value holds is
bounded: of long tables and of matrices with many labels the first are kept and the others counted.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.runs.document import entries, shown

ARTIFACT_NAMES = ("mlpipeline-ui-metadata", "mlpipeline_ui_metadata")
"""Names under which a step's UI metadata is stored."""

MAX_OUTPUTS = 100
"""How many entries of an artifact are read."""

MAX_ROWS = 200
MAX_COLUMNS = 40
"""How many rows and columns of a table are kept."""

MAX_LABELS = 40
"""How many labels of a confusion matrix are kept."""


@dataclasses.dataclass(frozen=True, slots=True)
class UIOutput:
    """One thing to draw.

    Attributes:
        raw: The entry as the step wrote it.
        problem: Why it can't be drawn, a sentence; empty if it can.
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
        header: Titles of the first columns.
        rows: The first rows, their first cells as text.
        row_count: How many rows there are.
        column_count: How many cells the longest row has.
    """

    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    row_count: int = 0
    column_count: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class ConfusionMatrix(UIOutput):
    """Counts of target label (row) against predicted label (column).

    Attributes:
        labels: The first labels, in order.
        counts: Square, a tuple a target label of those.
        totals: Sum of each of those target labels, over all predicted labels.
        label_count: How many labels there are.
        total: Sum of all counts.
        right: Sum of the counts whose labels are the same.
        target: Title of the rows.
        predicted: Title of the columns.
    """

    labels: tuple[str, ...] = ()
    counts: tuple[tuple[float, ...], ...] = ()
    totals: tuple[float, ...] = ()
    label_count: int = 0
    total: float = 0.0
    right: float = 0.0
    target: str = "target"
    predicted: str = "predicted"


def parse_ui_metadata(data: bytes) -> list[UIOutput]:
    """Return what an artifact asks to have drawn, one value an entry, none left out without a word.

    Raises:
        OutputFormatError: The artifact isn't the JSON described above.
    """
    found = entries(data, "mlpipeline_ui_metadata", "outputs", _REMEDY)
    outputs = [_output(entry) for entry in found[:MAX_OUTPUTS]]
    if len(found) > MAX_OUTPUTS:
        more = len(found) - MAX_OUTPUTS
        outputs.append(UIOutput({"entries": len(found)}, f"{more:,} more entries are not shown."))
    return outputs


_REMEDY = 'Return json.dumps({"outputs": [{"type": "markdown", "storage": "inline", "source": "# Title"}]}).'


class _Unfit(Exception):  # noqa: N818 - not for anybody outside
    """An entry breaks its format; the message goes on a sentence."""


def _output(entry: Any) -> UIOutput:
    if not isinstance(entry, dict):
        return UIOutput({"entry": entry}, "An entry must be an object with a type and a source.")
    reader = _READERS.get(str(entry.get("type")))
    if reader is None:
        return UIOutput(entry, f"The type {shown(entry.get('type'))} is not supported; the entry is shown as raw text.")
    if entry.get("storage") != "inline":
        source = shown(entry.get("source"))
        return UIOutput(entry, f"The source {source} is stored elsewhere; only inline sources are rendered.")
    try:
        return reader(entry)
    except _Unfit as problem:
        return UIOutput(entry, f"This {str(entry['type']).replace('_', ' ')} can't be read: {problem}.")


def _markdown(entry: Mapping[str, Any]) -> UIOutput:
    return Markdown(entry, text=_source(entry))


def _table(entry: Mapping[str, Any]) -> UIOutput:
    rows = _csv(entry)
    header = entry.get("header") or next(rows, ())
    if not isinstance(header, (list, tuple)):
        raise _Unfit(f'its "header" must be a list, but is {shown(header)}')
    kept: list[tuple[str, ...]] = []
    count, widest = 0, len(header)
    for row in rows:
        count, widest = count + 1, max(widest, len(row))
        if count <= MAX_ROWS:
            kept.append(tuple(row[:MAX_COLUMNS]))
    return Table(entry, "", tuple(map(str, header[:MAX_COLUMNS])), tuple(kept), count, widest)


def _confusion_matrix(entry: Mapping[str, Any]) -> UIOutput:
    """Rows of ``target,predicted,count``; the schema names the columns, in any order, the count being the third."""
    columns = _columns(entry)
    target, predicted = entry.get("target_col", columns[0]), entry.get("predicted_col", columns[1])
    places = [_place(name, key, columns) for name, key in ((target, "target_col"), (predicted, "predicted_col"))]
    at_count = next((i for i in range(len(columns)) if i not in places), None)
    if at_count is None or places[0] == places[1]:
        raise _Unfit('its "target_col", its "predicted_col" and the count must be three columns')
    matrix = _Counts(_labels(entry))
    for number, row in enumerate(_csv(entry), 1):
        if len(row) < len(columns):
            raise _Unfit(f"row {number} has {len(row)} values, but the schema names {len(columns)} columns")
        try:
            count = float(row[at_count])
        except ValueError:
            raise _Unfit(f"row {number} has the count {shown(row[at_count])}, which is not a number") from None
        matrix.add(row[places[0]], row[places[1]], count)
    return matrix.value(entry, str(target), str(predicted))


class _Counts:
    """A confusion matrix as it grows: of labels beyond those kept only the names are remembered, to be counted."""

    def __init__(self, labels: list[str]) -> None:
        self._places: dict[str, int] = {}
        self._others: set[str] = set()
        self._counts = [[0.0] * MAX_LABELS for _ in range(MAX_LABELS)]
        self._totals = [0.0] * MAX_LABELS
        self._total = self._right = 0.0
        for label in labels:
            self._place(label)

    def add(self, target: str, predicted: str, count: float) -> None:
        """Add what a row says."""
        row, column = self._place(target), self._place(predicted)
        self._total += count
        if target == predicted:
            self._right += count
        if row is not None:
            self._totals[row] += count
            if column is not None:
                self._counts[row][column] += count

    def value(self, entry: Mapping[str, Any], target: str, predicted: str) -> ConfusionMatrix:
        """Return it as a value."""
        size = len(self._places)
        return ConfusionMatrix(
            entry,
            labels=tuple(self._places),
            counts=tuple(tuple(row[:size]) for row in self._counts[:size]),
            totals=tuple(self._totals[:size]),
            label_count=size + len(self._others),
            total=self._total,
            right=self._right,
            target=target,
            predicted=predicted,
        )

    def _place(self, label: str) -> int | None:
        if label not in self._places:
            if len(self._places) == MAX_LABELS:
                self._others.add(label)
                return None
            self._places[label] = len(self._places)
        return self._places[label]


def _columns(entry: Mapping[str, Any]) -> list[Any]:
    schema = entry.get("schema")
    if not isinstance(schema, list) or not all(isinstance(field, dict) and "name" in field for field in schema):
        raise _Unfit('its "schema" must be a list of objects with a "name", one a column')
    if len(schema) < 3:
        raise _Unfit(f"its schema must name three columns (target, predicted, count), but names {len(schema)}")
    return [field["name"] for field in schema]


def _place(name: Any, key: str, columns: list[Any]) -> int:
    if name not in columns:
        raise _Unfit(f'its "{key}" {shown(name)} is not among the columns of its schema')
    return columns.index(name)


def _labels(entry: Mapping[str, Any]) -> list[str]:
    labels = entry.get("labels") or []
    if not isinstance(labels, list):
        raise _Unfit(f'its "labels" must be a list, but is {shown(labels)}')
    return list(map(str, labels))


def _csv(entry: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the rows of an entry's source, empty ones left out."""
    if entry.get("format", "csv") != "csv":
        raise _Unfit(f"its format {shown(entry['format'])} is not csv")
    return _rows(csv.reader(io.StringIO(_source(entry), newline="")))


def _rows(reader: Any) -> Iterator[list[str]]:
    try:
        yield from filter(None, reader)
    except csv.Error as error:
        raise _Unfit(f"line {reader.line_num} of its source can't be read as CSV ({error})") from None


def _source(entry: Mapping[str, Any]) -> str:
    source = entry.get("source")
    if not isinstance(source, str):
        raise _Unfit(
            f'its "source" must be a string, but is {shown(source)}' if "source" in entry else 'it has no "source"'
        )
    return source


_READERS = {"markdown": _markdown, "table": _table, "confusion_matrix": _confusion_matrix}
