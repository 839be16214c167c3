"""Everything that a new volume can be told: class, modes, annotations, fixed name, binding, outputs."""

from kfp_jupyter import dsl


@dsl.pipeline(name="volume-options")
def pipeline(storage_class="standard", name="shared", size="3Gi"):
    dsl.VolumeOp(
        name="fast",
        resource_name="Fast Disk",
        size="100Gi",
        storage_class=storage_class,
        modes=dsl.VOLUME_MODE_RWO,
        annotations={"backup": "nightly", "owner": name},
    )
    dsl.VolumeOp(name="fixed", resource_name=name, size=size, generate_unique_name=False, modes=dsl.VOLUME_MODE_ROM)
    bound = dsl.VolumeOp(name="bound", resource_name="bound", size="1Gi", volume_name="pv-0007", action="apply")
    dsl.ContainerOp(name="report", image="alpine:3.19", arguments=[bound.outputs["name"], bound.outputs["size"]])
    dsl.ContainerOp(name="raw", image="alpine:3.19", arguments=[bound.outputs["manifest"], bound.output])
