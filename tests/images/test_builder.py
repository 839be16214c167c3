"""Which builder is taken, and the names of images."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images import ContainerBuilder, LocalBuilder, build_docker_image, builder
from kfp_jupyter.images.builder import chosen
from kfp_jupyter.images.reference import registry, repository, with_digest
from tests.images.recording import DIGEST, RecordingBuilder


@pytest.fixture
def machine_with_podman(monkeypatch: pytest.MonkeyPatch) -> None:
    """Podman answers."""
    monkeypatch.setattr(builder, "local_program", lambda: "podman")


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither docker nor podman responds."""
    monkeypatch.setattr(builder, "local_program", lambda: "")


def test_left_alone_podman_builds(machine_with_podman: None) -> None:
    assert isinstance(chosen(None), LocalBuilder)


def test_left_alone_on_a_bare_machine_the_cluster_builds(bare_machine: None) -> None:
    assert isinstance(chosen(None), ContainerBuilder)


@pytest.mark.parametrize("given", [{"staging": "gs://b/c"}, {"namespace": "team"}])
def test_what_is_of_use_to_kaniko_alone_means_kaniko(machine_with_podman: None, given: dict[str, str]) -> None:
    assert isinstance(chosen(None, **given), ContainerBuilder)


def test_the_person_has_the_last_word(machine_with_podman: None) -> None:
    assert isinstance(chosen("local", staging="gs://b/c"), LocalBuilder)
    assert isinstance(chosen("kaniko"), ContainerBuilder)


def test_a_local_build_on_a_bare_machine_is_refused(bare_machine: None) -> None:
    with pytest.raises(EngineError, match=r'Neither docker nor podman responds.*builder="kaniko"'):
        chosen("local")


def test_an_unknown_builder_is_named() -> None:
    with pytest.raises(UsageError, match="'buildah'"):
        chosen("buildah")


def test_a_dockerfile_is_built_alone(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.11\n")
    (tmp_path / "private.txt").write_text("secret")
    recording = RecordingBuilder()

    assert build_docker_image("gs://b/c", "r.example/x:1", tmp_path / "Dockerfile", builder=recording) == (
        f"r.example/x@{DIGEST}"
    )
    assert recording.files == {"Dockerfile": "FROM python:3.11\n"}


def test_a_dockerfile_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent' can't be read: No such file"):
        build_docker_image(None, "r.example/x:1", tmp_path / "absent", builder=RecordingBuilder())


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("python", "python"),
        ("python:3.11", "python"),
        ("r.example:5000/team/x", "r.example:5000/team/x"),
        ("r.example:5000/team/x:1", "r.example:5000/team/x"),
        (f"gcr.io/p/x:1@{DIGEST}", "gcr.io/p/x"),
    ],
)
def test_a_port_is_no_tag(image: str, name: str) -> None:
    assert repository(image) == name
    assert with_digest(image, DIGEST) == f"{name}@{DIGEST}"


@pytest.mark.parametrize(
    ("image", "host"),
    [("python:3.11", ""), ("me/x", ""), ("localhost/x", "localhost"), ("r.example/x", "r.example"), ("h:5/x", "h:5")],
)
def test_the_first_word_is_a_registry_when_it_looks_like_a_host(image: str, host: str) -> None:
    assert registry(image) == host


def test_a_build_that_leaves_no_digest_is_an_error() -> None:
    with pytest.raises(EngineError, match="ended without a digest of the image: it reported 'done'"):
        with_digest("r.example/x:1", "done")
