"""Real builds with the docker or podman of this machine: images from scratch, so that none is pulled."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter.errors import EngineError
from kfp_jupyter.images import LocalBuilder, build_docker_image, build_image_from_working_dir
from kfp_jupyter.images.local_builder import local_program
from tests.images.registry import Registry, served


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Docker or podman; podman with a storage of its own."""
    found = local_program()
    if not found:
        pytest.skip("neither docker nor podman answers on this machine")
    if found == "podman":
        storage = tmp_path / "storage.conf"
        places = f'graphroot = "{tmp_path}/graph"\nrunroot = "{tmp_path}/run"\n'
        storage.write_text(f'[storage]\ndriver = "vfs"\n{places}')
        monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(storage))
    return found


@pytest.fixture
def image(program: str) -> Iterator[str]:
    """A name for an image that is gone after the test."""
    name = f"localhost/kfp-jupyter-test-{uuid.uuid4().hex[:8]}:1"
    yield name
    subprocess.run([program, "image", "rm", "--force", name], capture_output=True, check=False)


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry without a certificate, on this machine."""
    with served() as registry:
        yield registry


def test_an_image_is_built_of_a_directory(program: str, image: str, context: Path) -> None:
    built = LocalBuilder(program, push=False).build(context, target_image=image)

    found = subprocess.run([program, "image", "inspect", image], capture_output=True, text=True, check=True)
    assert built == image
    assert len(json.loads(found.stdout)[0]["RootFS"]["Layers"]) == 1


def test_a_pushed_image_is_named_by_its_digest(program: str, registry: Registry, context: Path) -> None:
    name = f"{registry.host}/team/model"

    built = LocalBuilder(program).build(context, target_image=f"{name}:1")

    subprocess.run([program, "image", "rm", "--force", f"{name}:1"], capture_output=True, check=False)
    assert built == f"{name}@{registry.manifests['team/model:1']}"


def test_the_builds_output_is_shown_line_by_line(program: str, image: str, context: Path) -> None:
    shown: list[str] = []

    LocalBuilder(program, push=False, show=shown.append).build(context, target_image=image)

    assert any("COPY data/table.csv" in line for line in shown)


def test_a_build_that_fails_says_why(program: str, image: str, context: Path) -> None:
    (context / "Dockerfile").write_text("FROM scratch\nCOPY absent /\n")

    with pytest.raises(EngineError, match=rf"The build of '{image}' with {program} failed: .*absent"):
        LocalBuilder(program, push=False).build(context, target_image=image)


def test_a_push_that_fails_says_why(program: str, context: Path) -> None:
    with pytest.raises(EngineError, match=r"The push of '127.0.0.1:9/x:1' with \w+ failed: .*127.0.0.1:9"):
        LocalBuilder(program).build(context, target_image="127.0.0.1:9/x:1")


def test_another_dockerfile_of_the_directory_can_be_named(program: str, image: str, context: Path) -> None:
    (context / "Dockerfile").rename(context / "Other")

    assert LocalBuilder(program, push=False).build(context, "Other", image) == image


def test_a_dockerfile_alone_is_built(program: str, image: str, tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM scratch\nLABEL team=data\n")

    assert build_docker_image(None, image, dockerfile, builder=LocalBuilder(program, push=False)) == image


def test_a_working_directory_is_built(program: str, image: str, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text("print('trained')\n")
    builder = LocalBuilder(program, push=False)

    assert build_image_from_working_dir(image, tmp_path / "code", base_image="scratch", builder=builder) == image


SLOW = """#!/bin/sh
echo working
sleep 600
"""


def test_a_build_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: Path) -> None:
    slow = tmp_path / "podman"
    slow.write_text(SLOW)
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with pytest.raises(EngineError, match=r"The build of 'a/b:1' took too long\. Set a longer timeout=…"):
        LocalBuilder("podman").build(context, target_image="a/b:1", timeout=0.5)


def test_a_client_whose_daemon_does_not_answer_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in (("docker", 1), ("podman", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert local_program() == "podman"
