"""A volume is deleted when the last task that needs it is done."""

from kfp_jupyter import dsl


@dsl.pipeline(name="borrowed-disk")
def pipeline(size="1Gi"):
    disk = dsl.VolumeOp(name="disk", resource_name="tmp", size=size)
    used = dsl.ContainerOp(name="use", image="alpine:3.19", command=["df"], pvolumes={"/mnt": disk.volume})
    disk.delete().after(used)
    disk.delete(flags=["--wait=true", "--now"]).after(used)
