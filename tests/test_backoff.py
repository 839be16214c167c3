"""How long to wait before something is tried again."""

from __future__ import annotations

import pytest

from kfp_jupyter.backoff import LONGEST_ASKED_PAUSE, LONGEST_PAUSE, Backoff


def full(**settings: float) -> Backoff:
    """Pauses of their full length."""
    return Backoff(**settings, chance=lambda: 1.0)


def test_pauses_grow_to_a_limit_and_start_anew() -> None:
    backoff = full()
    grown = [backoff.next() for _ in range(2000)]
    assert grown == sorted(grown)
    assert (grown[0], grown[1], grown[-1]) == (0.2, 0.4, LONGEST_PAUSE)
    backoff.reset()
    assert backoff.next() == 0.2


def test_first_pause_limit_and_growth_can_be_chosen() -> None:
    backoff = full(first=1.0, longest=2.0, growth=1.5)
    assert [backoff.next(), backoff.next(), backoff.next()] == [1.0, 1.5, 2.0]
    assert backoff.next(longest=30.0) == pytest.approx(1.5**3)


def test_pauses_of_many_clients_differ() -> None:
    assert Backoff(chance=lambda: 0.0).next() == pytest.approx(0.1)
    assert len({Backoff().next() for _ in range(20)}) > 1


def test_a_pause_is_as_long_as_was_asked_for_within_reason() -> None:
    assert Backoff().next(at_least=7) == 7
    assert Backoff().next(at_least=86400) == LONGEST_ASKED_PAUSE


def test_what_works_no_longer_than_the_pause_before_it_does_not_work_yet() -> None:
    backoff = full()
    for _ in range(5):
        backoff.next()
    assert not backoff.reset_after(3.0)
    assert backoff.failures == 5
    assert backoff.next() == LONGEST_PAUSE
    assert backoff.reset_after(6.0)
    assert backoff.next() == 0.2
