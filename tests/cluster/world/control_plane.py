"""etcd, the API server, the controller manager and the scheduler."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.cluster.places import DATA, PROGRAMS, RUN, TLS
from tests.cluster.shell import run
from tests.cluster.world import kube
from tests.cluster.world.network import API_PORT, NODE_IP, POD_NET, SERVICE_NET, listens
from tests.cluster.world.supervisor import Supervisor

NODE = "node"

USERS = {
    "own": ("admin", "system:masters"),
    "controllers": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "kubelet": (f"system:node:{NODE}", "system:nodes"),
    "proxy": ("system:kube-proxy", ""),
}
"""Who has a kubeconfig → user and group."""

ETCD = "http://127.0.0.1:2379"
ISSUER = "https://kubernetes.default.svc"
KEY = TLS / "apiserver.key"
ACCOUNTS = TLS / "accounts.key"
"""Signs the tokens of service accounts."""


def kubeconfig(user: str) -> Path:
    """Return where the kubeconfig of one of `USERS` is."""
    return RUN / f"kubeconfig-{user}"


def start(supervisor: Supervisor) -> None:
    """Start the control plane and wait for the API."""
    supervisor.start(
        "etcd",
        "etcd",
        *(f"--data-dir={DATA / 'etcd'}", "--unsafe-no-fsync"),
        *(f"--listen-client-urls={ETCD}", f"--advertise-client-urls={ETCD}"),
        "--listen-peer-urls=http://127.0.0.1:2380",
    )
    _make_keys()
    tokens = _make_users()
    supervisor.wait_for("etcd", listens("127.0.0.1", 2379))
    supervisor.start(
        "kube-apiserver",
        PROGRAMS / "kube-apiserver",
        *(f"--etcd-servers={ETCD}", f"--secure-port={API_PORT}", f"--advertise-address={NODE_IP}"),
        *(f"--service-cluster-ip-range={SERVICE_NET}", "--authorization-mode=Node,RBAC", "--allow-privileged=true"),
        *(f"--tls-cert-file={kube.CERTIFICATE}", f"--tls-private-key-file={KEY}", f"--token-auth-file={tokens}"),
        *(f"--service-account-key-file={ACCOUNTS}", f"--service-account-signing-key-file={ACCOUNTS}"),
        *(f"--service-account-issuer={ISSUER}", "--kubelet-preferred-address-types=InternalIP"),
        # Older clients list and then watch; that is what is tested.
        "--feature-gates=WatchList=false",
    )
    supervisor.wait_for("the API server", lambda: kube.kubectl("get", "--raw", "/readyz") == "ok")
    supervisor.start(
        "kube-controller-manager",
        PROGRAMS / "kube-controller-manager",
        *(f"--kubeconfig={kubeconfig('controllers')}", "--use-service-account-credentials", "--leader-elect=false"),
        *(f"--service-account-private-key-file={ACCOUNTS}", f"--root-ca-file={kube.CERTIFICATE}"),
        *("--enable-hostpath-provisioner=true", f"--cluster-cidr={POD_NET}"),
        "--controllers=*,-node-ipam-controller,-bootstrap-signer-controller,-token-cleaner-controller",
    )
    supervisor.start(
        "kube-scheduler",
        PROGRAMS / "kube-scheduler",
        *(f"--kubeconfig={kubeconfig('scheduler')}", "--leader-elect=false"),
    )


def _make_keys() -> None:
    run("openssl", "genrsa", "-out", ACCOUNTS, "2048")
    names = ("IP:127.0.0.1", f"IP:{NODE_IP}", "IP:10.96.0.1", "DNS:localhost", "DNS:kubernetes.default.svc")
    run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=kubernetes"),
        *("-addext", f"subjectAltName={','.join(names)}", "-keyout", KEY, "-out", kube.CERTIFICATE),
    )


def _make_users() -> Path:
    """Give everybody a token; return the file that tells the API server."""
    path = TLS / "tokens.csv"
    path.touch(mode=0o600)
    lines = []
    for number, (who, (user, group)) in enumerate(USERS.items()):
        token = secrets.token_hex(16)
        kube.write_kubeconfig(kubeconfig(who), token, f"https://127.0.0.1:{API_PORT}")
        lines.append(f'{token},{user},{number},"{group}"')
    path.write_text("\n".join(lines) + "\n")
    return path
