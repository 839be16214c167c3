"""The first process of the cluster: `python -m tests.cluster.world`, inside fresh namespaces."""

from __future__ import annotations

import os
import sys

from tests.cluster.places import DATA, LOGS, NAMESPACE, READY, TLS
from tests.cluster.world import argo, control_plane, kubeflow, network, node, storage
from tests.cluster.world.kube import apply, kubectl
from tests.cluster.world.supervisor import Supervisor


def node_is_ready() -> bool:
    """Whether pods can be started."""
    path = "jsonpath={.status.conditions[?(@.type=='Ready')].status}"
    return kubectl("get", "node", node.NAME, "-o", path) == "True"


def supervise() -> None:
    """Start everything in order, then keep it running."""
    for directory in (DATA, LOGS, TLS):
        directory.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor()
    network.cover_directories()
    network.cover_hosts()
    network.set_up()
    network.start_names(supervisor)
    control_plane.start(supervisor)
    apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    node.start(supervisor)
    storage.start(supervisor)
    argo.start(supervisor)
    kubeflow.start(supervisor)
    network.open_doors(supervisor)
    supervisor.wait_for("the node", node_is_ready)
    READY.touch()
    supervisor.serve()


def main() -> int:
    """Bury orphans until the supervisor ends, as the first process must."""
    supervisor = os.fork()
    if not supervisor:
        supervise()
        return 0
    while True:
        ended, status = os.wait()
        if ended == supervisor:
            return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
