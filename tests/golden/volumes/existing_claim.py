"""A claim that is there already, a plain Kubernetes volume and a parameter's claim, as volumes of tasks."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="existing-claims")
def pipeline(claim="models"):
    models = dsl.PipelineVolume(pvc=claim)
    shared = dsl.PipelineVolume(pvc="shared", name="shared-files")
    host = k8s.V1Volume(name="tmp", host_path=k8s.V1HostPathVolumeSource(path="/tmp"))
    first = dsl.ContainerOp(
        name="load",
        image="alpine:3.19",
        command=["cp"],
        pvolumes={"/models": models, "/shared": shared, "/host": host},
    )
    dsl.ContainerOp(
        name="serve",
        image="models/serve:9",
        pvolumes={"/models": first.pvolumes["/models"], "/shared": shared.after(first)},
    )
    dsl.ContainerOp(name="list", image="alpine:3.19", pvolumes={"/": dsl.PipelineVolume(pvc="shared")})
