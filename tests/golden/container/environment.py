"""Environment variables: texts, parameters, secrets, config maps, fields of the pod, whole maps."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


def field(name, path):
    return k8s.V1EnvVar(name=name, value_from=k8s.V1EnvVarSource(field_ref=k8s.V1ObjectFieldSelector(field_path=path)))


@dsl.pipeline(name="environment")
def pipeline(stage="test", secret="db"):
    step = dsl.ContainerOp(name="migrate", image="db/migrate:12", command=["migrate"])
    (
        step.container.add_env_variable(k8s.V1EnvVar(name="STAGE", value=stage))
        .add_env_variable(k8s.V1EnvVar(name="URL", value=f"db.{stage}.example.org"))
        .add_env_variable(k8s.V1EnvVar(name="EMPTY", value=""))
        .add_env_variable(
            k8s.V1EnvVar(
                name="PASSWORD",
                value_from=k8s.V1EnvVarSource(secret_key_ref=k8s.V1SecretKeySelector(name=secret, key="password")),
            )
        )
        .add_env_variable(
            k8s.V1EnvVar(
                name="LIMIT",
                value_from=k8s.V1EnvVarSource(
                    config_map_key_ref=k8s.V1ConfigMapKeySelector(name="limits", key="rows", optional=True)
                ),
            )
        )
        .add_env_variable(field("NODE", "spec.nodeName"))
        .add_env_from(k8s.V1EnvFromSource(config_map_ref=k8s.V1ConfigMapEnvSource(name="common")))
        .add_env_from(k8s.V1EnvFromSource(prefix="DB_", secret_ref=k8s.V1SecretEnvSource(name=secret)))
    )
