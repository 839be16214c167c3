"""A resource's field decides whether a step runs, and is looped over."""

from kfp_jupyter import dsl


@dsl.pipeline(name="node-check")
def pipeline(group="workers"):
    config = dsl.ResourceOp(
        name="config",
        k8s_resource={
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"generateName": "check-"},
            "data": {"group": group, "hosts": '["n1", "n2"]'},
        },
        attribute_outputs={"group": "{.data.group}", "hosts": "{.data.hosts}"},
    )
    with dsl.Condition(config.outputs["group"] == "workers"):
        dsl.ContainerOp(name="drain", image="bitnami/kubectl:1.29", arguments=["drain", config.outputs["name"]])
    with dsl.ParallelFor(config.outputs["hosts"]) as host:
        dsl.ContainerOp(name="ping", image="busybox:1.36", command=["ping", "-c1"], arguments=[host])
