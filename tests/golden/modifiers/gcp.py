"""Modifiers for Google Cloud: credentials, accelerators, nodes that may vanish."""

from kubernetes import client as k8s

from kfp_jupyter import dsl
from kfp_jupyter.gcp import add_gpu_toleration, use_gcp_secret, use_preemptible_nodepool, use_tpu


def shell(name):
    return dsl.ContainerOp(name=name, image="google/cloud-sdk:slim", command=["gcloud", "info"])


@dsl.pipeline(name="gcp")
def pipeline():
    shell("default secret").apply(use_gcp_secret())
    shell("other secret").apply(use_gcp_secret("ci", "/key.json", secret_volume_mount_path="/keys"))
    shell("tpu").apply(use_tpu(tpu_cores=8, tpu_resource="v3", tf_version="2.12"))
    shell("preemptible").apply(use_preemptible_nodepool())
    shell("only preemptible").apply(
        use_preemptible_nodepool(toleration=k8s.V1Toleration(key="spot", operator="Exists"), hard_constraint=True)
    )
    shell("gpu").apply(add_gpu_toleration()).set_gpu_limit(1)
    shell("own taint").apply(add_gpu_toleration(k8s.V1Toleration(key="a100", operator="Exists", effect="NoExecute")))
