"""Numbers that steps reported: of one step, and of all steps side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import Metric
from kfp_jupyter.widget.text import escape

MAX_ROWS = 50
MAX_COLUMNS = 8


def metrics_html(metrics: Sequence[Metric]) -> str:
    """Return one step's metrics as a table, with what is wrong with one beside it."""
    rows = "".join(
        f'<tr><th scope="row">{escape(one_line(metric.name, 80))}</th>'
        f'<td class="kfp-jupyter-number">{escape(metric.format_value())}</td>{_problem(metric)}</tr>'
        for metric in metrics[:MAX_ROWS]
    )
    more = f'<p class="kfp-jupyter-note">and {len(metrics) - MAX_ROWS} more</p>' if len(metrics) > MAX_ROWS else ""
    table = f'<table class="kfp-jupyter-table kfp-jupyter-metrics-table">{rows}</table>'
    return f'<div class="kfp-jupyter-scroll">{table}</div>{more}'


def summary_html(steps: Mapping[str, Sequence[Metric]]) -> str:
    """Return the metrics of all steps: a row a step, a column a metric; a row each where names are many.

    Args:
        steps: Display name of a step → its metrics.
    """
    names = list(dict.fromkeys(metric.name for metrics in steps.values() for metric in metrics))
    if not names:
        return ""
    rows = _matrix(steps, names) if len(names) <= MAX_COLUMNS else _list(steps)
    return f'<div class="kfp-jupyter-scroll"><table class="kfp-jupyter-table">{rows}</table></div>'


def _matrix(steps: Mapping[str, Sequence[Metric]], names: Sequence[str]) -> str:
    head = "".join(f'<th scope="col" class="kfp-jupyter-number">{escape(one_line(name, 40))}</th>' for name in names)
    rows = []
    for label, metrics in list(steps.items())[:MAX_ROWS]:
        values = {metric.name: metric.format_value() for metric in metrics}
        cells = "".join(f'<td class="kfp-jupyter-number">{escape(values.get(name, ""))}</td>' for name in names)
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return f"<thead><tr><th>Step</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"


def _list(steps: Mapping[str, Sequence[Metric]]) -> str:
    rows = [(label, metric) for label, metrics in steps.items() for metric in metrics][:MAX_ROWS]
    return (
        "<tbody>"
        + "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(one_line(metric.name, 80))}</td>'
            f'<td class="kfp-jupyter-number">{escape(metric.format_value())}</td></tr>'
            for label, metric in rows
        )
        + "</tbody>"
    )


def _problem(metric: Metric) -> str:
    return f'<td class="kfp-jupyter-note">{escape(metric.problem)}</td>' if metric.problem else ""
