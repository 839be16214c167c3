"""Clocks that differ are told where it matters."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.api_errors import Asked, untrusted
from kfp_jupyter.kubernetes.clocks import ClusterClock, difference
from kfp_jupyter.kubernetes.rbac import Action
from tests.kubernetes.api import Api, kubeconfig

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (timedelta(hours=1), "this machine's clock is 60 min behind the cluster's"),
        (-timedelta(hours=1), "this machine's clock is 60 min ahead of the cluster's"),
        (-timedelta(days=1), "this machine's clock is 24 h ahead of the cluster's"),
        (timedelta(seconds=50), ""),
    ],
)
def test_a_difference_is_told_from_a_minute_on(there: timedelta, said: str) -> None:
    assert difference(format_datetime(NOW + there, usegmt=True), NOW) == said


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_of_a_clock_that_says_nothing_nothing_is_said(date: str) -> None:
    assert difference(date, NOW) == ""


def test_who_isnt_known_is_told_of_clocks_that_differ(tmp_path: Path, api: Api) -> None:
    api.status = 401
    api.headers = {"Date": format_datetime(datetime.now(timezone.utc) - timedelta(hours=1), usegmt=True)}
    with pytest.raises(
        EngineError, match=r"doesn't accept the credentials \(no\), and this machine's clock is 60 min ahead .* Set"
    ):
        ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, {"token": "t"}))).runs()


def test_the_doctor_names_clocks_that_differ(tmp_path: Path, api: Api) -> None:
    api.headers = {"Date": format_datetime(datetime.now(timezone.utc) + timedelta(hours=3), usegmt=True)}
    engine = ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, {"token": "t"})))
    found = next(finding for finding in engine.examine() if finding.subject == "clock")
    assert found.text.startswith("this machine's clock is 3 h behind the cluster's")
    assert found.remedy == "Correct the wrong clock."


@pytest.mark.parametrize("words", ["certificate is not yet valid", "certificate has expired"])
def test_a_certificate_out_of_its_time_is_told_with_this_machine_s_clock(words: str) -> None:
    said = f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {words} (_ssl.c:1000)"
    error = untrusted(Asked(Action("get", "pods", "n"), "https://h"), said)
    assert words in error.message
    assert f"This machine's clock says {datetime.now(timezone.utc):%Y-%m-%d}" in error.remedy


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sun, 01 Mar 2026 12:00:00 -0000"])
def test_an_answer_whose_date_is_none_moves_no_times(date: str | None) -> None:
    clock = ClusterClock()
    clock.note(date)
    assert clock.ahead == timedelta()
