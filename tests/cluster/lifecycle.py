"""Starting and ending the cluster that was built."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import yaml

from tests.cluster.build import what_hinders
from tests.cluster.groups import remove_group
from tests.cluster.locks import alone
from tests.cluster.places import (
    DATA,
    DOORS,
    HOME,
    KUBECONFIG,
    LOGS,
    READY,
    RUN,
    STATE,
    door,
)
from tests.cluster.running import Cluster
from tests.cluster.shell import ClusterError
from tests.cluster.world.network import VOLUMES

ROOT = Path(__file__).parents[2]
SECONDS = 240
"""A start takes 25 s on two cores with nothing else to do."""

NAMESPACES = ("--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc")


def find() -> Cluster | None:
    """Return the running cluster, if there is one."""
    state = _state()
    # The kubeconfig is written last.
    if not KUBECONFIG.exists() or not state.get("processes") or not all(map(_process, state["processes"])):
        return None
    ports = state["ports"]
    return Cluster(
        kubeconfig=KUBECONFIG,
        s3=f"http://127.0.0.1:{ports['s3']}",
        kfp=f"http://127.0.0.1:{ports['kfp']}",
        ours=True,
        argo=f"https://127.0.0.1:{ports['argo']}",
    )


def up(by: str) -> Cluster:
    """Start the cluster, unless it runs; it must be built. What a person wants running, tests don't end.

    Args:
        by: Who starts it: ``person`` or ``tests``.

    Raises:
        ClusterError: It didn't start.
    """
    if hindrance := what_hinders():
        raise ClusterError(f"The test cluster can't be started here: {hindrance}.")
    with alone(HOME / "start.lock"):
        if running := find():
            if by == "person":
                _write_state(**{**_state(), "by": by})
            return running
        _end()
        shutil.rmtree(RUN, ignore_errors=True)
        LOGS.mkdir(parents=True)
        try:
            return _start(by)
        except BaseException:
            _end()
            raise


def down(by: str = "") -> None:
    """End the cluster; its data go with it, its logs stay.

    Args:
        by: End it only if this one has started it.
    """
    with alone(HOME / "start.lock"):
        if not by or _state().get("by") == by:
            _end()


def variables(cluster: Cluster) -> dict[str, str]:
    """Return the variables that tell programs of a cluster."""
    return {
        "KUBECONFIG": str(cluster.kubeconfig),
        "KFP_JUPYTER_TEST_KUBECONFIG": str(cluster.kubeconfig),
        "KFP_JUPYTER_TEST_S3": cluster.s3,
        "KFP_JUPYTER_TEST_KFP": cluster.kfp,
        "KFP_JUPYTER_TEST_ARGO": cluster.argo,
    }


def _start(by: str) -> Cluster:
    world = _spawn("world", "unshare", *NAMESPACES, sys.executable, "-m", "tests.cluster.world")
    processes = [_identity(world)]
    ports: dict[str, int] = {}
    _write_state(by=by, processes=processes, ports=ports)
    deadline = time.monotonic() + SECONDS
    while not READY.exists():
        if world.poll() is not None or time.monotonic() > deadline:
            said = (LOGS / "world.log").read_text()[-3000:]
            raise ClusterError(f"The test cluster didn't start; its logs are in {LOGS}.\n{said}")
        time.sleep(0.2)
    for name in DOORS:
        ports[name] = _free_port()
        listen = f"TCP-LISTEN:{ports[name]},bind=127.0.0.1,reuseaddr,fork"
        processes.append(_identity(_spawn(f"relay-{name}", "socat", listen, f"UNIX-CONNECT:{door(name)}")))
        _write_state(by=by, processes=processes, ports=ports)
    config = yaml.safe_load((RUN / "kubeconfig-own").read_text())
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{ports['api']}"
    KUBECONFIG.touch(mode=0o600)
    KUBECONFIG.write_text(yaml.safe_dump(config))
    cluster = find()
    if cluster is None:
        raise ClusterError(f"The test cluster ended at once; its logs are in {LOGS}.")
    return cluster


def _spawn(name: str, *command: str) -> subprocess.Popen[bytes]:
    with (LOGS / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "KFP_JUPYTER_TEST_CLUSTER": str(HOME)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # It outlives the terminal and the test session that started it.
            start_new_session=True,
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _state() -> dict[str, Any]:
    state: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
    return state


def _write_state(**state: Any) -> None:
    unfinished = STATE.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(state))
    unfinished.replace(STATE)


def _identity(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Return what tells this process from a later one with the same number."""
    return process.pid, psutil.Process(process.pid).create_time()


def _process(identity: tuple[int, float]) -> psutil.Process | None:
    number, created = identity
    with contextlib.suppress(psutil.NoSuchProcess):
        found = psutil.Process(number)
        if abs(found.create_time() - created) < 1 and found.status() != psutil.STATUS_ZOMBIE:
            return found
    return None


def _end() -> None:
    """End all processes of the cluster and remove what they leave."""
    started = [found for identity in _state().get("processes", ()) if (found := _process(identity))]
    # The child of `unshare` is the first process of the namespace: when it ends, all others have ended. A relay's
    # children are its connections.
    doomed = started + [child for process in started for child in process.children()]
    for process in doomed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(doomed, timeout=SECONDS)
    for path in (STATE, READY, KUBECONFIG):
        path.unlink(missing_ok=True)
    for directory in (DATA, RUN / "containerd", RUN / "kubelet"):
        shutil.rmtree(directory, ignore_errors=True)
    with contextlib.suppress(OSError):
        VOLUMES.rmdir()
    remove_group()
