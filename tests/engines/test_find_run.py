"""What people type for a run leads to one run or to a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kfp_jupyter.engines.find_run import find_run
from kfp_jupyter.errors import RunNotFoundError

NAMES = {"calc-abc": "First", "calc-abcd": "", "calc-xyz": "calc-a", "train-1": "calc-", "train-2": "calc-abc"}


def find(wanted: str) -> str:
    return find_run(wanted, NAMES, NAMES.items, "here")


@pytest.mark.parametrize(
    ("wanted", "run"),
    [
        ("calc-abc", "calc-abc"),  # an id before a name and before a longer id
        ("calc-x", "calc-xyz"),
        ("First", "calc-abc"),
        ("calc-a", "calc-xyz"),  # two ids start so, one run is called so
        ("calc-", "train-1"),
    ],
)
def test_an_id_is_taken_before_a_prefix_and_a_prefix_before_a_name(wanted: str, run: str) -> None:
    assert find(wanted) == run


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("", "There is no run '' here."),
        ("first", "There is no run 'first' here."),
        ("train", "2 runs start with 'train': train-1, train-2."),
    ],
)
def test_what_leads_to_no_run_or_to_several_is_told(wanted: str, message: str) -> None:
    with pytest.raises(RunNotFoundError) as raised:
        find(wanted)
    assert raised.value.message == message


def test_names_are_read_only_where_ids_do_not_decide() -> None:
    def names() -> Iterator[tuple[str, str]]:
        raise AssertionError

    assert find_run("calc-x", NAMES, names, "here") == "calc-xyz"
