"""Why a step waits or failed, where people see it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.banner import Failure, failure_html, failure_reason
from kfp_jupyter.widget.details import Chosen, head_html
from kfp_jupyter.widget.labels import MAX_NOTE, short_label, tooltip
from kfp_jupyter.widget.reason_text import message_html
from kfp_jupyter.widget.step_status import Iteration
from kfp_jupyter.workflow.step_graph import StepNode
from tests.widget.memory_engine import START, node, run_state, standing

REASON = "The step needs the secret 'token', which doesn't exist. Create it (kubectl create secret generic token)."
MESSAGE = 'CreateContainerConfigError: secret "token" not found'


def waiting(**more: Any) -> NodeState:
    return dataclasses.replace(node("load", "Pending", **more), started_at=START)


def details(step: NodeState) -> str:
    return head_html(Chosen(StepNode("load", "Load", "load"), iteration=Iteration(node=step)), START, ended=False)


def test_the_details_tell_the_reason_and_keep_the_engines_message_folded() -> None:
    html = details(node("load", "Pending", reason=REASON, message=MESSAGE))

    assert "needs the secret &#x27;token&#x27;" in html
    assert html.index("needs the secret") < html.index("<details") < html.index("secret &quot;token&quot; not found")


def test_without_a_reason_the_message_stands_alone() -> None:
    html = details(node("load", "Pending", message=MESSAGE))

    assert "not found" in html
    assert "<details" not in html


def test_a_long_command_in_a_remedy_is_not_cut() -> None:
    command = "kubectl create role " + "x" * 1000

    assert command in details(node("load", "Failed", reason=f"It may not report. {command}", message="wait: Error"))


def test_the_failure_banner_gives_the_reason_before_what_the_log_says() -> None:
    failed = node(
        "load", "Failed", reason="The step used more memory than its limit of 48Mi.", message="main: OOMKilled"
    )
    failure = Failure("Load", failed, log="MemoryError\n")

    assert failure_reason(failure) == "The step used more memory than its limit of 48Mi."
    html = failure_html(run_state("Failed", failed), [failure])
    assert html.index("its limit of 48Mi") < html.index("main: OOMKilled") < html.index("MemoryError")


def test_a_step_that_waits_long_says_how_long_and_why() -> None:
    waits = waiting(reason=REASON, message=MESSAGE)

    assert short_label(standing(waits), START + timedelta(seconds=2)).startswith("The step needs")
    assert short_label(standing(waits), START + timedelta(seconds=13)).startswith("waiting 10 s · The step needs")
    assert short_label(standing(waits), START + timedelta(seconds=130)).startswith("waiting 2 min 00 s")
    assert len(short_label(standing(waits), START + timedelta(seconds=13))) <= MAX_NOTE


def test_where_there_is_room_the_reason_is_told_in_full() -> None:
    later = START + timedelta(seconds=13)

    assert tooltip(standing(waiting(reason=REASON, message=MESSAGE)), later) == f"waiting 10 s · {REASON}"
    assert tooltip(standing(node("load", "Failed", reason=REASON, message=MESSAGE)), later).endswith(REASON)
    assert tooltip(standing(node("load", "Failed", message=MESSAGE)), later) == "1.5 s"


def test_the_engines_message_is_text_and_nothing_else() -> None:
    assert "<script>" not in message_html(node("load", "Failed", reason="why", message="<script>alert(1)</script>"))
