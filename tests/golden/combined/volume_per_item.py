"""Every item of a loop gets a volume of its own, named after the item."""

from kfp_jupyter import dsl


@dsl.pipeline(name="disk-per-tenant")
def pipeline(storage_class="fast"):
    with dsl.ParallelFor([{"tenant": "red", "size": "1Gi"}, {"tenant": "blue", "size": "8Gi"}]) as item:
        disk = dsl.VolumeOp(
            name="disk", resource_name=f"disk-{item.tenant}", size=item.size, storage_class=storage_class
        )
        filled = dsl.ContainerOp(
            name="fill", image="tenants/fill:1", arguments=[item.tenant], pvolumes={"/data": disk.volume}
        )
        disk.delete().after(filled)
