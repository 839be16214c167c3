"""The one node: containerd, kubelet and kube-proxy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cluster.groups import make_group
from tests.cluster.places import CONTROL_GROUP, DATA, IMAGES, PAUSE_IMAGE, PROGRAMS, RUN, TLS
from tests.cluster.shell import run
from tests.cluster.world.control_plane import NODE, kubeconfig
from tests.cluster.world.network import BRIDGE, NODE_IP, POD_NET, below_run
from tests.cluster.world.supervisor import Supervisor

NAME = NODE
SOCKET = RUN / "containerd.sock"

CONTAINERD = """version = 2
root = "{data}/containerd"
state = "{run}/containerd"

[grpc]
  address = "{socket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "{data}/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{cni}"

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
"""

KUBELET: dict[str, Any] = {
    "apiVersion": "kubelet.config.k8s.io/v1beta1",
    "kind": "KubeletConfiguration",
    "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
    "authorization": {"mode": "AlwaysAllow"},
    "containerRuntimeEndpoint": f"unix://{SOCKET}",
    "volumePluginDir": str(RUN / "kubelet" / "plugins"),
    # The machine is what it is: its swap, its older cgroups, its disk.
    "failSwapOn": False,
    "failCgroupV1": False,
    "cgroupDriver": "cgroupfs",
    "cgroupRoot": f"/{CONTROL_GROUP}",
    "cgroupsPerQOS": True,
    "enforceNodeAllocatable": [],
    "oomScoreAdj": 0,
    "localStorageCapacityIsolation": False,
    "imageGCHighThresholdPercent": 100,
    "evictionHard": {"memory.available": "100Mi", "nodefs.available": "0%", "imagefs.available": "0%"},
    "clusterDNS": [NODE_IP],
    "clusterDomain": "cluster.local",
    "resolvConf": "/dev/null",
    # Many small pods at once.
    "maxPods": 250,
    "kubeAPIQPS": 200,
    "kubeAPIBurst": 400,
    "registryPullQPS": 0,
    "eventRecordQPS": 0,
    "syncFrequency": "10s",
    # Large logs go on in another file soon.
    "containerLogMonitorInterval": "3s",
}


def start(supervisor: Supervisor) -> None:
    """Start the node with its images."""
    cni = below_run("cni")
    (cni / "10-pods.conflist").write_text(json.dumps(_pod_network()))
    config = RUN / "containerd.toml"
    config.write_text(CONTAINERD.format(data=DATA, run=RUN, socket=SOCKET, pause=PAUSE_IMAGE, cni=cni))
    supervisor.start("containerd", "containerd", "--config", config)
    supervisor.wait_for("containerd", SOCKET.exists)
    for image in sorted(IMAGES.glob("*.tar")):
        run("ctr", "--address", SOCKET, "--namespace", "k8s.io", "images", "import", image)
    _start_kubelet(supervisor, below_run("kubelet"))
    supervisor.start(
        "kube-proxy",
        PROGRAMS / "kube-proxy",
        *(f"--kubeconfig={kubeconfig('proxy')}", f"--hostname-override={NAME}", f"--cluster-cidr={POD_NET}"),
        # Limits of the whole machine stay as they are.
        *("--conntrack-max-per-core=0", "--conntrack-tcp-timeout-established=0"),
        "--conntrack-tcp-timeout-close-wait=0",
    )


def _start_kubelet(supervisor: Supervisor, home: Path) -> None:
    config = RUN / "kubelet.json"
    config.write_text(json.dumps(KUBELET))
    make_group()
    supervisor.start(
        "kubelet",
        PROGRAMS / "kubelet",
        *(f"--config={config}", f"--kubeconfig={kubeconfig('kubelet')}", f"--root-dir={home}", f"--cert-dir={TLS}"),
        *(f"--hostname-override={NAME}", f"--node-ip={NODE_IP}"),
    )


def _pod_network() -> dict[str, Any]:
    addresses = {
        "type": "host-local",
        "dataDir": str(DATA / "ipam"),
        "ranges": [[{"subnet": POD_NET, "rangeStart": "10.77.1.1", "gateway": NODE_IP}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {"type": "bridge", "bridge": BRIDGE, "isGateway": True, "ipMasq": True, "hairpinMode": True}
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [{**bridge, "ipam": addresses}, ports]}
