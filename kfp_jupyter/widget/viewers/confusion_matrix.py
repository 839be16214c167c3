"""Counts of target label against predicted label, shaded by how many of the target's they are."""

from __future__ import annotations

import math

from kfp_jupyter.runs.ui_metadata import ConfusionMatrix
from kfp_jupyter.widget.text import escape, one_line

MAX_LABELS = 40


def confusion_matrix_html(matrix: ConfusionMatrix) -> str:
    """Return the matrix as a table: a row a target label, a column a predicted label."""
    labels = [escape(one_line(label, 40)) for label in matrix.labels[:MAX_LABELS]]
    rows = "".join(f'<tr><th scope="row">{label}</th>{_cells(matrix.counts[i])}</tr>' for i, label in enumerate(labels))
    head = "".join(f'<th scope="col">{label}</th>' for label in labels)
    hidden = len(matrix.labels) - MAX_LABELS
    note = f'<p class="kfp-jupyter-note">{hidden} more labels are not shown</p>' if hidden > 0 else ""
    return (
        '<div class="kfp-jupyter-scroll"><table class="kfp-jupyter-matrix">'
        f'<caption>{_title(matrix)}</caption><thead><tr><th class="kfp-jupyter-corner">'
        f"{escape(one_line(matrix.target, 40))} ↓ &nbsp; {escape(one_line(matrix.predicted, 40))} →</th>{head}</tr>"
        f"</thead><tbody>{rows}</tbody></table></div>{note}"
    )


def _title(matrix: ConfusionMatrix) -> str:
    total = sum(map(sum, matrix.counts))
    right = sum(row[i] for i, row in enumerate(matrix.counts))
    if not total or not math.isfinite(total):
        return "Confusion matrix"
    return f"Confusion matrix: {right:g} of {total:g} right ({right / total:.1%})"


def _cells(counts: tuple[float, ...]) -> str:
    total = sum(counts)
    return "".join(
        f'<td style="background:rgba(31,111,235,{_shade(number, total):.2f})">{number:g}</td>'
        for number in counts[:MAX_LABELS]
    )


def _shade(number: float, total: float) -> float:
    share = number / total if total else 0.0
    return 0.55 * min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0
