"""Which turn of a loop the details show."""

from __future__ import annotations

from kfp_jupyter.widget.iteration_picker import IterationPicker, iteration_to_show
from kfp_jupyter.widget.step_status import NO_STATUS, StepStatus
from tests.widget.memory_engine import START, node, standing
from tests.widget.page import Page


def iterations(*phases: str) -> StepStatus:
    """Return how a step stands with a turn of each phase; their nodes are called ``demo-0`` and so on."""
    return standing(*(node(str(index), phase) for index, phase in enumerate(phases)))


def shown(how: StepStatus, current: str | None = None, *, picked: bool = False) -> str | None:
    found = iteration_to_show(how, current, picked=picked).node
    return found.id if found else None


def test_before_there_is_a_node_there_is_no_turn() -> None:
    assert shown(NO_STATUS) is None
    assert shown(standing(None, None)) is None


def test_at_first_it_is_the_turn_that_most_needs_a_look() -> None:
    assert shown(iterations("Succeeded", "Running", "Pending")) == "demo-1"
    assert shown(iterations("Succeeded", "Running", "Failed")) == "demo-2"


def test_a_turn_at_work_stays_while_others_begin_and_end() -> None:
    assert shown(iterations("Running", "Running", "Succeeded"), "demo-1") == "demo-1"
    assert shown(iterations("Running", "Pending"), "demo-1") == "demo-1"


def test_a_turn_that_is_done_gives_way() -> None:
    assert shown(iterations("Succeeded", "Running"), "demo-0") == "demo-1"


def test_when_all_are_done_the_last_one_shown_stays() -> None:
    assert shown(iterations("Succeeded", "Succeeded"), "demo-1") == "demo-1"


def test_a_turn_that_fails_is_shown_at_once() -> None:
    assert shown(iterations("Running", "Failed"), "demo-0") == "demo-1"


def test_what_people_have_picked_stays() -> None:
    assert shown(iterations("Succeeded", "Failed"), "demo-0", picked=True) == "demo-0"


def test_the_list_offers_every_turn_with_its_state() -> None:
    picker = IterationPicker(lambda: None)

    picker.show(iterations("Succeeded", "Running"), START)

    assert Page(picker).iterations.options == (("1 (Succeeded · 1.5 s)", "demo-0"), ("2 (Running)", "demo-1"))
    assert Page(picker).iterations.value == "demo-1"
    assert picker.layout.display is None


def test_one_turn_needs_no_list() -> None:
    picker = IterationPicker(lambda: None)

    assert picker.show(standing(node("a", "Running")), START).node == node("a", "Running")
    assert picker.layout.display == "none"


def test_a_choice_is_told_once_and_kept_when_the_list_changes() -> None:
    told: list[str] = []
    picker = IterationPicker(lambda: told.append("picked"))
    picker.show(iterations("Running", "Running"), START)

    Page(picker).iterations.value = "demo-1"
    kept = picker.show(iterations("Failed", "Succeeded", "Running"), START)

    assert told == ["picked"]
    assert kept.label == "2"
    assert Page(picker).iterations.value == "demo-1"


def test_another_step_starts_anew() -> None:
    picker = IterationPicker(lambda: None)
    picker.show(iterations("Running", "Running"), START)
    Page(picker).iterations.value = "demo-1"

    picker.clear()

    assert picker.show(iterations("Running", "Running"), START).label == "1"
