"""Modifiers for one's own cluster: claims, secrets, default limits."""

from kfp_jupyter import onprem
from kfp_jupyter import components, dsl


def read(path: str):
    print(path)


read_op = components.create_component_from_func(read)


@dsl.pipeline(name="On premises")
def pipeline(claim: str = "archive"):
    read_op("/mnt/pipeline/a").apply(onprem.mount_pvc())
    read_op("/data/b").apply(onprem.mount_pvc(claim, "data", "/data"))
    read_op("c").apply(onprem.use_k8s_secret()).apply(onprem.use_k8s_secret("db", {"password": "PGPASSWORD"}))
    read_op("d").apply(onprem.add_default_resource_spec(memory_limit="1Gi", memory_request="256Mi", cpu_limit="1"))
    disk = dsl.VolumeOp(name="disk", resource_name="disk", size="1Gi").apply(onprem.mount_pvc())
    disk.apply(onprem.add_default_resource_spec(cpu_limit="2"))
