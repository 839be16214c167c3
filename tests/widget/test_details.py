"""What is told of one step."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.widget.details import MAX_VALUE, head_html, values_html
from kfp_jupyter.widget.elements import StepNode
from kfp_jupyter.widget.style import note_of
from tests.widget.memory_engine import START, node

OWN_PLACES = ("main-logs", "mlpipeline-metrics", "mlpipeline-ui-metadata", "mlpipeline_metrics")


def head(phase: str, **more: Any) -> str:
    return head_html(StepNode("load", "Load", "load"), node("load", phase, **more), START, ended=False)


def test_outputs_that_have_places_of_their_own_are_not_listed() -> None:
    assert values_html({}, node("load", "Succeeded", output_artifacts=OWN_PLACES)) == ""
    assert values_html({}, node("load", "Succeeded", outputs=dict.fromkeys(OWN_PLACES, "{}"))) == ""


def test_a_file_is_listed_by_name_and_a_value_that_is_stored_as_a_file_too_by_its_value() -> None:
    html = values_html(
        {}, node("load", "Succeeded", outputs={"rows": "569"}, output_artifacts=("rows", "model", "main-logs"))
    )

    assert '<th scope="row">rows</th><td><code>569</code></td>' in html
    assert '<th scope="row">model</th><td><i>file</i></td>' in html
    assert html.count("<tr>") == 2


def test_an_empty_value_is_no_file() -> None:
    assert '<th scope="row">note</th><td><i>empty</i></td>' in values_html(
        {}, node("a", "Succeeded", outputs={"note": ""})
    )


def test_long_inputs_and_outputs_are_cut_and_say_how_long_they_are() -> None:
    html = values_html({}, node("a", "Succeeded", inputs={"i": "x" * 5000}, outputs={"o": "y" * 6000}))

    assert f"{'x' * MAX_VALUE}… (5,000 characters in all)" in html
    assert f"{'y' * MAX_VALUE}… (6,000 characters in all)" in html


def test_a_step_taken_from_the_cache_says_so() -> None:
    cached = node("load", "Succeeded", cached=True, seconds=0)

    assert "from the cache" in head("Succeeded", cached=True, seconds=0)
    assert note_of(cached, START) == "from the cache"


def test_a_step_that_waits_says_for_what() -> None:
    assert "installing numpy, pandas" in head("Pending", message="installing numpy, pandas")
    assert note_of(node("load", "Pending", message="installing numpy"), START) == "installing numpy"


def test_a_long_reason_to_wait_is_cut_beside_the_name_and_whole_in_the_details() -> None:
    message = "installing " + ", ".join(f"package-{i}" for i in range(20))

    assert len(note_of(node("load", "Pending", message=message), START)) == 40
    assert message in head("Pending", message=message)


def test_a_step_at_work_says_how_long() -> None:
    assert note_of(node("load", "Succeeded", seconds=1.5), START) == "1.5 s"
    assert note_of(None, START) == ""
