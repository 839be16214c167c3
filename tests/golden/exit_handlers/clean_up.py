"""A clean-up that runs at the end, however the pipeline ends."""

from kfp_jupyter import components, dsl


def provision(size: int) -> str:
    return "cluster-7"


def compute(cluster: str):
    print(cluster)


def tear_down():
    print("all machines are off")


provision_op = components.create_component_from_func(provision)
compute_op = components.create_component_from_func(compute)
tear_down_op = components.create_component_from_func(tear_down)


@dsl.pipeline(name="Borrowed cluster")
def pipeline(size: int = 3):
    off = tear_down_op()
    with dsl.ExitHandler(off):
        cluster = provision_op(size)
        compute_op(cluster.output)
