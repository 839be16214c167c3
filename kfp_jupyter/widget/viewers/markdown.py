"""Markdown a step wrote. HTML in it is shown as text, images are links, links that would run something go nowhere."""

from __future__ import annotations

import mistune

from kfp_jupyter.printable import printable
from kfp_jupyter.runs.ui_metadata import Markdown
from kfp_jupyter.widget.text import escape, shorten

LIMIT = 100_000


class _Renderer(mistune.HTMLRenderer):
    """mistune's renderer in its escaping mode, without anything that loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        scheme = url.partition(":")[0].strip().lower()
        if scheme not in ("http", "https", "mailto"):
            return text
        shown = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(url)}"{shown} target="_blank" rel="noopener noreferrer">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return self.link(text or escape(url), url, title)

    def block_code(self, code: str, info: str | None = None) -> str:  # noqa: ARG002  (mistune calls it so)
        return f"<pre><code>{escape(code)}</code></pre>\n"


_render = mistune.create_markdown(renderer=_Renderer(), plugins=["table", "strikethrough"])


def markdown_html(markdown: Markdown) -> str:
    """Return the text as HTML of paragraphs, headings, lists, tables, code and links alone."""
    return f'<div class="kfp-jupyter-markdown">{_render(printable(shorten(markdown.text, LIMIT)))}</div>'
