"""What all tests share: nothing of the person's own runs or caches is read or written."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from kfp_jupyter.redaction import known

pytest_plugins = [
    "tests.cluster.not_run",
    "tests.cluster.fixture",
    "tests.last_words",
    "tests.scheduling",
    "tests.tidiness",
]

# How long an example takes says something of the machine alone.
hypothesis.settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate", action="store_true", help="write the golden files anew instead of comparing with them"
    )
    parser.addoption(
        "--all-goldens", action="store_true", help="run every golden pipeline that can run on the cluster, not a choice"
    )


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--regenerate"))


@pytest.fixture(autouse=True)
def own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test has for a credential is a plain word to the others."""
    monkeypatch.setattr(known, "_forms_of", {})


@pytest.fixture(autouse=True)
def own_directories(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs, package layers and IPython's history of every test go into a directory of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("KFP_JUPYTER_RUNS", str(home / "runs"))
    monkeypatch.setenv("KFP_JUPYTER_CACHE", str(home / "cache"))
    monkeypatch.setenv("IPYTHONDIR", str(home / "ipython"))
    return home
