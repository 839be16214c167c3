"""What is told of one step."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.widget.banner import Failure
from kfp_jupyter.widget.details import MAX_VALUE, Chosen, head_html, values_html
from kfp_jupyter.widget.labels import short_label
from kfp_jupyter.widget.step_status import NO_STATUS, Iteration
from kfp_jupyter.workflow.step_graph import GroupNode, StepNode
from kfp_jupyter.workflow.views import NO_TEMPLATE
from tests.widget.memory_engine import START, node, standing

OWN_PLACES = ("main-logs", "mlpipeline-metrics", "mlpipeline-ui-metadata", "mlpipeline_metrics")


def head(phase: str, **more: Any) -> str:
    chosen = Chosen(StepNode("load", "Load", "load"), iteration=Iteration(node=node("load", phase, **more)))
    return head_html(chosen, START, ended=False)


def test_outputs_that_have_places_of_their_own_are_not_listed() -> None:
    assert values_html(NO_TEMPLATE, node("load", "Succeeded", output_artifacts=OWN_PLACES)) == ""
    assert values_html(NO_TEMPLATE, node("load", "Succeeded", outputs=dict.fromkeys(OWN_PLACES[1:], "{}"))) == ""


def test_a_file_is_listed_by_name_and_a_value_that_is_stored_as_a_file_too_by_its_value() -> None:
    html = values_html(
        NO_TEMPLATE, node("load", "Succeeded", outputs={"rows": "569"}, output_artifacts=("rows", "model", "main-logs"))
    )

    assert '<th scope="row">rows</th><td><code>569</code></td>' in html
    assert '<th scope="row">model</th><td><i>file</i></td>' in html
    assert html.count("<tr>") == 2


def test_an_empty_value_is_no_file() -> None:
    assert '<th scope="row">note</th><td><i>empty</i></td>' in values_html(
        NO_TEMPLATE, node("a", "Succeeded", outputs={"note": ""})
    )


def test_long_inputs_and_outputs_are_cut_and_say_how_long_they_are() -> None:
    html = values_html(NO_TEMPLATE, node("a", "Succeeded", inputs={"i": "x" * 5000}, outputs={"o": "y" * 6000}))

    assert f"{'x' * MAX_VALUE}… (5,000 characters in all)" in html
    assert f"{'y' * MAX_VALUE}… (6,000 characters in all)" in html


def test_a_step_taken_from_the_cache_says_so() -> None:
    cached = node("load", "Succeeded", cached=True, seconds=0)

    assert "from the cache" in head("Succeeded", cached=True, seconds=0)
    assert short_label(standing(cached), START) == "from the cache"


def test_a_step_that_waits_says_for_what() -> None:
    assert "installing numpy, pandas" in head("Pending", message="installing numpy, pandas")
    assert short_label(standing(node("load", "Pending", message="installing numpy")), START) == "installing numpy"


def test_a_long_reason_to_wait_is_cut_beside_the_name_and_whole_in_the_details() -> None:
    message = "installing " + ", ".join(f"package-{i}" for i in range(20))

    assert len(short_label(standing(node("load", "Pending", message=message)), START)) == 40
    assert message in head("Pending", message=message)


def test_a_step_at_work_says_how_long() -> None:
    assert short_label(standing(node("load", "Succeeded", seconds=1.5)), START) == "1.5 s"
    assert short_label(NO_STATUS, START) == ""


CHECK = GroupNode("check", "condition", "", "check", test="number.Output > 5")
LOOP = GroupNode("loop", "loop", "", "loop", loop="[1, 2]")
NO_ROWS = """Traceback (most recent call last):
  File "/tmp/program.py", line 7, in <module>
    raise ValueError("no rows")
ValueError: no rows
"""


def failed_head(log: str) -> str:
    broken = node("load", "Failed", message="Error (exit code 1)", exit_code=1)
    failure = Failure("Load", broken, log)
    return head_html(
        Chosen(StepNode("load", "Load", "load"), iteration=Iteration(node=broken), failure=failure), START, ended=True
    )


def test_a_failed_step_says_which_exception_ended_it() -> None:
    assert "ValueError: no rows (exit code 1)</p>" in failed_head(NO_ROWS)
    assert "Traceback" not in failed_head(NO_ROWS)


def test_a_failed_step_without_an_exception_shows_its_last_lines() -> None:
    told = failed_head("".join(f"line <{i}>\n" for i in range(9)))

    assert "Error (exit code 1)</p>" in told
    assert "line &lt;4&gt;\nline &lt;5&gt;\nline &lt;6&gt;\nline &lt;7&gt;\nline &lt;8&gt;</pre>" in told
    assert "line &lt;3&gt;" not in told


def test_a_skipped_group_says_why() -> None:
    reason = "when '3 > 5' evaluated false"
    skipped = node("check", "Skipped", type="Skipped", message=reason)

    told = head_html(Chosen(CHECK, iteration=Iteration(node=skipped)), START, ended=False)

    assert "If number.Output &gt; 5" in told
    assert "when &#x27;3 &gt; 5&#x27; evaluated false" in told


def test_a_step_says_in_which_groups_it_stands() -> None:
    told = head_html(Chosen(StepNode("loop.check.say", "Say", "say"), (CHECK, LOOP)), START, ended=False)

    assert "In Loop over [1, 2] › If number.Output &gt; 5" in told


def test_a_step_says_under_which_condition_and_for_what_it_runs_itself() -> None:
    step = StepNode("say", "Say", "say", test="a > 1", loop="rounds")

    told = head_html(Chosen(step), START, ended=False)

    assert "For each of rounds" in told
    assert "If a &gt; 1" in told


def test_a_step_of_a_skipped_group_shows_no_inputs_of_the_group() -> None:
    assert values_html(NO_TEMPLATE, node("check", "Skipped", inputs={"number-Output": "3"})) == ""
