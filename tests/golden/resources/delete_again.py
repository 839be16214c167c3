"""Objects that a pipeline made are deleted by it."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="made-and-deleted")
def pipeline():
    plain = dsl.ResourceOp(
        name="plain", k8s_resource={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "c-"}}
    )
    typed = dsl.ResourceOp(
        name="typed",
        k8s_resource=k8s.V1Namespace(
            api_version="v1", kind="Namespace", metadata=k8s.V1ObjectMeta(generate_name="sandbox-")
        ),
    )
    used = dsl.ContainerOp(name="use", image="alpine:3.19", arguments=[plain.output, typed.output])
    plain.delete().after(used)
    typed.delete(flags=["--cascade=foreground"]).after(used)
