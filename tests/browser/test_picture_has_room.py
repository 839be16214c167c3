"""No text of a run's picture is cut at its edges, with the fonts that a browser has."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

PICTURES = sorted((Path(__file__).parents[1] / "widget" / "golden").glob("*.svg"))

CUT = """
() => {
  const frame = document.querySelector("svg").getBoundingClientRect();
  const texts = [...document.querySelectorAll("svg text")];
  const cut = texts.filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left || box.right > frame.right;
  });
  return [texts.length, cut.map((text) => text.textContent)];
}
"""


@pytest.mark.parametrize("picture", PICTURES, ids=[path.stem for path in PICTURES])
def test_every_text_of_a_picture_is_inside_of_it(chromium: Browser, picture: Path) -> None:
    page = chromium.new_page(viewport={"width": 2000, "height": 1200})
    page.set_content(picture.read_text(encoding="utf-8"))
    texts, cut = page.evaluate(CUT)
    page.close()
    assert texts > 0
    assert cut == []
