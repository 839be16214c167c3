"""A real kernel that shows runs of a cluster, and what its process uses."""

from __future__ import annotations

from typing import Any

import psutil
from jupyter_client.manager import KernelManager

from tests.cluster.running import Cluster

_LOAD = """
%load_ext kfp_jupyter
%env KUBECONFIG={kubeconfig}
%kfp engine argo namespace={namespace}
"""


class Kernel:
    """A kernel whose notebook is on the cluster's engine.

    Args:
        cluster: The cluster.
        namespace: Where its runs are.
    """

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._manager = KernelManager()
        self._manager.start_kernel()
        self._client: Any = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)
        self.process = psutil.Process(self._manager.provisioner.pid)  # type: ignore[union-attr]  # it has just started
        self.run(_LOAD.format(kubeconfig=cluster.kubeconfig, namespace=namespace))

    def run(self, code: str) -> None:
        """Run a cell and wait for its end.

        Raises:
            RuntimeError: It failed.
        """
        reply = self._client.execute_interactive(code, timeout=120, output_hook=lambda _: None)["content"]
        if reply["status"] != "ok":
            raise RuntimeError("\n".join(reply["traceback"]))

    def drain(self) -> None:
        """Take the messages that have come from the kernel, as a front end does."""
        while self._client.iopub_channel.msg_ready():
            self._client.get_iopub_msg(timeout=1)

    def cpu_seconds(self) -> float:
        """Return the CPU time that the kernel has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def megabytes(self) -> float:
        """Return the memory that the kernel holds."""
        return self.process.memory_info().rss / 1024**2

    def close(self) -> None:
        """End it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
