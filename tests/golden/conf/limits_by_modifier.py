"""Modifiers as transformers: default limits for tasks that have none, a claim and a secret for all."""

from kfp_jupyter import dsl
from kfp_jupyter.onprem import add_default_resource_spec, mount_pvc, use_k8s_secret


def shell(name):
    return dsl.ContainerOp(name=name, image="alpine:3.19", command=["true"])


@dsl.pipeline(name="defaults-for-all")
def pipeline(memory="3Gi"):
    conf = dsl.get_pipeline_conf()
    conf.add_op_transformer(add_default_resource_spec(memory_limit="512Mi", cpu_limit="500m", cpu_request="100m"))
    conf.add_op_transformer(mount_pvc("shared", "shared-volume", "/mnt/shared"))
    shell("plain")
    shell("large").set_memory_limit("8Gi").set_cpu_request("2")
    shell("given").set_memory_limit(memory)
    shell("secret").apply(use_k8s_secret("s3", {"key": "AWS_SECRET_ACCESS_KEY", "id": "AWS_ACCESS_KEY_ID"}))
