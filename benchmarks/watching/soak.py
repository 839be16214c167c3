"""Memory of a kernel that sees as many changes in minutes as others in an hour."""

from __future__ import annotations

import threading
import time

import kubernetes

from benchmarks.timing import Row
from benchmarks.watching.kernel import Kernel
from benchmarks.watching.runs import held
from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from tests.cluster.running import Cluster

EVENTS_PER_SECOND = 50
SENDERS = 5
"""One alone waits too long for the API's answers."""
SECONDS = 240
WARM_SECONDS = 40


def rows(cluster: Cluster) -> list[Row]:
    """Measure; return the rows."""
    with cluster.new_namespace("bench") as namespace:
        engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
        name = engine.submit(held()).id
        kernel = Kernel(cluster, namespace)
        stop = CancelToken()
        sent: list[int] = []
        given = (cluster, namespace, name, stop, sent)
        senders = [threading.Thread(target=_change, args=given) for _ in range(SENDERS)]
        try:
            kernel.run(f"%kfp attach {name}")
            for sender in senders:
                sender.start()
            memory = _memory(kernel)
        finally:
            stop.set()
            for sender in filter(threading.Thread.is_alive, senders):
                sender.join()
            kernel.close()
    changes = f"{len(sent):,} changes in {WARM_SECONDS + SECONDS} s"
    return [
        Row(f"memory after the first {WARM_SECONDS} s of watching {changes}", f"{memory[0]:.1f} MiB"),
        Row("memory at the end", f"{memory[-1]:.1f} MiB", "flat"),
        Row("memory at most", f"{max(memory):.1f} MiB"),
    ]


def _memory(kernel: Kernel) -> list[float]:
    """Return the kernel's memory, second by second, once it has seen everything there is to load."""
    found = []
    for second in range(WARM_SECONDS + SECONDS):
        kernel.drain()
        time.sleep(1)
        if second >= WARM_SECONDS:
            found.append(kernel.megabytes())
    return found


def _change(cluster: Cluster, namespace: str, name: str, stop: CancelToken, sent: list[int]) -> None:
    """Change a run so that each change shows: its message counts them."""
    with cluster.client() as client:
        api = kubernetes.client.CustomObjectsApi(client)
        while not stop.wait(SENDERS / EVENTS_PER_SECOND):
            sent.append(len(sent))
            body = {"status": {"message": f"change {len(sent)}"}}
            api.patch_namespaced_custom_object("argoproj.io", "v1alpha1", namespace, "workflows", name, body)
