"""A Python function → image and component."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kfp_jupyter.components import load_component_from_file
from kfp_jupyter.errors import UsageError
from kfp_jupyter.images import VersionedDependency, build_python_component
from tests.images.recording import DIGEST, RecordingBuilder


def add(a: float, b: float = 2) -> float:
    """Add two numbers."""
    return a + b


def braces(text: str) -> str:
    return "{{" + text + "}}"


@pytest.fixture
def builder() -> RecordingBuilder:
    """Builds nothing."""
    return RecordingBuilder()


def test_the_component_runs_the_built_image(builder: RecordingBuilder) -> None:
    component = build_python_component(add, "r.example/add:1", builder=builder)

    container = component.component_spec.container
    assert container.image == f"r.example/add@{DIGEST}"
    assert container.command == ("python3", "-u", "/ml/main.py")
    assert [i.name for i in component.component_spec.inputs] == ["a", "b"]


def test_the_component_is_still_the_function_outside_a_pipeline(builder: RecordingBuilder) -> None:
    assert build_python_component(add, "r.example/add:1", builder=builder)(1.0) == 3.0


@pytest.mark.parametrize(("function", "arguments", "result"), [(add, ["--a", "1", "--b", "4"], "5.0"),
                                                              (braces, ["--text", "x"], "{{x}}")])  # fmt: skip
def test_the_program_in_the_image_is_the_functions(
    function: object, arguments: list[str], result: str, builder: RecordingBuilder, tmp_path: Path
) -> None:
    build_python_component(function, "r.example/x:1", builder=builder)  # type: ignore[arg-type]  # parametrised

    program = tmp_path / "main.py"
    program.write_text(builder.files["ml/main.py"])
    output = tmp_path / "output"
    subprocess.run([sys.executable, program, *arguments, "----output-paths", output], check=True)
    assert output.read_text() == result


def test_dependencies_become_requirements(builder: RecordingBuilder) -> None:
    dependencies = [
        VersionedDependency("pandas", version="2.0"),
        VersionedDependency("numpy", min_version="1.20", max_version="2"),
        VersionedDependency("scikit-learn"),
        VersionedDependency("pandas", min_version="2.1"),
    ]
    build_python_component(add, "r.example/add:1", dependency=dependencies, builder=builder)

    assert builder.files["requirements.txt"] == "pandas >= 2.1\nnumpy >= 1.20, <= 2\nscikit-learn\n"
    assert "RUN python3 -m pip install -r /ml/requirements.txt" in builder.files["Dockerfile"].splitlines()


def test_the_image_is_made_from_the_base_image_and_made_sure_to_have_python(builder: RecordingBuilder) -> None:
    build_python_component(add, "r.example/add:1", base_image="python:3.11", builder=builder)

    first, ensure, *rest = builder.files["Dockerfile"].splitlines()
    assert first == "FROM python:3.11"
    assert ensure.startswith("RUN python3 -m pip --version || (apt-get update")
    assert rest == ["COPY ml/main.py /ml/main.py"]


def test_the_decorators_base_image_counts(builder: RecordingBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add, "_component_base_image", "decorated:1", raising=False)
    build_python_component(add, "r.example/add:1", builder=builder)

    assert builder.files["Dockerfile"].startswith("FROM decorated:1\n")


def test_the_component_file_loads_again(builder: RecordingBuilder, tmp_path: Path) -> None:
    file = tmp_path / "component.yaml"
    component = build_python_component(add, "r.example/add:1", target_component_file=file, builder=builder)

    assert yaml.safe_load(file.read_text()) == component.component_spec.to_dict()
    assert load_component_from_file(file).component_spec.container.image == f"r.example/add@{DIGEST}"


def test_components_of_kfp_v2_are_refused(builder: RecordingBuilder) -> None:
    with pytest.raises(UsageError, match="is_v2=True asks for a KFP v2 component"):
        build_python_component(add, "r.example/add:1", is_v2=True, builder=builder)


def test_a_version_is_both_bounds() -> None:
    dependency = VersionedDependency("pandas", version="2.0", min_version="1.0")

    assert (dependency.min_version, dependency.max_version) == ("2.0", "2.0")
    assert dependency.has_versions()
    assert not VersionedDependency("pandas").has_versions()
