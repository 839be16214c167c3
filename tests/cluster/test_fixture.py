"""What becomes of cluster tests where there is no cluster."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
A_TEST = "tests/cluster/test_cluster.py::test_the_api_answers"


def run_pytest(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a cluster test where nothing is built and no program is found that could build it."""
    unwanted = ("CI", "KFP_JUPYTER_TEST_KUBECONFIG", "PYTEST_XDIST_WORKER")
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    # Without other plugins, whose imports take longer than the test.
    inherited["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    empty = {"KFP_JUPYTER_TEST_CLUSTER": str(tmp_path / "cluster"), "PATH": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", A_TEST],
        cwd=ROOT,
        env={**inherited, **empty, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_cluster_they_are_listed_as_not_run(tmp_path: Path) -> None:
    done = run_pytest(tmp_path)

    assert done.returncode == 0
    *_, listed, counted, last = done.stdout.splitlines()
    assert listed == "not run, as there is no cluster: tests/cluster/test_cluster.py (1)"
    assert "1 not run" in counted
    assert last.startswith("Not run: 1 test of the cluster. `make cluster` builds and starts one")


def test_in_ci_they_fail_and_say_what_is_missing(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, CI="true")

    assert done.returncode == 1
    assert "The test cluster can't be built here: it needs" in done.stdout


def test_a_cluster_that_is_named_is_used(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, KFP_JUPYTER_TEST_KUBECONFIG=str(tmp_path / "absent"))

    assert done.returncode == 1
    assert "Invalid kube-config file" in done.stdout
