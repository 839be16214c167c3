"""Limits and requests that are parameters or outputs, beside some that are not."""

from kfp_jupyter import components, dsl


def estimate(rows: int) -> str:
    return "4Gi"


estimate_op = components.create_component_from_func(estimate)


@dsl.pipeline(name="resources-from-parameters")
def pipeline(rows: int = 10, cpu="2", gpus: int = 1, vendor="nvidia.com/gpu", disk="5Gi"):
    needed = estimate_op(rows)
    task = dsl.ContainerOp(name="join", image="spark:3.5.1", command=["spark-submit"])
    task.set_memory_limit(needed.output).set_memory_request("1Gi")
    task.set_cpu_limit(cpu).set_cpu_request(cpu).set_ephemeral_storage_limit(disk).set_ephemeral_storage_request(disk)
    other = dsl.ContainerOp(name="render", image="blender/blender:4.1", command=["blender"])
    other.set_gpu_limit(gpus, vendor).set_cpu_limit("1").add_resource_request("memory", needed.output)
