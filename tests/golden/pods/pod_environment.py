"""The label that brings names and ids of the pod into its environment."""

from kfp_jupyter import components, dsl


def who_am_i():
    import os

    print(os.environ["KFP_POD_NAME"])


who_op = components.create_component_from_func(who_am_i)


@dsl.pipeline(name="pod-env")
def pipeline():
    who_op().add_pod_label("add-pod-env", "true")
    who_op().add_pod_label("add-pod-env", "false")
    dsl.ContainerOp(name="plain", image="alpine:3.19", command=["env"]).add_pod_label("add-pod-env", "true")
