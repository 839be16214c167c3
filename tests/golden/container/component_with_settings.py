"""Settings of the container and the pod on tasks that come from components, in one chain of calls."""

from kubernetes import client as k8s

from kfp_jupyter import components, dsl


def train(rows: int) -> str:
    return "model"


train_op = components.create_component_from_func(train, base_image="tensorflow/tensorflow:2.15.0")


@dsl.pipeline(name="Settings on components")
def pipeline(rows: int = 10, pool: str = "gpu", token: str = "t"):
    (
        train_op(rows)
        .add_env_variable(k8s.V1EnvVar(name="TOKEN", value=token))
        .add_node_selector_constraint("pool", pool)
        .add_toleration(k8s.V1Toleration(key="gpu", operator="Exists", effect="NoSchedule"))
        .add_pod_label("team", "vision")
        .add_pod_annotation("note", f"{rows} rows")
        .set_gpu_limit(1)
        .set_retry(2, policy="OnError")
        .set_timeout(3600)
        .set_display_name("Train it")
        .set_image_pull_policy("Never")
    )
