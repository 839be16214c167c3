"""A volume made outside is mounted in a condition and in a loop, in the order of its uses."""

from kfp_jupyter import dsl


@dsl.pipeline(name="shared-disk")
def pipeline(size="5Gi", unpack="yes"):
    disk = dsl.VolumeOp(name="disk", resource_name="work", size=size, modes=dsl.VOLUME_MODE_RWM)
    fetched = dsl.ContainerOp(
        name="fetch", image="curlimages/curl:8.6.0", arguments=["-o", "/work/in.zip"], pvolumes={"/work": disk.volume}
    )
    with dsl.Condition(unpack == "yes"):
        unpacked = dsl.ContainerOp(
            name="unpack",
            image="alpine:3.19",
            command=["unzip", "/work/in.zip"],
            pvolumes={"/work": fetched.pvolume},
        )
    with dsl.ParallelFor(["north", "south"]) as half:
        dsl.ContainerOp(
            name="count",
            image="alpine:3.19",
            command=["wc", "-l"],
            arguments=[f"/work/{half}.csv"],
            pvolumes={"/work": unpacked.pvolumes["/work"]},
        )
