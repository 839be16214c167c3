"""Settings of the Kubernetes container, given when it is made."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="container-kwargs")
def pipeline(level="info"):
    dsl.ContainerOp(
        name="server check",
        image="web/check:2",
        arguments=["--all"],
        container_kwargs={
            "env": [k8s.V1EnvVar(name="LEVEL", value=level), k8s.V1EnvVar(name="MODE", value="batch")],
            "working_dir": "/srv",
            "image_pull_policy": "IfNotPresent",
            "ports": [k8s.V1ContainerPort(container_port=8080, name="http")],
        },
    )
