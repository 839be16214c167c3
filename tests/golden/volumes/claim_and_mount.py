"""A claim is made, and three tasks use it one after the other, in the order of their mounts."""

from kfp_jupyter import dsl


def step(name, text, volume):
    return dsl.ContainerOp(
        name=name, image="bash:5.2", command=["bash", "-c"], arguments=[text], pvolumes={"/data": volume}
    )


@dsl.pipeline(name="one-disk-three-steps")
def pipeline(size="10Gi"):
    disk = dsl.VolumeOp(name="create_disk", resource_name="my_data", size=size)
    first = step("write", "date > /data/now", disk.volume)
    second = step("append", "date >> /data/now", first.pvolume)
    step("read", "cat /data/now", second.pvolumes["/data"])
