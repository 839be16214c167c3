"""Subgraphs around a loop over a parameter and around plain tasks whose outputs go on."""

from kfp_jupyter import components, dsl


def index(shard: str) -> str:
    return shard


def merge(path: str, target: str):
    print(path, target)


index_op = components.create_component_from_func(index)
merge_op = components.create_component_from_func(merge)


@dsl.pipeline(name="Search index")
def pipeline(shards: list = ["a-m", "n-z"], target: str = "main"):
    with dsl.SubGraph(4):
        with dsl.ParallelFor(shards) as shard:
            index_op(shard)
    with dsl.SubGraph(1):
        extra = index_op("0-9")
        other = index_op(target)
    merge_op(extra.output, other.output)
