"""Time limits of tasks, of an exit task and of a resource."""

from kfp_jupyter import dsl


@dsl.pipeline(name="timeouts")
def pipeline():
    end = dsl.ContainerOp(name="end", image="alpine:3.19", command=["true"]).set_timeout(60)
    with dsl.ExitHandler(end):
        dsl.ContainerOp(name="long", image="alpine:3.19", command=["sleep", "1h"]).set_timeout(7200)
        dsl.ResourceOp(
            name="claim", k8s_resource={"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "p-"}}
        ).set_timeout(30)
