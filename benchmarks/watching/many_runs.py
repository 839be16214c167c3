"""CPU of a kernel that watches 20 runs."""

from __future__ import annotations

import time

from benchmarks.timing import Row
from benchmarks.watching.kernel import Kernel
from benchmarks.watching.runs import held
from kfp_jupyter.engines.argo.engine import ArgoEngine
from tests.cluster.running import Cluster

RUNS = 20
SECONDS = 60
SETTLED = 70
"""Seconds after which a run's clock ticks as it does for the next minutes."""


def rows(cluster: Cluster) -> list[Row]:
    """Measure; return the rows."""
    with cluster.new_namespace("bench") as namespace:
        engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
        names = [engine.submit(held()).id for _ in range(RUNS)]
        kernel = Kernel(cluster, namespace)
        try:
            for name in names:
                kernel.run(f"%kfp attach {name}")
            _wait(kernel, SETTLED)
            before = kernel.cpu_seconds()
            _wait(kernel, SECONDS)
            share = (kernel.cpu_seconds() - before) / SECONDS
            memory = kernel.megabytes()
        finally:
            kernel.close()
    return [
        Row(f"kernel that watches {RUNS} runs, CPU", f"{share:.1%} of a core", "≤ 3 %"),
        Row(f"kernel that watches {RUNS} runs, memory", f"{memory:.0f} MiB"),
    ]


def _wait(kernel: Kernel, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        kernel.drain()
        time.sleep(0.5)
