"""`pytest --fast`: without the tests that need a browser, the cluster, or kfp 1.8 in an environment of its own."""

from __future__ import annotations

import pytest

SLOW_FIXTURES = {"cluster", "kfp"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out tests on a browser, the cluster or kfp 1.8")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow."""
    if config.getoption("--fast"):
        config.hook.pytest_deselected(items=[item for item in items if _is_slow(item)])
        items[:] = [item for item in items if not _is_slow(item)]


def _is_slow(item: pytest.Item) -> bool:
    # The contract of all engines takes the cluster for one of them only.
    engine = getattr(item, "callspec", None) and item.callspec.params.get("make_engine")  # type: ignore[attr-defined]
    fixtures = set(getattr(item, "fixturenames", ()))
    return engine == "argo" or bool(SLOW_FIXTURES & fixtures) or item.get_closest_marker("browser") is not None
