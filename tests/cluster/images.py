"""The images that pods of the cluster can have."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.cluster.archive import write_archive
from tests.cluster.places import EXECUTOR_IMAGE, HOME, IMAGES, PAUSE_IMAGE, PROGRAMS
from tests.cluster.shell import run
from tests.environments import lock_file

PYTHON_NAMES = (
    "python:3.7",
    "python:3.8",
    "python:3.9",
    "python:3.10",
    "python:3.11",
    "python:3.11-slim",
    "python:3.12",
    "python:3.13",
    "alpine:3.19",
    "alpine:latest",
    "bash:4.4.23",
    "busybox:latest",
    "debian:bookworm",
)
"""Names that tutorials use; here all of them are one Debian with Python 3.11."""

PACKAGES, WHEELS = IN_IMAGES = ("pods", "wheels")
"""Lock files: what the image with Python has, and what pip in a pod finds and can install. Pods reach no index."""

WHEELHOUSE = "opt/wheels"

SETTINGS = {"PIP_FIND_LINKS": f"/{WHEELHOUSE}", "PIP_NO_INDEX": "1", "PIP_ROOT_USER_ACTION": "ignore"}

ARCHIVES = ("pause", "argoexec", "python-with-packages")

# What containerd makes of a name without a registry.
HUB = "docker.io/library"

WASTE = ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale")


def are_built() -> bool:
    """Whether all images are there."""
    return all((IMAGES / f"{name}.tar").exists() for name in ARCHIVES)


def build_images() -> None:
    """Make the images that aren't there yet. The programs must be."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    pause, executor, python = (IMAGES / f"{name}.tar" for name in ARCHIVES)
    if not pause.exists():
        write_archive(pause, [PAUSE_IMAGE], {"pause": PROGRAMS / "pause"}, ["/pause"])
    if not executor.exists():
        write_archive(executor, [EXECUTOR_IMAGE], {"bin/argoexec": PROGRAMS / "argoexec"}, ["argoexec"])
    if not python.exists():
        print("making the image with Python", flush=True)
        root = _debian()
        _add_packages(root)
        write_archive(python, [f"{HUB}/{name}" for name in PYTHON_NAMES], {"": root}, ["python3"], SETTINGS)
        shutil.rmtree(root)


def _debian() -> Path:
    """Make a root file system from the package index that apt is set up with."""
    root = HOME / "rootfs"
    shutil.rmtree(root, ignore_errors=True)
    index = run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages").split()[0]
    packages = "python3,python3-pip,ca-certificates"
    run("debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", root, index)
    (root / "usr/bin/python").symlink_to("python3")
    for directory in WASTE:
        shutil.rmtree(root / directory, ignore_errors=True)
    return root


def _add_packages(root: Path) -> None:
    """Install what quickstarts import, as Debian's pip would, and leave some wheels for pods to install."""
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    same = ("--require-hashes", "--only-binary", ":all:", "--python-version", "3.11", "--implementation", "cp")
    place = root / "usr/local/lib/python3.11/dist-packages"
    run(*pip, "install", "--target", place, *same, "--requirement", lock_file(PACKAGES))
    run(*pip, "download", "--no-deps", "--dest", root / WHEELHOUSE, *same, "--requirement", lock_file(WHEELS))
    for tests in sorted(place.glob("**/tests"), reverse=True):
        shutil.rmtree(tests)
    # Debian's word to people that pip isn't for them; images of Python have no such file.
    (root / "usr/lib/python3.11/EXTERNALLY-MANAGED").unlink()
