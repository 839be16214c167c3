"""Containers that run before and beside the main one, with parameters in their settings."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="companions")
def pipeline(mirror="https://mirror.example.org", redis_tag="7-alpine"):
    waiting = dsl.UserContainer(
        name="wait", image="busybox:1.36", command=["sh", "-c"], args=[f"until wget -q {mirror}; do sleep 1; done"]
    )
    cache = dsl.Sidecar(name="cache", image=f"redis:{redis_tag}", command="redis-server", mirror_volume_mounts=True)
    op = dsl.ContainerOp(
        name="crawl", image="web/crawl:5", arguments=["--mirror", mirror], init_containers=[waiting], sidecars=[cache]
    )
    copy = dsl.UserContainer("copy", "busybox:1.36", args=["cp", "/a", "/b"])
    copy.add_env_variable(k8s.V1EnvVar(name="MIRROR", value=mirror)).set_mirror_volume_mounts()
    op.add_init_container(copy)
    logs = dsl.Sidecar("logs", "fluent/fluent-bit:2.2").set_image_pull_policy("Always").set_memory_limit("64Mi")
    op.add_sidecar(logs.add_volume_mount(k8s.V1VolumeMount(name="shared", mount_path="/shared")))
    op.add_volume(k8s.V1Volume(name="shared", empty_dir=k8s.V1EmptyDirVolumeSource()))
