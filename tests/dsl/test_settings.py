"""Settings reach the Workflow as the types that Kubernetes takes, or are refused at their line."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
from kubernetes import client as k8s

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl import kubernetes_types
from kfp_jupyter.errors import ComponentError, PipelineError


class Team(str, enum.Enum):
    RED = "red"


def op(**fields: Any) -> dsl.ContainerOp:
    return dsl.ContainerOp("c", "i", **fields)


def workflow(function: Callable[[], Any]) -> dict[str, Any]:
    def pipeline() -> None:
        function()

    return Compiler().workflow(dsl.Pipeline(pipeline, "p"))


def template(function: Callable[[], Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(t for t in workflow(function)["spec"]["templates"] if t["name"] == "c")
    return found


def conf() -> dsl.PipelineConf:
    op()
    return dsl.get_pipeline_conf()


def spec_of_conf(change: Callable[[dsl.PipelineConf], Any]) -> dict[str, Any]:
    found: dict[str, Any] = workflow(lambda: change(conf()))["spec"]
    return found


def directly() -> None:
    task = op()
    task.pod_annotations["a"] = False
    task.pod_labels.update({"b": 3, 4: None})
    task.node_selector = {"gpu": True}


TERM = k8s.V1NodeSelectorTerm(
    match_expressions=[k8s.V1NodeSelectorRequirement(key="a", operator="In", values=[1, True])]
)
AFFINITY = k8s.V1Affinity(
    node_affinity=k8s.V1NodeAffinity(
        preferred_during_scheduling_ignored_during_execution=[
            k8s.V1PreferredSchedulingTerm(weight="2", preference=TERM)
        ]
    )
)
SECRET = k8s.V1Volume(name=5, secret=k8s.V1SecretVolumeSource(secret_name=7, optional=True, default_mode=0o400))
PROBE = k8s.V1Probe(http_get=k8s.V1HTTPGetAction(path=Path("/ready"), port=80), period_seconds=2.0)

AS_TEXT = [
    (lambda: op().add_pod_annotation("a", False), "metadata.annotations.a", "False"),
    (lambda: op().add_pod_annotation("a", 3), "metadata.annotations.a", "3"),
    (lambda: op().add_pod_annotation("a", np.int64(3)), "metadata.annotations.a", "3"),
    (lambda: op().add_pod_annotation("a", None), "metadata.annotations.a", ""),
    (lambda: op().add_pod_label("a", True), "metadata.labels.a", "True"),
    (lambda: op().add_pod_label("a", Team.RED), "metadata.labels.a", "red"),
    (lambda: op().add_pod_label(1, 1.5), "metadata.labels.1", "1.5"),
    (directly, "metadata.annotations.a", "False"),
    (directly, "metadata.labels.b", "3"),
    (directly, "metadata.labels.4", ""),
    (directly, "nodeSelector", {"gpu": "True"}),
    (lambda: op().add_node_selector_constraint("a", True), "nodeSelector.a", "True"),
    (lambda: op().set_display_name(5), "metadata.annotations.pipelines.kubeflow.org/task_display_name", "5"),  # type: ignore[arg-type]
    (lambda: op().add_env_variable(k8s.V1EnvVar(name="A", value=True)),
     "container.env", [{"name": "A", "value": "True"}]),
    (lambda: setattr(op(command=["a"]).container, "command", "b"), "container.command", ["b"]),
    (lambda: op(container_kwargs={"env": [{"name": "A", "value": 1}]}), "container.env", [{"name": "A", "value": "1"}]),
    (lambda: op(container_kwargs={"working_dir": PurePosixPath("/w")}), "container.workingDir", "/w"),
    (lambda: op(container_kwargs={"readiness_probe": PROBE}), "container.readinessProbe.httpGet.path", "/ready"),
    (lambda: op(container_kwargs={"readiness_probe": PROBE}), "container.readinessProbe.httpGet.port", 80),
    (lambda: op(container_kwargs={"readiness_probe": PROBE}), "container.readinessProbe.periodSeconds", 2),
    (lambda: setattr(op(), "image", 5), "container.image", "5"),
    (lambda: op(file_outputs={0: Path("/o")}), "outputs.artifacts", [{"name": "c-0", "path": "/o"}]),
    (lambda: op().set_timeout("60"), "activeDeadlineSeconds", 60),
    (lambda: op().set_retry(2, backoff_duration=60), "retryStrategy.backoff", {"duration": "60"}),
    (lambda: op().add_affinity(AFFINITY),
     "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
     [{"weight": 2, "preference": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "True"]}]}}]),
    (lambda: op().add_toleration(k8s.V1Toleration(key="a", value=True, toleration_seconds="30")),
     "tolerations", [{"key": "a", "value": "True", "tolerationSeconds": 30}]),
    (lambda: op().add_volume(SECRET),
     "volumes", [{"name": "5", "secret": {"secretName": "7", "optional": True, "defaultMode": 0o400}}]),
    (lambda: op().add_sidecar(dsl.Sidecar(name=5, image="i", env=[k8s.V1EnvVar(name="A", value=0)])),  # type: ignore[arg-type]
     "sidecars", [{"name": "5", "image": "i", "env": [{"name": "A", "value": "0"}]}]),
    (lambda: op().set_gpu_limit(1).set_cpu_limit(0.5),
     "container.resources", {"limits": {"nvidia.com/gpu": 1, "cpu": 0.5}}),
    (lambda: op().set_caching_options("false"), "metadata.labels.pipelines.kubeflow.org/enable_caching", "false"),
    (lambda: op().set_caching_options(np.bool_(False)),
     "metadata.labels.pipelines.kubeflow.org/enable_caching", "false"),
]  # fmt: skip


def at(data: Any, path: str) -> Any:
    """What stands at a path, whose last key may hold dots."""
    while path:
        key = path if path in data else path.partition(".")[0]
        data, path = data[key], path[len(key) + 1 :]
    return data


@pytest.mark.parametrize(("made", "path", "value"), AS_TEXT)
def test_a_setting_has_the_type_that_kubernetes_takes(made: Callable[[], Any], path: str, value: Any) -> None:
    found = at(template(made), path)

    assert found == value
    assert type(found) is type(value)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: op().add_pod_annotation("a", {"x": 1}), r"annotation 'a' .* mapping .*json\.dumps"),
    (lambda: op().add_pod_label("a", ["x"]), "label 'a' .* list"),
    (lambda: dsl.Condition(dsl.PipelineParam("a") == 1, name=["x"]), "name of the condition .* list"),  # type: ignore[arg-type]
    (lambda: dsl.python_component(name=["x"]), "name in @dsl.python_component .* list"),  # type: ignore[arg-type]
    (lambda: op().add_env_variable(k8s.V1EnvVar(name="A", value={"x": 1})), "value of the container .* mapping"),
    (lambda: op().container.add_resource_limit("cpu", True), "cpu limit is True.*500m"),
    (lambda: op().container.add_resource_request("memory", float("nan")), "memory request is nan"),
    (lambda: op().set_cpu_limit(None), "CPU limit is None"),
    (lambda: op(container_kwargs={"resources": {"limits": {"cpu": None}}}), "'cpu' in limits .* can't be None"),
    (lambda: op(container_kwargs={"tty": "yes"}), "tty of the container .* can't be 'yes'.*True or False"),
    (lambda: op(container_kwargs={"security_context": {"runAsUser": "me"}}), "runAsUser .* 'me'.*whole number"),
    (lambda: op().set_timeout(1.5), "timeout .* is 1.5"),  # type: ignore[arg-type]
    (lambda: op().set_timeout(dsl.PipelineParam("t")), "known only when the pipeline runs"),  # type: ignore[arg-type]
    (lambda: op().set_retry(True), "num_retries .* is True"),
    (lambda: op().set_caching_options("maybe"), "enable_caching .* 'maybe'"),
    (lambda: conf().set_parallelism(True), "parallelism is True"),
    (lambda: conf().set_timeout("an hour"), "timeout is 'an hour'"),
    (lambda: conf().set_image_pull_secrets(["key"]), r"V1LocalObjectReference\(name='key'\)"),
    (lambda: conf().set_pod_disruption_budget(False), "min_available is False"),
]


@pytest.mark.parametrize(("made", "words"), REFUSED)
def test_a_setting_that_has_no_such_type_is_refused_at_its_line(made: Callable[[], Any], words: str) -> None:
    with pytest.raises(PipelineError, match=words) as caught:
        workflow(made)

    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_settings_of_the_pipeline_have_the_types_that_kubernetes_takes() -> None:
    spec = spec_of_conf(
        lambda conf: (
            conf.set_timeout("60")
            .set_ttl_seconds_after_finished("5")
            .set_default_pod_node_selector("spot", True)  # type: ignore[arg-type]
            .set_dns_config(k8s.V1PodDNSConfig(options=[k8s.V1PodDNSConfigOption(name="ndots", value=5)]))
        )
    )

    assert spec["activeDeadlineSeconds"] == 60
    assert spec["ttlStrategy"] == {"secondsAfterCompletion": 5}
    assert spec["nodeSelector"] == {"spot": "True"}
    assert spec["dnsConfig"] == {"options": [{"name": "ndots", "value": "5"}]}


def test_an_object_that_a_task_makes_has_text_where_all_kinds_have_it() -> None:
    resource = {
        "kind": "Pod",
        "metadata": {"labels": {"a": True}, "annotations": {"b": 1}},
        "spec": {"nodeSelector": {"c": False}, "replicas": 3, "containers": [{"env": [{"name": "D", "value": 4}]}]},
    }

    found = template(lambda: dsl.ResourceOp(name="c", k8s_resource=resource))["resource"]["manifest"]

    for line in ("a: 'True'", "b: '1'", "c: 'False'", "replicas: 3", "value: '4'"):
        assert line in found


def test_a_parameter_may_say_whether_a_result_is_taken_from_the_cache() -> None:
    def pipeline(cache: str = "false") -> None:
        op().set_caching_options(cache)

    templates = {t["name"]: t for t in Compiler().workflow(dsl.Pipeline(pipeline, "p"))["spec"]["templates"]}

    label = templates["c"]["metadata"]["labels"]["pipelines.kubeflow.org/enable_caching"]
    assert label == "{{inputs.parameters.cache}}"
    assert templates["p"]["dag"]["tasks"][0]["arguments"]["parameters"][0]["name"] == "cache"


def echo(text: str) -> str:
    return text


def test_annotations_of_a_component_are_text() -> None:
    component = components.create_component_from_func(echo, annotations={"n": 1, "on": True})  # type: ignore[dict-item]

    assert component.component_spec.annotations == {"n": "1", "on": "True"}
    with pytest.raises(ComponentError, match=r"annotation 'n' is \{'a': 1\}") as caught:
        components.create_component_from_func(echo, annotations={"n": {"a": 1}})  # type: ignore[dict-item]
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_packages_that_are_one_text_are_refused() -> None:
    with pytest.raises(ComponentError, match=r"\['pandas'\]"):
        components.create_component_from_func(echo, packages_to_install="pandas")


def leaves(model: str, seen: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield key, type and model of all fields of a model of the Kubernetes client, and of those in it."""
    if model in seen or not hasattr(k8s, model):
        return
    seen.add(model)
    cls = getattr(k8s, model)
    for attribute, kind in cls.openapi_types.items():
        inner = re.sub(r"^(?:list|dict)\[(?:str, ?)?(.*)\]$", r"\1", kind)
        if hasattr(k8s, inner):
            yield from leaves(inner, seen)
        else:
            yield cls.attribute_map[attribute], kind, model


def test_the_known_types_are_those_of_kubernetes() -> None:
    others = {"values"}  # Numbers in a rule on exit codes, whose key isn't looked into, and text elsewhere.
    times = {"creationTimestamp", "deletionTimestamp", "time"}  # Set by the cluster alone.
    seen: set[str] = set()
    fields = [f for m in ("V1PodSpec", "V1ObjectMeta", "V1PersistentVolumeClaimSpec") for f in leaves(m, seen)]
    wrong = []
    for key, kind, model in fields:
        inner = re.sub(r"^(?:list|dict)\[(?:str, ?)?(.*)\]$", r"\1", kind)
        reads = getattr(kubernetes_types.READERS.get(key), "__name__", "_text")
        expected = {"int": {"_number", "_port"}, "bool": {"_truth"}, "object": {"_port"}}.get(
            inner, {"_text", "_amount"}
        )
        is_map = kind.startswith("dict") and key not in kubernetes_types.TEXT_MAPS | kubernetes_types.AMOUNT_MAPS
        if key not in others | times | {"fieldsV1"} and (reads not in expected or is_map):
            wrong.append((model, key, kind))
    assert wrong == []
