"""An entry as the step wrote it."""

from __future__ import annotations

import json

from kfp_jupyter.runs import UIOutput
from kfp_jupyter.widget.text import escape, shorten

LIMIT = 8_000


def raw_html(output: UIOutput) -> str:
    """Return the entry's JSON, below the reason why it isn't drawn."""
    problem = f'<p class="kfp-jupyter-note">{escape(output.problem)}</p>' if output.problem else ""
    text = json.dumps(output.raw, indent=2, ensure_ascii=False, default=str)
    return f'{problem}<pre class="kfp-jupyter-raw">{escape(shorten(text, LIMIT))}</pre>'
