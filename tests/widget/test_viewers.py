"""What steps report is drawn, or shown as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kfp_jupyter.runs import Metric, parse_ui_metadata
from kfp_jupyter.widget.viewers import output_html
from kfp_jupyter.widget.viewers.metrics import metrics_html, summary_html


def drawn(**entry: Any) -> str:
    """Return the HTML of one inline entry of UI metadata."""
    entry = {"storage": "inline", **entry}
    return output_html(parse_ui_metadata(json.dumps({"outputs": [entry]}).encode())[0])


def test_markdown_is_drawn() -> None:
    html = drawn(type="markdown", source="# Report\n\nThe **forest** wins.\n\n| a |\n|---|\n| 1 |\n")

    assert "<h1>Report</h1>" in html
    assert "<strong>forest</strong>" in html
    assert ">1</td>" in html


def test_html_in_markdown_is_shown_as_text() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn(type="markdown", source="<script>alert(1)</script>")


def test_a_link_of_markdown_opens_elsewhere_and_says_nothing_of_here() -> None:
    html = drawn(type="markdown", source="[site](https://example.org)")

    assert '<a href="https://example.org" target="_blank" rel="noopener noreferrer">site</a>' in html


def test_a_link_that_would_run_something_goes_nowhere() -> None:
    assert "href" not in drawn(type="markdown", source="[x](javascript:alert(1)) [y](data:text/html,z) [z](//evil)")


def test_an_image_of_markdown_is_a_link() -> None:
    html = drawn(type="markdown", source="![plot](https://example.org/plot.png)")

    assert "<img" not in html
    assert '<a href="https://example.org/plot.png"' in html


def test_a_table_is_drawn_with_its_header() -> None:
    html = drawn(type="table", format="csv", header=["feature", "<b>"], source="radius,0.2\n")

    assert "<th>feature</th><th>&lt;b&gt;</th>" in html
    assert '<td class="kfp-jupyter-whole">radius</td><td class="kfp-jupyter-whole">0.2</td>' in html


def test_a_long_table_counts_what_it_leaves_out() -> None:
    assert '<p class="kfp-jupyter-note">800 more rows</p>' in drawn(
        type="table", format="csv", header=["n"], source="".join(f"{i}\n" for i in range(1000))
    )


def test_a_confusion_matrix_is_drawn_with_what_is_right() -> None:
    html = drawn(
        type="confusion_matrix",
        format="csv",
        schema=[{"name": "target"}, {"name": "predicted"}, {"name": "count"}],
        labels=["benign", "malignant"],
        source="benign,benign,70\nbenign,malignant,2\nmalignant,benign,3\nmalignant,malignant,39\n",
    )

    assert '<th scope="row">malignant</th>' in html
    assert ">39</td>" in html
    assert "109 of 114 correct (95.6%)" in html


def test_a_confusion_matrix_of_numbers_without_end_is_drawn() -> None:
    html = drawn(
        type="confusion_matrix",
        format="csv",
        schema=[{"name": "target"}, {"name": "predicted"}, {"name": "count"}],
        source="a,a,nan\na,b,inf\nb,b,-1\n",
    )

    assert ">nan</td>" in html


def test_an_entry_without_a_viewer_is_shown_as_it_was_written() -> None:
    html = drawn(type="roc", source="0,0,1")

    assert "&quot;source&quot;: &quot;0,0,1&quot;" in html
    assert "roc" in html


def test_a_broken_entry_is_shown_with_what_is_wrong() -> None:
    html = drawn(type="confusion_matrix", source="a,b")

    assert "can&#x27;t be read" in html
    assert "&quot;a,b&quot;" in html


def test_metrics_are_a_table() -> None:
    html = metrics_html([Metric("accuracy", 0.9561, percentage=True), Metric("1st", 2, problem="a server drops it")])

    assert '<th scope="row">accuracy</th><td class="kfp-jupyter-number">95.61 %</td>' in html
    assert "a server drops it" in html


def test_the_metrics_of_all_steps_stand_side_by_side() -> None:
    html = summary_html({"forest": [Metric("acc", 0.9), Metric("auc", 0.8)], "linear": [Metric("acc", 0.7)]})

    assert html.count("<tr>") == 3
    assert html.count("acc") == 1


def test_many_different_metrics_stand_below_each_other() -> None:
    html = summary_html({"forest": [Metric(f"m{i}", i) for i in range(9)]})

    assert html.count("<tr>") == 9


def test_a_run_without_metrics_has_no_table() -> None:
    assert summary_html({}) == ""


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "markdown", "source": "half \ud83d [half](https://a/\ud83d)\n\n```\n\ud83d\n```"},
        {"type": "table", "header": ["\ud83d"], "source": "\ud83d,x"},
        {"type": "confusion_matrix", "schema": [{"name": c} for c in "tp\ud83d"], "source": "\ud83d,\ud83d,1"},
        {"type": "confusion_matrix", "schema": [{"name": c} for c in "tpc"], "source": "a,a,1e308\na,b,1e308\nb,b,nan"},
        {"type": "\ud83d", "source": "\ud83d"},
        {"type": "x" * 1_000_000, "source": [[]] * 100_000},
    ],
    ids=["markdown", "table", "matrix", "beyond numbers", "type", "without end"],
)
def test_half_an_emoji_and_other_extremes_are_drawn_so_that_a_page_can_hold_them(entry: dict[str, Any]) -> None:
    html = drawn(**entry)
    assert html.encode()
    assert len(html) < 50_000
