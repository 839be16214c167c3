"""A resource task with companions, pod settings and a name that must be made safe."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="resource-settings")
def pipeline(pool="system", ns="default"):
    op = dsl.ResourceOp(
        name="Create Größe & Co.",
        k8s_resource={"apiVersion": "v1", "kind": "Service", "metadata": {"name": "svc", "namespace": ns}},
        sidecars=[dsl.Sidecar("log", "busybox:1.36", command=["tail", "-f", "/dev/null"])],
        init_containers=[dsl.UserContainer("wait", "busybox:1.36", args=["sleep", "1"])],
        flags=["--validate=false"],
    )
    op.add_node_selector_constraint("pool", pool)
    op.add_toleration(k8s.V1Toleration(key="system", operator="Exists"))
    op.add_volume(k8s.V1Volume(name="tmp", empty_dir={}))
