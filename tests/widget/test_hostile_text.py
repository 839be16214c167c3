"""Nothing a step or an author wrote can run in the notebook: any text ends up as text."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.runs import Metric
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix, Markdown, Table, UIOutput
from kfp_jupyter.widget.banner import Failure, failure_html, problem_html
from kfp_jupyter.widget.details import Chosen, head_html, results_html, template_html, values_html
from kfp_jupyter.widget.elements import GroupNode, StepGraph, StepNode
from kfp_jupyter.widget.log import LogTail, log_html
from kfp_jupyter.widget.picture import Snapshot, picture_svg
from kfp_jupyter.widget.progress import step_list_html
from kfp_jupyter.widget.results import Results
from kfp_jupyter.widget.standing import Turn
from kfp_jupyter.widget.viewers import output_html
from kfp_jupyter.widget.viewers.metrics import metrics_html, summary_html
from tests.widget.inert import dangers
from tests.widget.memory_engine import START, node, run_state, standing

PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre>",
    "</style>",
    "<svg/onload=x>",
    '" onmouseover="x',
    "' autofocus onfocus='x",
    "javascript:alert(1)",
    "[a](javascript:x)",
    "![i](https://e/x.png 't\" onload=\"x')",
    '[a](<https://e/"onclick=x>)',
    "<https://e/?a=\"b'>",
    "[r]: vbscript:x\n\n[r]",
    '```html" onclick="x\n<b>\n```',
    "&#60;script&#62;",
    "]]>",
    "<!--",
    "<?php",
    "{{x}}",
    "\x00",
    "\x1b[31m<b>",
    "\n",
    " ",
    "|a|\n|-|\n|<i>|",
]
hostile = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text())


@given(hostile)
def test_markdown(text: str) -> None:
    assert dangers(output_html(Markdown({"type": text}, text=text))) == []


@given(hostile)
def test_the_other_viewers(text: str) -> None:
    for output in (
        UIOutput({"type": text, text: [text]}, problem=text),
        Table({}, header=(text,), rows=((text, text),)),
        ConfusionMatrix({}, labels=(text, "b"), counts=((1, 2), (3, 4)), target=text, predicted=text),
    ):
        assert dangers(output_html(output)) == []


@given(hostile)
def test_metrics(text: str) -> None:
    metric = Metric(text, 1.0, problem=text)

    assert dangers(metrics_html([metric])) == []
    assert dangers(summary_html({text: [metric]})) == []
    assert dangers(results_html(Results((metric,), (), (text,)))) == []


@given(hostile)
def test_log(text: str) -> None:
    tail = LogTail(max_lines=3)
    tail.add(text)

    assert dangers(log_html(tail, live=True)) == []


@given(hostile)
def test_banner(text: str) -> None:
    failed = node("a", "Failed", message=text)

    assert dangers(problem_html(text)) == []
    assert dangers(failure_html(run_state("Failed", failed, message=text), [])) == []
    assert dangers(failure_html(run_state("Failed", failed), [Failure(text, failed, text)])) == []


@given(hostile)
def test_details(text: str) -> None:
    state = node("a", "Failed", message=text, inputs={text: text}, outputs={text: text}, output_artifacts=(text,))
    step = StepNode(text, text, text, test=text, loop=text, resource=text)
    group = GroupNode(text, "loop", text, text, test=text, loop=text)
    chosen = Chosen(step, (group,), Turn(text, state), failure=Failure(text, state, text))

    assert dangers(head_html(chosen, START, ended=True)) == []
    assert dangers(head_html(dataclasses.replace(chosen, item=group), START, ended=True)) == []
    assert dangers(values_html({"name": text}, state)) == []
    assert dangers(template_html({"name": text, "container": {"args": [text]}})) == []
    assert dangers(step_list_html({text: text}, {text: standing(state, state)}, ended=True)) == []


@given(hostile)
def test_the_picture_is_valid_xml_without_anything_active(text: str) -> None:
    step = StepNode("g.a", text, text, group="g", test=text, loop=text, resource=text)
    group = GroupNode("g", "condition", text, text, test=text, loop=text, followed_by=text)
    graph = StepGraph((StepNode("b", text, text), step), (("b", "g"),), (group,))
    state = dataclasses.replace(run_state("Failed", node("g.a", "Failed", message=text)), id=text)
    svg = picture_svg(Snapshot(text, graph, state, START, {text: [Metric(text, 1.0)]}))

    ET.fromstring(svg)
    assert dangers(svg, svg=True) == []
