"""The cluster's own network, its names, its doors; and what it must not write to outside of its own directories."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from tests.cluster.places import DATA, DOORS, NAMESPACE, RUN, door
from tests.cluster.shell import run
from tests.cluster.world.supervisor import Supervisor

NODE_IP = "10.77.0.1"
POD_NET = "10.77.0.0/16"
SERVICE_NET = "10.96.0.0/16"
BRIDGE = "cni0"

API_PORT, S3_PORT, KFP_PORT, ARGO_PORT = 6443, 9000, 8888, 2746

SERVICES = ("minio-service", "ml-pipeline")
"""Services of Kubeflow Pipelines' namespace that pods find by name."""

VOLUMES = Path("/tmp/hostpath_pv")
"""Where Kubernetes' provisioner of host paths makes volumes; it can't be told otherwise."""

COVERED = (Path("/var/log"), Path("/var/lib/cni"), VOLUMES)
"""Directories that programs insist on writing to."""


def cover_directories() -> None:
    """Lay directories of the cluster over those of the machine that its programs would write to."""
    # Kubelet and containerd pass mounts on to pods: all below / is shared from here on, but with nobody outside.
    run("mount", "--make-rshared", "/")
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    for directory in COVERED:
        own = DATA / "covers" / directory.name
        own.mkdir(parents=True)
        directory.mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", own, directory)


def cover_hosts() -> None:
    """Let the cluster's own programs find the services that pods find by name."""
    hosts = Path("/etc/hosts")
    own = DATA / "covers" / "hosts"
    own.write_text(hosts.read_text() + "".join(f"{NODE_IP} {service}.{NAMESPACE}\n" for service in SERVICES))
    run("mount", "--bind", own, hosts)


def set_up() -> None:
    """Make the bridge that pods are attached to, which is all of the cluster's world."""
    for command in (
        "ip link set lo up",
        f"ip link add {BRIDGE} type bridge",
        f"ip addr add {NODE_IP}/16 dev {BRIDGE}",
        f"ip link set {BRIDGE} up",
        f"ip route add default via {NODE_IP} dev {BRIDGE}",
    ):
        run(*command.split())
    for key in ("ipv4/ip_forward", "bridge/bridge-nf-call-iptables", f"ipv4/conf/{BRIDGE}/route_localnet"):
        Path("/proc/sys/net", key).write_text("1")


def start_names(supervisor: Supervisor) -> None:
    """Answer pods that ask for the address of a service."""
    domain = f"{NAMESPACE}.svc.cluster.local"
    supervisor.start(
        "dnsmasq",
        "dnsmasq",
        *("--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file", "--user=root"),
        # Names of the cluster that aren't there are said not to be: pods try several endings of a name.
        "--local=/cluster.local/",
        *("--bind-interfaces", f"--listen-address={NODE_IP}"),
        *(f"--address=/{service}.{domain}/{NODE_IP}" for service in SERVICES),
        # A pod that has lost an answer asks for the name as it stands at last.
        *(f"--address=/{service}.{NAMESPACE}/{NODE_IP}" for service in SERVICES),
    )


def open_doors(supervisor: Supervisor) -> None:
    """Offer services to the machine through sockets in the file system: those cross network namespaces."""
    addresses = (f"127.0.0.1:{API_PORT}", f"{NODE_IP}:{S3_PORT}", f"{NODE_IP}:{KFP_PORT}", f"127.0.0.1:{ARGO_PORT}")
    for name, address in zip(DOORS, addresses, strict=True):
        supervisor.start(f"door-{name}", "socat", f"UNIX-LISTEN:{door(name)},fork,unlink-early", f"TCP:{address}")
    supervisor.wait_for("the doors", lambda: all(door(name).exists() for name in DOORS))


def listens(host: str, port: int) -> Callable[[], bool]:
    """Return a check whether somebody listens."""

    def check() -> bool:
        with socket.create_connection((host, port), timeout=1):
            return True

    return check


def below_run(*names: str) -> Path:
    """Return a directory of the running cluster, made if it isn't there."""
    path = RUN.joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path
