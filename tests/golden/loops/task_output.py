"""A loop over a list that a task makes."""

from kfp_jupyter import components, dsl


def list_partitions(bucket: str) -> list:
    return ["2024-01", "2024-02"]


def aggregate(bucket: str, partition: str) -> int:
    return 1


list_op = components.create_component_from_func(list_partitions)
aggregate_op = components.create_component_from_func(aggregate)


@dsl.pipeline(name="Aggregate partitions")
def pipeline(bucket: str = "events"):
    partitions = list_op(bucket)
    with dsl.ParallelFor(partitions.output) as partition:
        aggregate_op(bucket, partition)
