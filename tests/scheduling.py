"""What kind of test each is, and when it runs.

Tests are marked by what they ask for, so that ``-m "not cluster"`` needs nobody's care: `cluster`, `browser`, and
`slow` for kfp 1.8 in an environment of its own. ``--fast`` leaves out all three.

Several processes (``-n``) share the tests one by one, in their order here, except those that need something costly:
it is made once, by the process that runs all of them. They come first, as nobody can take a part of them at the end;
what wants the whole cluster comes last, when nothing has to wait for it.
"""

from __future__ import annotations

from typing import Any

import pytest

TOGETHER = (
    "tests/semantics/test_semantics.py::test_argo_answers",  # all questions are asked side by side
    "tests/golden_runs/test_golden_runs.py::test_a_golden_pipeline_runs_as_recorded",  # and so all pipelines run
    "tests/browser/",  # a JupyterLab server
    "tests/engines/argo/test_artifacts.py",  # a run with an artifact of each kind
    "tests/test_packaging.py",  # the sdist and the wheel
    "tests/magics/test_completion.py",  # a kernel
    "tests/magics/test_interrupts.py::test_an_interrupted_command_says_so_in_one_line",  # a kernel
)
"""How the ids of tests begin that one process runs, and what they have in common."""

KINDS = {"cluster": "cluster", "slow": "kfp"}
"""Marks, and the fixture that a test of that kind asks for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out tests on a browser, the cluster or kfp 1.8")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests, leave out what is slow, and put them in order."""
    for item in items:
        for kind in _kinds(item):
            item.add_marker(kind)
    if config.getoption("--fast"):
        config.hook.pytest_deselected(items=[item for item in items if _is_slow(item)])
        items[:] = [item for item in items if not _is_slow(item)]
    items.sort(key=_turn)


def _kinds(item: pytest.Item) -> set[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    found = {kind for kind, fixture in KINDS.items() if fixture in fixtures}
    # The contract of all engines takes the cluster for one of them only.
    engine = item.callspec.params.get("make_engine") if hasattr(item, "callspec") else None
    return found | ({"cluster"} if engine == "argo" else set())


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(kind) for kind in (*KINDS, "browser"))


def _turn(item: pytest.Item) -> int:
    """Return a test's place: what runs together in the order of the list, then the others, then what is exclusive."""
    if "whole_cluster" in getattr(item, "fixturenames", ()):
        return len(TOGETHER) + 1
    return TOGETHER.index(beginning) if (beginning := _together(item.nodeid)) else len(TOGETHER)


def _together(nodeid: str) -> str:
    return next((beginning for beginning in TOGETHER if nodeid.startswith(beginning)), "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Share the tests as said above, unless the person at the keyboard wants it otherwise (``--dist``)."""
    if config.getoption("dist") != "load":
        return None
    # Only where tests are shared: xdist may be left out.
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return _together(nodeid) or nodeid

    config.option.loadscopereorder = False
    return Scheduling(config, log)
