"""Counts of target label against predicted label, shaded by how many of the target's they are."""

from __future__ import annotations

import math

from kfp_jupyter.printable import count, one_line
from kfp_jupyter.runs.numbers import readable
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix
from kfp_jupyter.widget.text import escape


def confusion_matrix_html(matrix: ConfusionMatrix) -> str:
    """Return the matrix as a table: a row a target label, a column a predicted label."""
    labels = [escape(one_line(label, 40)) for label in matrix.labels]
    rows = "".join(
        f'<tr><th scope="row">{label}</th>{_cells(numbers, total)}</tr>'
        for label, numbers, total in zip(labels, matrix.counts, matrix.totals, strict=True)
    )
    head = "".join(f'<th scope="col">{label}</th>' for label in labels)
    hidden = matrix.label_count - len(matrix.labels)
    note = f'<p class="kfp-jupyter-note">Not shown: {count(hidden, "more label")}</p>' if hidden > 0 else ""
    return (
        '<div class="kfp-jupyter-scroll"><table class="kfp-jupyter-matrix">'
        f'<caption>{_title(matrix)}</caption><thead><tr><th class="kfp-jupyter-corner">'
        f"{escape(one_line(matrix.target, 40))} ↓ &nbsp; {escape(one_line(matrix.predicted, 40))} →</th>{head}</tr>"
        f"</thead><tbody>{rows}</tbody></table></div>{note}"
    )


def _title(matrix: ConfusionMatrix) -> str:
    right, total = matrix.right, matrix.total
    if not total or not math.isfinite(total) or not math.isfinite(right / total):
        return "Confusion matrix"
    return f"Confusion matrix: {readable(right)} of {readable(total)} correct ({right / total:.1%})"


def _cells(counts: tuple[float, ...], total: float) -> str:
    return "".join(
        f'<td style="background:rgba(31,111,235,{_shade(number, total):.2f})">{readable(number)}</td>'
        for number in counts
    )


def _shade(number: float, total: float) -> float:
    share = number / total if total else 0.0
    return 0.55 * min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0
