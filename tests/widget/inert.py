"""Whether HTML can do anything: the elements and attributes that the view's own parts are made of, no others."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

# fmt: off
ELEMENTS = {
    "a", "b", "blockquote", "br", "caption", "code", "del", "details", "div", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "summary", "table", "tbody", "td", "time",
    "th", "thead", "tr", "ul",
}
SVG_ELEMENTS = {
    "svg", "g", "rect", "circle", "path", "text", "tspan",
}
ATTRIBUTES = {
    "class", "style", "title", "role", "scope", "rel", "target", "start", "data-step", "data-phase",
    "data-type", "aria-label", "datetime",
}
SVG_ATTRIBUTES = {
    "xmlns", "class", "width", "height", "viewbox", "font-family", "font-size", "font-weight", "role",
    "aria-label", "x", "y", "dx", "rx", "cx", "cy", "r", "d", "fill", "stroke", "stroke-width",
    "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "transform", "opacity", "fill-opacity", "text-anchor",
}
# fmt: on


def dangers(markup: str, *, svg: bool = False) -> list[str]:
    """Return what in a piece of HTML or SVG isn't known to be harmless."""
    reader = _Reader(SVG_ELEMENTS if svg else ELEMENTS, SVG_ATTRIBUTES if svg else ATTRIBUTES)
    reader.feed(markup)
    reader.close()
    return reader.found + obeyed(markup)


BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"\N{ARABIC LETTER MARK}", "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"}
UNSEEN = ("WORD JOINER", "ZERO WIDTH NO-BREAK", "INVISIBLE", "INTERLINEAR", "LANGUAGE TAG")
FILLERS = "\u115f\u1160\u3164\uffa0"
LINES = {"Zl", "Zp"}


def obeyed(text: str) -> list[str]:
    """Return the names of characters that a terminal or a browser obeys, or passes over, instead of showing them."""
    return [ascii(char) for char in text if _does_something(char)]


def _does_something(char: str) -> bool:
    control = unicodedata.category(char) == "Cc" and char not in "\n\r\t"
    if unicodedata.category(char) in LINES or char in FILLERS or unicodedata.name(char, "").startswith(UNSEEN):
        return True
    return control or char in MARKS or unicodedata.bidirectional(char) in BIDIRECTIONAL


class _Reader(HTMLParser):
    def __init__(self, elements: set[str], attributes: set[str]) -> None:
        super().__init__()
        self._elements, self._attributes = elements, attributes
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._elements:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "href" and (value or "").startswith(("https:", "http:", "mailto:")):
                continue
            if name not in self._attributes:
                self.found.append(f"{tag} {name}={value!r}")
            if name == "style" and any(word in (value or "").lower() for word in ("url", "expression", "@")):
                self.found.append(f"{tag} style={value!r}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")
