"""Building all that the cluster is made of, and saying what it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.cluster import images, programs
from tests.cluster.locks import alone
from tests.cluster.places import HOME
from tests.cluster.shell import ClusterError, run

DEBIAN_PACKAGES = (
    "conntrack",
    "containerd",
    "containernetworking-plugins",
    "debootstrap",
    "dnsmasq-base",
    "etcd-server",
    "iproute2",
    "iptables",
    "mariadb-server",
    "openssl",
    "runc",
    "socat",
)


def is_built() -> bool:
    """Whether the cluster can be started without building anything."""
    return programs.are_built() and images.are_built() and not _missing_packages()


def what_hinders() -> str:
    """Return why the cluster can't be had on this machine; empty when it can."""
    if sys.platform != "linux":
        return "it needs Linux"
    if os.geteuid():
        return "it needs root"
    if not shutil.which("apt-get") and _missing_packages():
        return "it needs these programs of Debian packages: " + ", ".join(_missing_packages())
    if not programs.are_built() and not shutil.which("go"):
        return "it needs Go 1.25 or newer"
    return ""


def build() -> None:
    """Build what isn't there yet: about 20 minutes on two cores the first time, nothing later.

    Raises:
        ClusterError: This machine can't, or a part failed to build.
    """
    if hindrance := what_hinders():
        raise ClusterError(f"The test cluster can't be built here: {hindrance}.")
    with alone(HOME / "build.lock"):
        if is_built():
            return
        if missing := _missing_packages():
            print("installing", *missing, flush=True)
            run("apt-get", "update", "-q")
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            run("apt-get", "install", "-y", "-q", "--no-install-recommends", *missing, env=quiet)
        programs.build_programs()
        images.build_images()


def _missing_packages() -> list[str]:
    if not shutil.which("dpkg-query"):
        return list(DEBIAN_PACKAGES)
    asked = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\n", *DEBIAN_PACKAGES]
    # It complains, and answers all the same, when it doesn't know one of them.
    answer = subprocess.run(asked, text=True, capture_output=True, check=False).stdout.splitlines()
    installed = {line.partition(" ")[2] for line in answer if line.startswith("installed ")}
    return [package for package in DEBIAN_PACKAGES if package not in installed]
