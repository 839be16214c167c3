"""Nothing a step or an author wrote can run in the notebook, move a cursor, or turn round what is beside it."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import ipywidgets
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.components import Component
from kfp_jupyter.components.structures import (
    ComponentSpec,
    ContainerImplementation,
    ContainerSpec,
    InputSpec,
    OutputSpec,
)
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import EngineError, Position
from kfp_jupyter.runs import Metric
from kfp_jupyter.runs.ui_metadata import ConfusionMatrix, Markdown, Table, UIOutput
from kfp_jupyter.widget.banner import Failure, failure_html, problem_html
from kfp_jupyter.widget.card import ComponentCard
from kfp_jupyter.widget.details import Chosen, head_html, results_html, template_html, values_html
from kfp_jupyter.widget.listing import Cell, Link, Listing, Listings
from kfp_jupyter.widget.log import LogTail
from kfp_jupyter.widget.log_box import LogBox
from kfp_jupyter.widget.notes import notes_bundle
from kfp_jupyter.widget.picture import Snapshot, picture_svg, picture_text
from kfp_jupyter.widget.progress import step_list_html
from kfp_jupyter.widget.results import Results
from kfp_jupyter.widget.run_view import RunView
from kfp_jupyter.widget.step_status import Iteration
from kfp_jupyter.widget.viewers import output_html
from kfp_jupyter.widget.viewers.metrics import metrics_html, summary_html
from kfp_jupyter.widget.workflow_text import WorkflowText
from kfp_jupyter.workflow.step_graph import GroupNode, StepGraph, StepNode
from kfp_jupyter.workflow.views import Template
from tests.widget.inert import dangers, obeyed
from tests.widget.memory_engine import START, MemoryEngine, node, run_state, standing, workflow

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
    "\x9b31m",
    "check \u202edeifirev",
    "\u2067x\u2069",
    "\u061c\u200e\u200f",
    "tra\u2060in\ufeff\u3164\u2028\U000e0001\ufff9",
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

    box = LogBox()
    box.show(tail.lines(), tail.left_out, live=True)
    assert [found for widget in box.children[0].children for found in dangers(widget.value)] == []


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
    chosen = Chosen(step, (group,), Iteration(text, state), failure=Failure(text, state, text))

    assert dangers(head_html(chosen, START, ended=True)) == []
    assert dangers(head_html(dataclasses.replace(chosen, item=group), START, ended=True)) == []
    assert dangers(values_html(Template({"name": text}), state)) == []
    assert dangers(template_html(Template({"name": text, "container": {"args": [text]}}))) == []
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


@given(hostile)
def test_the_picture_as_text(text: str) -> None:
    graph = StepGraph((StepNode("a", text, "a", test=text, loop=text, resource=text),))
    state = dataclasses.replace(run_state("Failed", node("a", "Failed", message=text)), id=text)

    assert obeyed(picture_text(Snapshot(text, graph, state, START, {text: [Metric(text, 1.0)]}))) == []


@given(hostile)
def test_component_cards(text: str) -> None:
    spec = ComponentSpec(
        name=text,
        description=text,
        inputs=(InputSpec("x", text, default=text), InputSpec("y", {text: text}, optional=True)),
        outputs=(OutputSpec("z", text),),
        implementation=ContainerImplementation(ContainerSpec(image=text or "image", command=("true",))),
    )
    card = ComponentCard(Component(spec), packages=[text], missing=[text])

    assert dangers(card.html()) == []
    assert obeyed(card.text()) == []


@given(hostile)
def test_listings(text: str) -> None:
    rows: list[tuple[Cell, Cell]] = [(text, text), (Link(text, text), Link("b", f"https://host/{text}"))]
    for listing in (Listing(text, (text, "b"), rows, text), Listing(text, (), (), text)):
        bundle = Listings([listing])._repr_mimebundle_()

        assert dangers(bundle["text/html"]) == []
        assert obeyed(bundle["text/plain"]) == []


@given(hostile)
def test_notes_and_errors(text: str) -> None:
    note = Note(text, Position(text, 3, text))
    bundle = notes_bundle([note])

    assert dangers(bundle["text/html"]) == []
    assert obeyed(bundle["text/plain"]) == []
    assert obeyed(str(EngineError(text, remedy=text, position=Position(text, 3, text)))) == []


@given(hostile)
def test_workflows_to_read(text: str) -> None:
    template = {
        "name": text,
        "container": {"image": text, "command": [text]},
        "metadata": {"annotations": {text: text}},
    }
    spec = json.dumps({"name": text, "description": text})
    metadata = {"generateName": "a-", "annotations": {"pipelines.kubeflow.org/pipeline_spec": spec}}
    bundle = WorkflowText({"metadata": metadata, "spec": {"templates": [template]}})._repr_mimebundle_()

    assert dangers(bundle["text/html"]) == []
    assert obeyed(bundle["text/plain"]) == []


@settings(max_examples=25)
@given(hostile)
def test_everything_a_view_sends_to_the_page(text: str) -> None:
    shown = workflow(
        {"a": [], "b": ["a"]}, name=text, inputs=[{"name": "field", "type": text, "default": "x", "description": text}]
    )
    for template in shown["spec"]["templates"][1:]:
        template["metadata"] = {"annotations": {"pipelines.kubeflow.org/task_display_name": text or "step"}}
        template["container"] = {"image": text, "command": [text]}
    engine = MemoryEngine()
    view = RunView(lambda: shown, {"local": lambda: engine})
    view.submit()
    waiting = node("b", "Pending", message=text, reason=text)
    engine.report(run_state("Failed", node("a", "Failed", message=text, inputs={text: text}), waiting, message=text))
    view.wait(30)

    words = [word for widget in widgets_in(view) for word in words_of(widget)]
    view.close()

    assert any("steps done" in word for word in words)
    assert [word for word in words if obeyed(word)] == []


def widgets_in(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Yield a widget and all below it, the elements of graphs among them."""
    yield widget
    below = [*getattr(widget, "children", ()), *filter(None, [getattr(widget, "graph", None)])]
    for inner in (*below, *getattr(widget, "nodes", ())):
        yield from widgets_in(inner)


def words_of(widget: ipywidgets.Widget) -> Iterator[str]:
    """Yield what a widget shows; what is typed into a field is its reader's."""
    for trait in ("description", "tooltip", "value", "data", "_options_labels"):
        value = getattr(widget, trait, None)
        if value is not None and not isinstance(widget, ipywidgets.Text | ipywidgets.Textarea):
            yield str(value) if not isinstance(value, dict) else "\n".join(map(str, value.values()))
