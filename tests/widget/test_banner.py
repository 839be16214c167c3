"""What is said above the graph when a run ends badly."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone

import pytest

from kfp_jupyter.runs import Phase, RunState, Trouble
from kfp_jupyter.widget.banner import LOG_LINES, MAX_STEPS, Failure, failure_html, failure_reason, trouble_html
from tests.widget.memory_engine import node, run_state
from tests.widget.test_exception_line import DIVIDE


def failure(message: str, exit_code: int | None = 1, log: str = DIVIDE, label: str = "divide") -> Failure:
    return Failure(label, node(label, "Failed", message=message, exit_code=exit_code), log)


def stopped(label: str) -> Failure:
    return Failure(label, node(label, "Failed", exit_code=143, stopped=True), "")


@pytest.mark.parametrize(
    "message", ["Error (exit code 1)", "main: Error (exit code 1)", "The program ended with exit code 1", ""]
)
def test_the_exception_that_nobody_caught_is_the_reason(message: str) -> None:
    assert failure_reason(failure(message)) == "ZeroDivisionError: float division by zero (exit code 1)"


def test_the_headline_names_the_step_and_the_exception() -> None:
    html = failure_html(run_state("Failed"), [failure("Error (exit code 1)")])

    assert "<b>divide</b> failed: ZeroDivisionError: float division by zero (exit code 1)</p>" in html


@pytest.mark.parametrize(
    ("message", "exit_code"),
    [
        ("Error (exit code 3)", 3),
        ("Killed by signal 9 (SIGKILL), perhaps out of memory", 137),
        ("The output 'model' was not written.", 1),
    ],
)
def test_where_the_engine_knows_better_its_words_are_the_reason(message: str, exit_code: int) -> None:
    assert failure_reason(failure(message, exit_code)) == message


def test_without_exception_and_message_the_exit_code_is_the_reason() -> None:
    assert failure_reason(failure("", 4, log="")) == "exit code 4"


def test_of_a_long_log_the_last_lines_are_shown() -> None:
    html = failure_html(run_state("Failed"), [failure("x", log="".join(f"line {i}\n" for i in range(50)))])

    assert f"<pre>line {50 - LOG_LINES}\n" in html
    assert html.count("line ") == LOG_LINES
    assert "line 49</pre>" in html


def test_a_step_that_failed_before_people_stopped_the_run_is_still_a_failure() -> None:
    failures = [failure("Error (exit code 1)"), stopped("train")]

    html = failure_html(run_state("Failed", stopped=True), failures)

    assert "<b>divide</b> failed" in html
    assert "<b>train</b> was running" in html
    assert "calm" not in html


def test_of_many_stopped_steps_some_are_named_and_the_rest_counted() -> None:
    failures = [stopped(f"s{i}") for i in range(MAX_STEPS + 2)]

    html = failure_html(run_state("Failed", stopped=True), failures)

    assert "The run was stopped; <b>s0</b>, <b>s1</b>, <b>s2</b> and 2 more steps were running." in html


def test_a_run_stopped_before_any_step_says_so_calmly() -> None:
    html = failure_html(run_state("Failed", stopped=True), [])

    assert "<p>The run was stopped.</p>" in html
    assert "kfp-jupyter-banner-calm" in html


def test_a_run_that_cant_be_followed_is_said_calmly_with_the_time_and_the_reason() -> None:
    since = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
    state = dataclasses.replace(run_state("Running"), trouble=Trouble(since, "The API <x> doesn't answer."))

    html = trouble_html(state)

    assert f"since {since.astimezone():%H:%M}" in html
    assert "The API &lt;x&gt; doesn&#x27;t answer." in html
    assert "kfp-jupyter-banner-calm" in html


@pytest.mark.parametrize("state", [None, run_state("Running")])
def test_a_run_that_is_followed_needs_no_words(state: RunState | None) -> None:
    assert trouble_html(state) == ""


def test_what_a_whole_run_waits_for_is_told_until_it_ends() -> None:
    told = dataclasses.replace(run_state("Pending", message="Waiting for a lock"), reason="The run waits for 'm'.")
    assert "<p>The run waits for &#x27;m&#x27;.</p>" in trouble_html(told)
    assert "<p>Waiting for a lock</p>" in trouble_html(run_state("Pending", message="Waiting for a lock"))
    assert trouble_html(run_state("Pending")) == trouble_html(run_state("Running", message="x")) == ""
    assert trouble_html(dataclasses.replace(told, phase=Phase.FAILED)) == ""
