"""What the modifiers of kfp.gcp, aws, azure and onprem do to a task; expectations are what kfp 1.8.24 made of them."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest
from kubernetes.client import V1Toleration

from kfp_jupyter import aws, azure, gcp, onprem
from tests.modifiers.recorder import ResourceTask, Task

PREEMPTIBLE_NODES = {
    "matchExpressions": [{"key": "cloud.google.com/gke-preemptible", "operator": "In", "values": ["true"]}]
}


def applied(modifier: Any, task: Task | None = None) -> dict[str, Any]:
    """What a modifier gives a task; the task is handed on."""
    task = task or Task()
    changed = modifier(task)
    assert changed is task
    made: dict[str, Any] = task.made()
    return made


def from_secret(variable: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def test_a_google_service_account_is_a_mounted_secret_and_two_variables() -> None:
    path = "/secret/gcp-credentials/user-gcp-sa.json"

    assert applied(gcp.use_gcp_secret()) == {
        "env": [
            {"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": path},
            {"name": "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", "value": path},
        ],
        "volumeMounts": [{"name": "gcp-credentials-user-gcp-sa", "mountPath": "/secret/gcp-credentials"}],
        "volumes": [{"name": "gcp-credentials-user-gcp-sa", "secret": {"secretName": "user-gcp-sa"}}],
    }


def test_secret_file_and_paths_of_google_credentials_can_be_chosen() -> None:
    made = applied(gcp.use_gcp_secret("admin", "/key.json", secret_volume_mount_path="/keys"))

    assert made["env"][0]["value"] == "/keys/key.json"
    assert made["volumes"] == [{"name": "gcp-credentials-admin", "secret": {"secretName": "admin"}}]
    assert made["volumeMounts"] == [{"name": "gcp-credentials-admin", "mountPath": "/keys"}]


def test_naming_the_volume_of_google_credentials_is_deprecated() -> None:
    with pytest.warns(DeprecationWarning, match="volume_name is deprecated"):
        modifier = gcp.use_gcp_secret(volume_name="mine")

    assert applied(modifier)["volumes"][0]["name"] == "mine"


def test_tpus_are_a_limit_and_an_annotation() -> None:
    assert applied(gcp.use_tpu(8, "v3", "1.12")) == {
        "limits": {"cloud-tpus.google.com/v3": "8"},
        "annotations": {"tf-version.cloud-tpus.google.com": "1.12"},
    }


def test_preemptible_nodes_are_preferred() -> None:
    preferred = [{"preference": PREEMPTIBLE_NODES, "weight": 50}]

    assert applied(gcp.use_preemptible_nodepool()) == {
        "tolerations": [{"effect": "NoSchedule", "key": "preemptible", "operator": "Equal", "value": "true"}],
        "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}},
    }


def test_preemptible_nodes_can_be_required() -> None:
    required = {"nodeSelectorTerms": [PREEMPTIBLE_NODES]}
    made = applied(gcp.use_preemptible_nodepool(hard_constraint=True))

    assert made["affinity"] == {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}


def test_nodes_with_gpus_are_tolerated() -> None:
    assert applied(gcp.add_gpu_toleration()) == {
        "tolerations": [{"effect": "NoSchedule", "key": "nvidia.com/gpu", "operator": "Equal", "value": "true"}]
    }


@pytest.mark.parametrize("modifier", [gcp.add_gpu_toleration, gcp.use_preemptible_nodepool])
def test_another_taint_can_be_tolerated(modifier: Any) -> None:
    own = V1Toleration(key="team", operator="Exists")

    assert applied(modifier(own))["tolerations"] == [{"key": "team", "operator": "Exists"}]


def test_aws_credentials_are_variables_from_a_secret() -> None:
    assert applied(aws.use_aws_secret()) == {
        "env": [
            from_secret("AWS_ACCESS_KEY_ID", "aws-secret", "AWS_ACCESS_KEY_ID"),
            from_secret("AWS_SECRET_ACCESS_KEY", "aws-secret", "AWS_SECRET_ACCESS_KEY"),
        ]
    }


def test_keys_and_region_of_aws_can_be_chosen() -> None:
    assert applied(aws.use_aws_secret("mine", "id", "key", "eu-west-1"))["env"] == [
        from_secret("AWS_ACCESS_KEY_ID", "mine", "id"),
        from_secret("AWS_SECRET_ACCESS_KEY", "mine", "key"),
        {"name": "AWS_REGION", "value": "eu-west-1"},
    ]


def test_azure_credentials_are_variables_from_a_secret() -> None:
    names = ["AZ_SUBSCRIPTION_ID", "AZ_TENANT_ID", "AZ_CLIENT_ID", "AZ_CLIENT_SECRET"]

    assert applied(azure.use_azure_secret()) == {"env": [from_secret(name, "azcreds", name) for name in names]}


def test_keys_of_any_secret_become_variables() -> None:
    made = applied(onprem.use_k8s_secret("s3-secret", {"user": "AWS_ACCESS_KEY_ID", "password": "AWS_SECRET"}))

    assert made == {
        "env": [
            from_secret("AWS_ACCESS_KEY_ID", "s3-secret", "user"),
            from_secret("AWS_SECRET", "s3-secret", "password"),
        ]
    }


def test_a_secret_without_keys_changes_nothing() -> None:
    assert applied(onprem.use_k8s_secret()) == {}


def test_a_claim_is_mounted() -> None:
    assert applied(onprem.mount_pvc()) == {
        "volumes": [{"name": "pipeline", "persistentVolumeClaim": {"claimName": "pipeline-claim"}}],
        "volumeMounts": [{"name": "pipeline", "mountPath": "/mnt/pipeline"}],
    }


@pytest.mark.parametrize("modifier", [onprem.mount_pvc(), onprem.add_default_resource_spec("1Gi", "1")])
def test_tasks_without_a_container_stay_as_they_are(modifier: Any) -> None:
    task = ResourceTask()

    assert modifier(task) is task
    assert task.volumes == []


def test_a_default_limit_is_the_default_request_too() -> None:
    assert applied(onprem.add_default_resource_spec("1Gi", "500m")) == {
        "limits": {"cpu": "500m", "memory": "1Gi"},
        "requests": {"cpu": "500m", "memory": "1Gi"},
    }


def test_default_requests_can_be_lower() -> None:
    made = applied(onprem.add_default_resource_spec("1Gi", "500m", memory_request="1Mi", cpu_request="1m"))

    assert made["requests"] == {"cpu": "1m", "memory": "1Mi"}


def test_a_tasks_own_limit_keeps_the_defaults_away() -> None:
    task = Task()
    task.container.add_resource_limit("memory", "2Gi")

    assert applied(onprem.add_default_resource_spec("1Gi", "500m"), task) == {
        "limits": {"memory": "2Gi", "cpu": "500m"},
        "requests": {"cpu": "500m"},
    }


def test_a_tasks_own_request_stays() -> None:
    task = Task()
    task.container.add_resource_request("cpu", "1m")

    assert applied(onprem.add_default_resource_spec(cpu_limit="500m"), task) == {
        "limits": {"cpu": "500m"},
        "requests": {"cpu": "1m"},
    }


class Placeholder:
    """Stands for a pipeline's parameter: text with a meaning, and no truth of its own."""

    def __bool__(self) -> bool:
        raise AssertionError("a parameter was taken for its value")

    def __str__(self) -> str:
        return "{{pipelineparam:op=;name=chosen}}"


