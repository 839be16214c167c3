"""New volumes from snapshots that exist: by name, by parameter, by reference."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="restore")
def pipeline(snapshot="monday"):
    dsl.VolumeOp(name="fixed", resource_name="fixed", size="1Gi", data_source="sunday")
    dsl.VolumeOp(name="given", resource_name="given", size="1Gi", data_source=snapshot)
    clone = k8s.V1TypedLocalObjectReference(kind="PersistentVolumeClaim", name="original")
    dsl.VolumeOp(name="clone", resource_name="clone", size="1Gi", data_source=clone, modes=dsl.VOLUME_MODE_RWO)
