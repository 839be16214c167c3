"""One viewer a file: a value that a step asked to have drawn → HTML that can't do anything.

To add one, write a function from the value's class to HTML and name it in `VIEWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import UIOutput
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix, Markdown, Table
from kfp_jupyter.widget.text import escape
from kfp_jupyter.widget.viewers.confusion_matrix import confusion_matrix_html
from kfp_jupyter.widget.viewers.markdown import markdown_html
from kfp_jupyter.widget.viewers.raw import raw_html
from kfp_jupyter.widget.viewers.table import table_html

VIEWERS: dict[type[UIOutput], Callable[[Any], str]] = {
    ConfusionMatrix: confusion_matrix_html,
    Markdown: markdown_html,
    Table: table_html,
}


def output_html(output: UIOutput) -> str:
    """Return an entry of UI metadata as HTML; one without a viewer is shown as it was written."""
    viewer = raw_html if output.problem else VIEWERS.get(type(output), raw_html)
    kind = escape(one_line(str(output.raw.get("type", "entry")), 40))
    try:
        drawn = viewer(output)
    except Exception as error:  # noqa: BLE001 - whatever a step wrote, it takes no other entry away
        drawn = raw_html(UIOutput(output.raw, f"This {kind} can't be rendered: {error!r}."))
    return f'<div class="kfp-jupyter-visualisation" data-type="{kind}">{drawn}</div>'
