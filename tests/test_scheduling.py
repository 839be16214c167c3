"""Which tests are left out, and in which order the others run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFTEST = """
import pytest

@pytest.fixture
def cluster(): ...

@pytest.fixture
def whole_cluster(cluster): ...

@pytest.fixture
def kfp(): ...

@pytest.fixture(params=["local", "argo"])
def make_engine(): ...
"""
TESTS = """
import pytest

def test_alone(whole_cluster): ...
def test_cluster(cluster): ...
def test_plain(): ...
def test_kfp(kfp): ...
@pytest.mark.parametrize("make_engine", ["local", "argo"])
def test_contract(make_engine): ...
@pytest.mark.browser
def test_page(): ...
"""


SHARED = """
import time, pytest

@pytest.mark.parametrize("number", [0, 1])
def test_shared(number): time.sleep(0.3)
"""


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (
            (),
            ["shared[0]", "shared[1]", "cluster", "plain", "kfp", "contract[local]", "contract[argo]", "page", "alone"],
        ),
        (("--fast",), ["shared[0]", "shared[1]", "plain", "contract[local]"]),
        (("-m", "not cluster"), ["shared[0]", "shared[1]", "plain", "kfp", "contract[local]", "page"]),
        (("-m", "cluster"), ["cluster", "contract[argo]", "alone"]),
    ],
    ids=["all", "fast", "without the cluster", "the cluster alone"],
)
def test_tests_are_chosen_by_what_they_need_and_run_in_order(
    tmp_path: Path, options: tuple[str, ...], chosen: list[str]
) -> None:
    done = suite(tmp_path, "--collect-only", "-q", *options)

    names = [line.partition("::test_")[2] for line in done.stdout.splitlines() if "::" in line]
    assert names == chosen, done.stdout + done.stderr


def test_what_is_costly_is_made_by_one_process(tmp_path: Path) -> None:
    done = suite(tmp_path, "-p", "xdist", "-n", "2", "-v")

    ran = re.findall(r"^\[(gw\d)\].* (tests/\S+::test_\w+)", done.stdout, re.MULTILINE)
    shared = {process for process, test in ran if test == "tests/test_packaging.py::test_shared"}
    assert len(ran) == 9, done.stdout + done.stderr
    assert len(shared) == 1
    assert {process for process, _ in ran} == {"gw0", "gw1"}


def suite(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run these tests in a directory, without any other plugins."""
    (directory / "tests").mkdir()
    (directory / "conftest.py").write_text(CONFTEST)
    (directory / "tests/test_it.py").write_text(TESTS)
    (directory / "tests/test_packaging.py").write_text(SHARED)
    marks = "browser\n cluster\n slow"
    (directory / "pytest.ini").write_text(f"[pytest]\naddopts = --strict-markers\nmarkers =\n {marks}\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.scheduling", *options]
    alone = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=directory, env=os.environ | alone, capture_output=True, text=True, check=False)
