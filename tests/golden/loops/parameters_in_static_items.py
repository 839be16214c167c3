"""Items of a written list hold parameters of the pipeline and outputs of tasks."""

from kfp_jupyter import components, dsl


def newest(channel: str) -> str:
    return "1.31"


def smoke_test(version: str, size: int):
    print(version, size)


newest_op = components.create_component_from_func(newest)
smoke_op = components.create_component_from_func(smoke_test)


@dsl.pipeline(name="Smoke tests")
def pipeline(pinned: str = "1.28", size: int = 3):
    latest = newest_op("rapid")
    with dsl.ParallelFor(["1.27", pinned, latest.output]) as version:
        smoke_op(version, size)
    with dsl.ParallelFor([{"version": pinned, "size": size}, {"version": f"{latest.output}-rc", "size": 1}]) as case:
        smoke_op(case.version, case.size)
