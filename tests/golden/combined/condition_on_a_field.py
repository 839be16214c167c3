"""Conditions on fields of a loop's records, against constants and against each other."""

from kfp_jupyter import dsl


@dsl.pipeline(name="deliveries")
def pipeline(limit: int = 20):
    parcels = [{"address": "Main St 1", "weight": 2, "limit": 5}, {"address": "Lake Rd 9", "weight": 30, "limit": 5}]
    with dsl.ParallelFor(parcels) as parcel:
        with dsl.Condition(parcel.weight > limit):
            dsl.ContainerOp(name="truck", image="fleet/truck:1", arguments=["--to", parcel.address])
        with dsl.Condition(parcel.weight <= parcel.limit):
            dsl.ContainerOp(name="bicycle", image="fleet/bicycle:1", arguments=["--to", parcel.address, parcel.weight])
