"""Limits and requests of every kind, through the task and through its container."""

from kfp_jupyter import dsl


@dsl.pipeline(name="resources")
def pipeline():
    train = dsl.ContainerOp(name="train", image="pytorch/pytorch:2.2.0", command=["python", "train.py"])
    train.set_cpu_request("500m").set_cpu_limit("4").set_memory_request("2G").set_memory_limit("16Gi")
    train.set_ephemeral_storage_request("10Gi").set_ephemeral_storage_limit("40Gi").set_gpu_limit(2)
    train.add_resource_limit("smarter-devices/fuse", "1").add_resource_request("smarter-devices/fuse", "1")
    amd = dsl.ContainerOp(name="amd", image="rocm/pytorch:6.0", command=["rocm-smi"])
    amd.container.set_gpu_limit("1", "amd").set_cpu_limit("0.5").set_memory_limit("1024")
