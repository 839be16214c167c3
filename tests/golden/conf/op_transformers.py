"""Functions that change every task: containers, resources, volumes and the task at the end."""

from kubernetes import client as k8s

from kfp_jupyter import components, dsl


def step(word: str):
    print(word)


step_op = components.create_component_from_func(step)


def owned(op):
    op.add_pod_label("owner", "data-team")
    return op


def patient(op):
    if isinstance(op, dsl.ContainerOp):
        op.set_retry(op.num_retries or 4)
        op.container.add_env_variable(k8s.V1EnvVar(name="OP", value=op.name))


@dsl.pipeline(name="transformers")
def pipeline(word: str = "x", zone: str = "a"):
    conf = dsl.get_pipeline_conf()
    conf.add_op_transformer(owned)
    conf.add_op_transformer(patient)
    conf.add_op_transformer(lambda op: op.add_pod_annotation("zone", zone))
    with dsl.ExitHandler(step_op("end")):
        step_op(word)
        step_op(word).set_retry(1)
        dsl.VolumeOp(name="disk", resource_name="d", size="1Gi")
