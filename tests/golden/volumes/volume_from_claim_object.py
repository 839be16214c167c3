"""A volume from a claim that is written as an object of the Kubernetes client."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="claim-object")
def pipeline(size="2Gi"):
    claim = k8s.V1PersistentVolumeClaim(
        api_version="v1",
        kind="PersistentVolumeClaim",
        metadata=k8s.V1ObjectMeta(generate_name="scratch-", labels={"purpose": "scratch"}),
        spec=k8s.V1PersistentVolumeClaimSpec(
            access_modes=["ReadWriteOnce"], resources=k8s.V1ResourceRequirements(requests={"storage": size})
        ),
    )
    scratch = dsl.VolumeOp(name="scratch", k8s_resource=claim, action="create")
    dsl.ContainerOp(name="use", image="alpine:3.19", command=["df"], pvolumes={"/scratch": scratch.volume})