@pytest.mark.parametrize(
    "modifier",
    [
        onprem.mount_pvc(Placeholder()),  # type: ignore[arg-type]  # that is the point
        onprem.use_k8s_secret(Placeholder(), {"key": "NAME"}),  # type: ignore[arg-type]  # the same
        aws.use_aws_secret(aws_region=Placeholder()),  # type: ignore[arg-type]  # the same
        onprem.add_default_resource_spec(cpu_limit=Placeholder()),  # type: ignore[arg-type]  # the same
        gcp.use_gcp_secret(Placeholder()),  # type: ignore[arg-type]  # the same
    ],
)
def test_a_pipelines_parameter_may_stand_for_a_name(modifier: Any) -> None:
    assert str(Placeholder()) in str(applied(modifier))


@pytest.mark.parametrize(
    ("module", "name", "parameters"),
    [
        (gcp, "use_gcp_secret", "secret_name secret_file_path_in_volume volume_name secret_volume_mount_path"),
        (gcp, "use_tpu", "tpu_cores tpu_resource tf_version"),
        (gcp, "use_preemptible_nodepool", "toleration hard_constraint"),
        (gcp, "add_gpu_toleration", "toleration"),
        (aws, "use_aws_secret", "secret_name aws_access_key_id_name aws_secret_access_key_name aws_region"),
        (azure, "use_azure_secret", "secret_name"),
        (onprem, "mount_pvc", "pvc_name volume_name volume_mount_path"),
        (onprem, "use_k8s_secret", "secret_name k8s_secret_key_to_env"),
        (onprem, "add_default_resource_spec", "memory_limit cpu_limit memory_request cpu_request"),
    ],
)
def test_parameters_are_called_as_in_kfp(module: ModuleType, name: str, parameters: str) -> None:
    assert list(inspect.signature(getattr(module, name)).parameters) == parameters.split()
