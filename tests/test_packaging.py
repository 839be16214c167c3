"""What is handed out: the wheel and the sdist carry the labextension, built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import kfp_jupyter

ROOT = Path(__file__).parent.parent
VERSION = kfp_jupyter.__version__
LABEXTENSION = f"kfp_jupyter-{VERSION}.data/data/share/jupyter/labextensions/kfp-jupyter"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an sdist of this tree and the wheel that was built from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    # No Node on PATH: whoever installs from an sdist may have none.
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--skip-dependency-check", f"--outdir={out}", ROOT],
        env=os.environ | {"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(dist / f"kfp_jupyter-{VERSION}-py3-none-any.whl")


def test_the_labextension_has_the_version_of_the_package() -> None:
    assert json.loads((ROOT / "labextension/package.json").read_text())["version"] == VERSION


def test_the_wheel_has_the_type_marker(wheel: zipfile.ZipFile) -> None:
    assert "kfp_jupyter/py.typed" in wheel.namelist()


def test_the_wheel_puts_the_labextension_where_jupyterlab_looks(wheel: zipfile.ZipFile) -> None:
    package = json.loads(wheel.read(f"{LABEXTENSION}/package.json"))

    assert {
        f"{LABEXTENSION}/{package['jupyterlab']['_build']['load']}",
        f"{LABEXTENSION}/install.json",
        f"{LABEXTENSION}/schemas/kfp-jupyter/plugin.json",
        f"{LABEXTENSION}/static/style.js",
    } <= set(wheel.namelist())


def test_the_wheel_has_the_labextension_once(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if name.startswith("kfp_jupyter/labextension/")] == []


def test_the_sdist_has_the_labextension_built_and_in_source(dist: Path) -> None:
    with tarfile.open(dist / f"kfp_jupyter-{VERSION}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"kfp_jupyter/labextension/static/style.js", "labextension/src/index.ts"} <= names
    assert [name for name in names if "node_modules" in name] == []
