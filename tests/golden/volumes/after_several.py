"""A volume that is used after several tasks have written to it."""

from kfp_jupyter import dsl


def writer(name, volume):
    return dsl.ContainerOp(name=name, image="alpine:3.19", command=["touch", f"/out/{name}"], pvolumes={"/out": volume})


@dsl.pipeline(name="fan-in-on-a-disk")
def pipeline():
    disk = dsl.VolumeOp(name="disk", resource_name="results", size="1Gi", modes=dsl.VOLUME_MODE_RWM)
    one = writer("one", disk.volume)
    two = writer("two", disk.volume)
    three = writer("three", one.pvolume)
    dsl.ContainerOp(
        name="count", image="alpine:3.19", command=["ls"], pvolumes={"/out": disk.volume.after(two, three)}
    )
    late = dsl.ContainerOp(name="late", image="alpine:3.19", command=["ls"])
    late.add_pvolumes({"/a": one.pvolume, "/b": disk.volume})
