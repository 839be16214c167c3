"""The network between a notebook and the cluster breaks, hangs and crawls while a run is followed."""

from __future__ import annotations

import time

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.runs import Phase
from tests.cluster.relay import Relay
from tests.faults.conftest import Submit, waits
from tests.faults.following import Following

Shaky = tuple[Objects, Relay]


def test_watches_that_the_server_ends_are_nobody_s_business(submit: Submit, quick: Objects, truth: Objects) -> None:
    following = Following(quick, submit(waits(4)))
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles == []


def test_a_run_that_ends_while_the_network_is_cut_is_seen_to_its_end(
    submit: Submit, shaky: Shaky, truth: Objects
) -> None:
    objects, relay = shaky
    following = Following(objects, submit(waits(3, 1)))
    following.until_running()
    with relay.cut():
        told = following.until(lambda state: state.trouble)
        assert told.trouble
        assert "Connection refused" in told.trouble.text
        Following(truth, following.run).ended(truth)
    assert following.ended(truth).phase is Phase.SUCCEEDED


def test_when_the_network_is_back_the_trouble_is_over(submit: Submit, shaky: Shaky, truth: Objects) -> None:
    objects, relay = shaky
    following = Following(objects, submit(waits(60)))
    following.until_running()
    with relay.cut():
        following.until(lambda state: state.trouble)
        told = len(following.states)
    following.until(lambda state: state in following.states[told:] and not state.trouble)
    following.stop.set()


def test_a_network_that_hangs_is_noticed_and_nothing_is_lost(submit: Submit, shaky: Shaky, truth: Objects) -> None:
    objects, relay = shaky
    following = Following(objects, submit(waits(2, 2, 2)))
    following.until_running()
    with relay.hung():
        following.until(lambda state: state.trouble)
        Following(truth, following.run).ended(truth)
    assert following.ended(truth).phase is Phase.SUCCEEDED


def test_a_slow_network_is_only_slow(submit: Submit, shaky: Shaky, truth: Objects) -> None:
    objects, relay = shaky
    with relay.slowed(0.3):
        following = Following(objects, submit(waits(1, 1, 1)))
        assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles == []


def test_connections_that_break_again_and_again_lose_nothing(submit: Submit, shaky: Shaky, truth: Objects) -> None:
    objects, relay = shaky
    following = Following(objects, submit(waits(1, 1, 1, 1)))
    for _ in range(10):
        relay.break_connections()
        time.sleep(0.4)
    assert following.ended(truth).phase is Phase.SUCCEEDED


def test_a_watch_ends_when_told_though_the_network_hangs(submit: Submit, shaky: Shaky) -> None:
    objects, relay = shaky
    following = Following(objects, submit(waits(60)))
    following.until_running()
    with relay.hung():
        following.stop.set()
        following._thread.join(5)
        assert not following._thread.is_alive()
