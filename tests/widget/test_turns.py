"""Which turn of a loop the details show."""

from __future__ import annotations

from kfp_jupyter.widget.standing import NOTHING_YET, Standing
from kfp_jupyter.widget.turns import TurnPicker, turn_to_show
from tests.widget.memory_engine import START, node, standing
from tests.widget.page import Page


def turns(*phases: str) -> Standing:
    """Return how a step stands with a turn of each phase; their nodes are called ``demo-0`` and so on."""
    return standing(*(node(str(index), phase) for index, phase in enumerate(phases)))


def shown(how: Standing, current: str | None = None, *, picked: bool = False) -> str | None:
    found = turn_to_show(how, current, picked=picked).node
    return found.id if found else None


def test_before_there_is_a_node_there_is_no_turn() -> None:
    assert shown(NOTHING_YET) is None
    assert shown(standing(None, None)) is None


def test_at_first_it_is_the_turn_that_most_needs_a_look() -> None:
    assert shown(turns("Succeeded", "Running", "Pending")) == "demo-1"
    assert shown(turns("Succeeded", "Running", "Failed")) == "demo-2"


def test_a_turn_at_work_stays_while_others_begin_and_end() -> None:
    assert shown(turns("Running", "Running", "Succeeded"), "demo-1") == "demo-1"
    assert shown(turns("Running", "Pending"), "demo-1") == "demo-1"


def test_a_turn_that_is_done_gives_way() -> None:
    assert shown(turns("Succeeded", "Running"), "demo-0") == "demo-1"


def test_when_all_are_done_the_last_one_shown_stays() -> None:
    assert shown(turns("Succeeded", "Succeeded"), "demo-1") == "demo-1"


def test_a_turn_that_fails_is_shown_at_once() -> None:
    assert shown(turns("Running", "Failed"), "demo-0") == "demo-1"


def test_what_people_have_picked_stays() -> None:
    assert shown(turns("Succeeded", "Failed"), "demo-0", picked=True) == "demo-0"


def test_the_list_offers_every_turn_with_its_state() -> None:
    picker = TurnPicker(lambda: None)

    picker.show(turns("Succeeded", "Running"), START)

    assert Page(picker).turns.options == (("1 (Succeeded · 1.5 s)", "demo-0"), ("2 (Running)", "demo-1"))
    assert Page(picker).turns.value == "demo-1"
    assert picker.layout.display is None


def test_one_turn_needs_no_list() -> None:
    picker = TurnPicker(lambda: None)

    assert picker.show(standing(node("a", "Running")), START).node == node("a", "Running")
    assert picker.layout.display == "none"


def test_a_choice_is_told_once_and_kept_when_the_list_changes() -> None:
    told: list[str] = []
    picker = TurnPicker(lambda: told.append("picked"))
    picker.show(turns("Running", "Running"), START)

    Page(picker).turns.value = "demo-1"
    kept = picker.show(turns("Failed", "Succeeded", "Running"), START)

    assert told == ["picked"]
    assert kept.label == "2"
    assert Page(picker).turns.value == "demo-1"


def test_another_step_starts_anew() -> None:
    picker = TurnPicker(lambda: None)
    picker.show(turns("Running", "Running"), START)
    Page(picker).turns.value = "demo-1"

    picker.clear()

    assert picker.show(turns("Running", "Running"), START).label == "1"
