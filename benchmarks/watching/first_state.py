"""Submit → first state in the view, beside ``kubectl create`` and ``kubectl get --watch``."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.timing import Row
from benchmarks.watching.runs import held
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.widget.run_view import RunView
from tests.cluster.places import KUBECTL_CACHE, PROGRAMS
from tests.cluster.running import Cluster

TIMES = 9


def rows(cluster: Cluster) -> list[Row]:
    """Measure, one after the other in turn; return the rows."""
    with cluster.new_namespace("bench") as namespace:
        engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
        # The first use loads the client; a kernel does that once.
        _view(engine), _kubectl(cluster, namespace)
        pairs = [(_view(engine), _kubectl(cluster, namespace)) for _ in range(TIMES)]
    view, kubectl = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        Row("submit → first state in the view", f"{view:.2f} s", f"≤ {kubectl + 0.5:.2f} s"),
        Row("kubectl create → first line of kubectl get --watch", f"{kubectl:.2f} s"),
    ]


def _view(engine: ArgoEngine) -> float:
    view = RunView(held, {"argo": lambda: engine}, "argo")
    start = time.perf_counter()
    view.submit()
    while view.state is None:
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    view.close()
    return seconds


def _kubectl(cluster: Cluster, namespace: str) -> float:
    kubectl = [str(PROGRAMS / "kubectl"), f"--cache-dir={KUBECTL_CACHE}", f"--namespace={namespace}"]
    variables = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "workflow.json"
        file.write_text(json.dumps(held()))
        start = time.perf_counter()
        create = [*kubectl, "create", "-f", str(file), "-o", "name"]
        made = subprocess.run(create, env=variables, check=True, capture_output=True, text=True)
        get = [*kubectl, "get", made.stdout.strip(), "--watch", "-o", "json"]
        with subprocess.Popen(get, env=variables, stdout=subprocess.PIPE) as watching:
            assert watching.stdout is not None
            watching.stdout.readline()
            seconds = time.perf_counter() - start
            watching.terminate()
    return seconds
