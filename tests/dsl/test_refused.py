"""What can't be a pipeline is said in a sentence, at the line."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes import client as k8s

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl.types import InconsistentTypeException
from kfp_jupyter.errors import CompileError, KfpJupyterError, PipelineError


@components.create_component_from_func
def step(text: str = "x") -> str:
    return text


@components.create_component_from_func
def number(value: int = 1) -> int:
    return value


def op(**fields: Any) -> dsl.ContainerOp:
    return dsl.ContainerOp("build", "golang:1.22", **fields)


def in_condition(output: Any) -> None:
    with dsl.Condition(output == "x"):
        step(output)


def exit_handler_inside() -> None:
    clean = step()
    with dsl.Condition(step().output == "x"), dsl.ExitHandler(clean):
        step()


def two_exit_handlers() -> None:
    with dsl.ExitHandler(step()):
        step()
    with dsl.ExitHandler(step()):
        step()


def exit_task_takes_an_output() -> None:
    with dsl.ExitHandler(step(step().output)):
        step()


def output_of_the_exit_task() -> None:
    end = step()
    with dsl.ExitHandler(end):
        step(end.output)


def item_outside_its_loop() -> None:
    with dsl.ParallelFor([1, 2]) as item:
        step(f"{item}")
    step(f"{item}")


def waits_for_its_own_group() -> None:
    with dsl.ParallelFor([1, 2]) as item:
        task = step(f"{item}")
    task.after(dsl.Pipeline.get_default_pipeline().groups[0].groups[0])  # type: ignore[union-attr]


def group_and_task_of_one_name() -> None:
    step()
    dsl.ContainerOp("condition 1", "busybox")
    in_condition(step().output)


def other_keys() -> None:
    with dsl.ParallelFor([{"a": 1}, {"b": 2}]):
        step()


def unknown_key() -> None:
    with dsl.ParallelFor([{"a": 1}]) as item:
        step(item.b)


@dsl.graph_component
def again(value: Any) -> None:
    step(value)


REFUSED = [
    (lambda: op(file_outputs={"a", "b"}), ["file_outputs", "set", '{"model": "/tmp/model"}']),
    (lambda: op(container_kwargs={"colour": 1}), ["no field 'colour'", "image"]),
    (lambda: op().set_memory_limit("lots"), ["memory limit is 'lots'", "512Mi"]),
    (lambda: op().container.set_cpu_request("1 core"), ["CPU request is '1 core'", "500m"]),
    (lambda: op().set_gpu_limit(0), ["GPUs is 0"]),
    (lambda: op().set_gpu_limit(1, "intel"), ["'intel'", "nvidia or amd"]),
    (lambda: op().set_image_pull_policy("Sometimes"), ["'Sometimes'", "IfNotPresent"]),
    (lambda: op().set_termination_message_policy("Loud"), ["'Loud'", "FallbackToLogsOnError"]),
    (lambda: op().set_retry(3, policy="Never"), ["'Never'", "OnTransientError"]),
    (lambda: op().add_env_variable({"name": "A"}), ["V1EnvVar"]),
    (lambda: op().container.add_volume_mount(k8s.V1EnvVar(name="a")), ["V1VolumeMount"]),
    (lambda: op().add_pod_label("a", object()), ["pod of the task 'build'", "object"]),
    (lambda: op(file_outputs={"a b": "/1", "a-b": "/2"}), ["'a b' and 'a-b'", "one name for both: 'a-b'"]),
    (lambda: op(file_outputs={"日本": "/1"}), ["'日本'", "no character"]),
    (lambda: op().outputs["x"], ["'build' has no output 'x'", "none"]),
    (lambda: op().colour, ["no attribute 'colour'"]),
    (lambda: dsl.ResourceOp(name="r"), ["'r' has no k8s_resource"]),
    (lambda: dsl.ResourceOp(name="r", k8s_resource={}, action="make"), ["'make'", "create"]),
    (lambda: dsl.ResourceOp(name="r", k8s_resource={}, merge_strategy="json"), ["merge_strategy", "apply"]),
    (lambda: dsl.ResourceOp(name="r", k8s_resource={}, action="delete", success_condition="x"), ["conditions"]),
    (lambda: dsl.ResourceOp(name="r", k8s_resource={"kind": "Pod"}, action="delete").delete(), ["already"]),
    (lambda: dsl.VolumeOp(name="v", resource_name="v"), ["no size", "10Gi"]),
    (lambda: dsl.VolumeOp(name="v", resource_name="v", size="big"), ["'big'", "10Gi"]),
    (lambda: dsl.VolumeOp(name="v", size="1Gi"), ["no resource_name"]),
    (lambda: dsl.VolumeSnapshotOp(name="s", resource_name="s"), ["pvc or a volume"]),
    (lambda: dsl.PipelineVolume(name="x" * 64), ["63 characters"]),
    (lambda: dsl.ParallelFor([]).__enter__(), ["no items"]),
    (lambda: dsl.ParallelFor("abc").__enter__(), ["over 'abc'", "list"]),
    (lambda: dsl.ParallelFor([1], parallelism=-1).__enter__(), ["parallelism", "-1"]),
    (lambda: dsl.SubGraph(0).__enter__(), ["parallelism", "0"]),
    (lambda: dsl.ExitHandler("clean").__enter__(), ["'clean'", "no task"]),  # type: ignore[arg-type]
    (lambda: again("text"), ["graph component 'again'", "'text'"]),
    (lambda: again(*()), ["graph component 'again'", "missing a required argument: 'value'"]),
    (exit_handler_inside, ["exit handler must contain the whole pipeline"]),
    (two_exit_handlers, ["2 exit handlers"]),
    (exit_task_takes_an_output, ["exit task 'step-2' uses an output of 'step'"]),
    (output_of_the_exit_task, ["'step-2' waits for the exit task 'step'"]),
    (item_outside_its_loop, ["item of a loop is used outside"]),
    (waits_for_its_own_group, ["'step' waits for the group 'for-loop-2', which contains it"]),
    (group_and_task_of_one_name, ["both called 'condition-1'"]),
    (other_keys, ["differ in their keys", "item 1"]),
    (unknown_key, ["no key 'b'", ".a"]),
    (lambda: dsl.get_pipeline_conf().set_parallelism(0), ["parallelism is 0"]),
    (lambda: dsl.get_pipeline_conf().set_image_pull_policy("x"), ["image pull policy is 'x'"]),
    (lambda: dsl.get_pipeline_conf().set_host_aliases({"a": "1.2.3.4"}), ["host_aliases is {", "Pass a list"]),  # type: ignore[arg-type]
    (lambda: dsl.Pipeline("name"), ["made of 'name'", "@dsl.pipeline"]),  # type: ignore[arg-type]
    (lambda: dsl.Artifact, ["dsl.Artifact is part of KFP v2"]),
    (lambda: dsl.importer(*()), ["dsl.importer is part of KFP v2"]),
]


@pytest.mark.parametrize(("pipeline", "words"), REFUSED)
def test_it_is_refused_in_one_sentence(pipeline: Any, words: list[str]) -> None:
    with pytest.raises(KfpJupyterError) as caught:
        Compiler().workflow(dsl.Pipeline(pipeline))
    for word in words:
        assert word in str(caught.value)
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


@pytest.mark.parametrize("make", [lambda: dsl.ParallelFor([1]), dsl.get_pipeline_conf])
def test_groups_and_settings_are_made_in_pipelines_only(make: Any) -> None:
    with pytest.raises(PipelineError, match="outside a pipeline"):
        make()


def test_names_of_v2_can_be_asked_for_and_imported_in_a_try() -> None:
    assert not hasattr(dsl, "importer")
    with pytest.raises(ImportError, match=r"dsl.Model is part of KFP v2"):
        from kfp_jupyter.dsl import Model  # noqa: F401


def test_types_that_do_not_fit_are_an_error_or_a_warning() -> None:
    def pipeline() -> None:
        number(step().output)

    with pytest.raises(InconsistentTypeException, match=r"has type String.*takes Integer"):
        Compiler().workflow(dsl.Pipeline(pipeline))
    with pytest.warns(dsl.PipelineWarning, match=r"has type String.*takes Integer"):
        Compiler().workflow(dsl.Pipeline(pipeline), type_check=False)


def test_what_the_function_raises_is_shown_from_the_authors_line_on() -> None:
    def helper() -> None:
        raise KeyError("nowhere")

    def pipeline() -> None:
        step()
        helper()

    with pytest.raises(PipelineError, match="raised KeyError: 'nowhere'") as caught:
        Compiler().workflow(dsl.Pipeline(pipeline))
    assert caught.value.position is not None
    assert caught.value.position.text.strip() == "helper()"
    assert 'raise KeyError("nowhere")' in str(caught.value)
    assert "kfp_jupyter/dsl" not in str(caught.value)


def test_annotations_that_kubernetes_would_refuse_are_refused() -> None:
    @components.create_component_from_func
    def big(text: str) -> None:
        print(text)

    def pipeline() -> None:
        big("x" * 300_000)

    with pytest.raises(CompileError, match=r"annotations of the task 'big' have 30\d,\d+ bytes") as caught:
        Compiler().workflow(dsl.Pipeline(pipeline))
    assert caught.value.position is not None
    assert caught.value.position.text.strip() == 'big("x" * 300_000)'


@pytest.mark.parametrize("mode", [dsl.PipelineExecutionMode.V2_COMPATIBLE, dsl.PipelineExecutionMode.V2_ENGINE])
def test_a_mode_that_kfp_1_8_24_does_not_compile_is_refused_as_there(mode: dsl.PipelineExecutionMode) -> None:
    with pytest.raises(CompileError, match=rf"The mode {mode.name} can't be compiled: like kfp 1\.8\.24") as caught:
        Compiler(mode=mode)
    assert caught.value.position is not None
    assert caught.value.position.file == __file__
