"""What of a directory goes into its image."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.errors import UsageError
from kfp_jupyter.images import build_image_from_working_dir
from tests.images.recording import DIGEST, RecordingBuilder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Code, data and what lies about."""
    texts = {
        "train.py": "print(1)\n",
        "lib/__init__.py": "",
        "lib/requirements.txt": "pandas\n",
        "data.csv": "1,2\n",
        ".venv/lib/site.py": "",
        "env/pyvenv.cfg": "",
        "env/lib/site.py": "",
        "lib/__pycache__/old.py": "",
        ".ipynb_checkpoints/train.py": "",
    }
    for name, text in texts.items():
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "project"


@pytest.fixture
def builder() -> RecordingBuilder:
    """Builds nothing."""
    return RecordingBuilder()


def test_python_files_and_requirements_go_in(project: Path, builder: RecordingBuilder) -> None:
    built = build_image_from_working_dir("r.example/x:1", project, builder=builder)

    assert built == f"r.example/x@{DIGEST}"
    assert sorted(builder.files) == ["Dockerfile", "lib/__init__.py", "lib/requirements.txt", "train.py"]


def test_the_current_directory_is_the_default(
    project: Path, builder: RecordingBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    build_image_from_working_dir("r.example/x:1", builder=builder)

    assert "train.py" in builder.files


def test_another_filter_takes_other_files(project: Path, builder: RecordingBuilder) -> None:
    build_image_from_working_dir("r.example/x:1", project, r".*\.csv", builder=builder)

    assert sorted(builder.files) == ["Dockerfile", "data.csv", "lib/requirements.txt"]


def test_the_dockerfile_is_kfps(project: Path, builder: RecordingBuilder) -> None:
    build_image_from_working_dir("r.example/x:1", project, builder=builder)

    assert builder.files["Dockerfile"].splitlines() == [
        "FROM gcr.io/deeplearning-platform-release/tf-cpu.1-14",
        "WORKDIR /python_env",
        "COPY . .",
    ]


def test_requirements_beside_the_code_are_installed_before_the_code_is_copied(
    project: Path, builder: RecordingBuilder
) -> None:
    (project / "requirements.txt").write_text("numpy\n")
    build_image_from_working_dir("r.example/x:1", project, base_image=lambda: "python:3.11", builder=builder)

    assert builder.files["Dockerfile"].splitlines() == [
        "FROM python:3.11",
        "WORKDIR /python_env",
        "COPY requirements.txt .",
        "RUN python3 -m pip install -r requirements.txt",
        "COPY . .",
    ]


def test_the_directorys_own_dockerfile_counts(project: Path, builder: RecordingBuilder) -> None:
    (project / "Dockerfile").write_text("FROM own\n")
    build_image_from_working_dir("r.example/x:1", project, builder=builder)

    assert builder.files["Dockerfile"] == "FROM own\n"


def test_a_dockerfile_and_a_base_image_contradict_each_other(project: Path, builder: RecordingBuilder) -> None:
    (project / "Dockerfile").write_text("FROM own\n")

    with pytest.raises(UsageError, match="already sets the base image"):
        build_image_from_working_dir("r.example/x:1", project, base_image="python:3.11", builder=builder)


def test_the_same_files_are_built_once(project: Path, builder: RecordingBuilder) -> None:
    names = [build_image_from_working_dir("r.example/x:1", project, builder=builder) for _ in range(2)]

    assert builder.builds == 1
    assert names[0] == names[1]


@pytest.mark.parametrize("change", ["a file", "the name"])
def test_a_change_builds_anew(project: Path, builder: RecordingBuilder, change: str) -> None:
    build_image_from_working_dir("r.example/x:1", project, builder=builder)
    if change == "a file":
        (project / "train.py").write_text("print(2)\n")
    build_image_from_working_dir("r.example/x:1" if change == "a file" else "r.example/y:1", project, builder=builder)

    assert builder.builds == 2


def test_an_absent_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no directory '.*absent'"):
        build_image_from_working_dir("r.example/x:1", tmp_path / "absent")


def test_a_filter_that_is_no_regular_expression_is_named(project: Path) -> None:
    with pytest.raises(UsageError, match=r"file_filter_re='\(' is not a valid regular expression: "):
        build_image_from_working_dir("r.example/x:1", project, "(")


@pytest.mark.parametrize("image", ["python 3.11", "python\nRUN x"])
def test_a_base_image_that_is_no_name_is_refused(project: Path, builder: RecordingBuilder, image: str) -> None:
    with pytest.raises(UsageError, match="is not a valid image name"):
        build_image_from_working_dir("r.example/x:1", project, base_image=image, builder=builder)
