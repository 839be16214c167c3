"""What a task tells of itself, and KFP v1's ways of changing it."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes import client as k8s

from kfp_jupyter import components, dsl
from kfp_jupyter.dsl import types
from kfp_jupyter.errors import PipelineError


@components.create_component_from_func
def step(text: str = "x") -> str:
    return text


MODEL = {"model": types.LocalPath()}


def traced(pipeline: Any) -> None:
    dsl.Pipeline(pipeline).graph()


def test_the_containers_methods_can_be_called_on_the_task() -> None:
    def pipeline(size: str = "1Gi") -> None:
        task = step()
        assert task.set_memory_limit(size) is task
        assert task.add_env_variable(k8s.V1EnvVar(name="A", value="b")) is task
        assert task.container.set_cpu_request("1") is task.container
        assert task.get_resource_request("cpu") == "1"
        assert [variable.name for variable in task.env_variables or ()] == ["A"]
        task.command = "sh"
        task.arguments = ["-c", size]
        task.image = "busybox"
        assert (task.container.command, task.container.image) == (["sh"], "busybox")
        assert task.apply(lambda op: op.set_timeout(3)).timeout == 3

    traced(pipeline)


def test_a_task_knows_what_it_takes() -> None:
    def pipeline(size: str = "1Gi", label: str = "l", word: str = "w") -> None:
        first = step(word)
        sidecar = dsl.Sidecar("log", "fluentd", args=["--tag", word])
        second = step(first.output).add_pod_label("l", label).set_memory_limit(size).add_sidecar(sidecar)
        assert {param.full_name for param in second.inputs} == {"step-Output", "label", "size", "word"}
        assert [param.full_name for param in sidecar.inputs] == ["word"]

    traced(pipeline)


def test_outputs_are_found_by_their_python_names_too() -> None:
    odd = components.load_component_from_text(
        "{name: Odd, outputs: [{name: Train Data}], "
        "implementation: {container: {image: a, command: [{outputPath: Train Data}]}}}"
    )

    def pipeline() -> None:
        task = odd()
        assert task.outputs["train_data"] is task.outputs["Train Data"] is task.output

    traced(pipeline)


def test_a_volume_is_waited_for() -> None:
    def pipeline() -> None:
        disk = dsl.VolumeOp(name="disk", resource_name="d", size="1Gi")
        writer = dsl.ContainerOp("write", "busybox", pvolumes={"/data": disk.volume})
        reader = dsl.ContainerOp("read", "busybox").add_pvolumes({"/data": writer.pvolume})
        assert writer.dependent_names == ["disk"] or writer.pvolumes["/data"].dependent_names == ["write"]
        assert reader.dependent_names == ["write"]

    traced(pipeline)


@pytest.mark.parametrize(
    ("given", "expected", "fit"),
    [
        ("String", "String", True),
        ("String", "Integer", False),
        (None, "Integer", True),
        ("Artifact", "Model", True),
        ("Artifact", "Integer", False),
        ({"GCSPath": {"a": 1}}, {"GCSPath": {"a": 1, "b": 2}}, True),
        ({"GCSPath": {"a": 1, "b": 2}}, {"GCSPath": {"a": 1}}, False),
        (types.GCSPath().to_dict(), "GCSPath", False),
        ("GCSPath", types.GCSPath().to_dict(), True),
        ({"": {}}, "Integer", True),
    ],
)
def test_types_fit_as_in_kfp(given: Any, expected: Any, fit: bool) -> None:
    assert types.fits(given, expected) is fit
    if fit:
        assert types.verify_type_compatibility(given, expected)
    else:
        with pytest.raises(types.InconsistentTypeException, match=r"was passed where"):
            types.verify_type_compatibility(given, expected)


def test_a_decorated_function_is_checked_against_its_annotations() -> None:
    @dsl.component
    def train(data: types.GCSPath(), steps: int = 1) -> MODEL:  # type: ignore[valid-type]
        return dsl.ContainerOp("train", "trainer", arguments=[str(data), str(steps)])

    def fine(data: types.GCSPath()) -> None:  # type: ignore[valid-type]
        step(train(data).outputs["model"].ignore_type())

    def wrong(data: int) -> None:
        train(data)

    traced(fine)
    with pytest.raises(types.InconsistentTypeException, match=r"'data' of 'Train' has type Integer.*takes GCSPath"):
        traced(wrong)


def test_a_function_that_makes_no_task_is_no_component() -> None:
    @dsl.component  # type: ignore[arg-type]  # the mistake
    def nothing() -> None:
        pass

    with pytest.raises(PipelineError, match="returned None, which is not a ContainerOp"):
        traced(nothing)
