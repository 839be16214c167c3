"""A snapshot of a volume, and a new volume made from the snapshot."""

from kfp_jupyter import dsl


@dsl.pipeline(name="snapshots")
def pipeline(snapshot_class="csi"):
    disk = dsl.VolumeOp(name="disk", resource_name="data", size="5Gi")
    filled = dsl.ContainerOp(name="fill", image="alpine:3.19", command=["touch"], pvolumes={"/data": disk.volume})
    saved = dsl.VolumeSnapshotOp(name="save", resource_name="Saved data", volume=filled.pvolume)
    copy = dsl.VolumeOp(name="copy", resource_name="copy", data_source=saved.snapshot, size=saved.outputs["size"])
    dsl.ContainerOp(name="check", image="alpine:3.19", command=["ls"], pvolumes={"/data": copy.volume})
    dsl.VolumeSnapshotOp(
        name="of-claim", resource_name="nightly", pvc="archive", snapshot_class=snapshot_class, annotations={"keep": "7d"}
    )
