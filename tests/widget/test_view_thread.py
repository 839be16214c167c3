"""The clock of a run that is followed."""

from __future__ import annotations

import pytest

from kfp_jupyter.widget.view_thread import tick_after


@pytest.mark.parametrize(("seconds", "tick"), [(0, 1), (59, 1), (60, 2), (599, 2), (600, 5), (90_000, 5)])
def test_the_clock_of_a_long_run_ticks_less_often(seconds: float, tick: float) -> None:
    assert tick_after(seconds) == tick
