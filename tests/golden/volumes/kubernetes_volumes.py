"""Volumes of every Kubernetes kind, mounted by hand; names and paths may be parameters."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="mounts")
def pipeline(claim="datasets", folder="images"):
    op = dsl.ContainerOp(name="read", image="alpine:3.19", command=["ls", "/data"])
    op.add_volume(
        k8s.V1Volume(
            name="data",
            persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(claim_name=claim, read_only=True),
        )
    )
    op.add_volume(k8s.V1Volume(name="cache", empty_dir=k8s.V1EmptyDirVolumeSource(medium="Memory", size_limit="1Gi")))
    op.add_volume(k8s.V1Volume(name="key", secret=k8s.V1SecretVolumeSource(secret_name="ssh", default_mode=0o400)))
    op.add_volume(
        k8s.V1Volume(
            name="a-config",
            config_map=k8s.V1ConfigMapVolumeSource(name="app", items=[k8s.V1KeyToPath(key="c.yaml", path="c.yaml")]),
        )
    )
    op.container.add_volume_mount(k8s.V1VolumeMount(name="data", mount_path="/data", sub_path=folder, read_only=True))
    op.add_volume_mount(k8s.V1VolumeMount(name="cache", mount_path="/cache"))
    op.add_volume_mount(k8s.V1VolumeMount(name="key", mount_path="/root/.ssh"))
    op.add_volume_mount(k8s.V1VolumeMount(name="a-config", mount_path="/etc/app"))
