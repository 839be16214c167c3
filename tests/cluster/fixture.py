"""The cluster as tests ask for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import lifecycle
from tests.cluster.build import build, is_built, what_hinders
from tests.cluster.locks import Share, turn
from tests.cluster.not_run import not_run
from tests.cluster.places import HOME
from tests.cluster.recovery import wait_until_at_work
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster
from tests.cluster.shell import ClusterError

SHARE = pytest.StashKey[Share]()


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """A running cluster: the one that ``$KFP_JUPYTER_TEST_KUBECONFIG`` names, or the one that was built.

    With ``CI=true`` it is built when missing, and a test that can't have it fails.
    """
    if named := os.environ.get("KFP_JUPYTER_TEST_KUBECONFIG"):
        s3, kfp, argo = (os.environ.get(f"KFP_JUPYTER_TEST_{name}", "") for name in ("S3", "KFP", "ARGO"))
        own = lifecycle.find()
        return Cluster(Path(named), s3, kfp, ours=own is not None and own.kubeconfig == Path(named), argo=argo)
    required = os.environ.get("CI") == "true"
    try:
        if required:
            build()
        if required or (not what_hinders() and is_built()):
            return lifecycle.up(by="tests")
    except ClusterError as error:
        pytest.fail(str(error), pytrace=False)
    return not_run("there is no cluster")


@pytest.fixture(scope="session")
def namespace(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of this session's process, fit for runs."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    with cluster.new_namespace(worker) as name:
        yield name


@pytest.fixture
def whole_cluster(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster with no other test on it, for those that stop its programs."""
    if not cluster.ours:
        not_run("the programs of this cluster can't be stopped")
    yield cluster
    wait_until_at_work(cluster)


@pytest.fixture
def cluster_relay(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Relay, Path]]:
    """A way to the API for one test, to be cut, hung and slowed; and the kubeconfig that takes it."""
    with cluster.relay(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _turn_where_needed(request: pytest.FixtureRequest) -> None:
    if "cluster" in request.fixturenames:
        request.getfixturevalue("cluster_turn")


@pytest.fixture
def cluster_turn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests on the cluster run side by side, except those that want all of it.

    Who takes the cluster only under some parameter asks for this one as well.
    """
    with turn(HOME, exclusive="whole_cluster" in request.fixturenames):
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Keep a cluster that tests have started until the last session of tests ends."""
    # Workers' sessions end before the one that they are parts of.
    if not hasattr(config, "workerinput") and not what_hinders():
        config.stash[SHARE] = Share(HOME / "sessions.lock")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the cluster if tests have started it and none goes on."""
    share = config.stash.get(SHARE, None)
    if share is None:
        return
    if share.let_go():
        lifecycle.down(by="tests")
    share.close()
