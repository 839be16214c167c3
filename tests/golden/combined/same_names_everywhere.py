"""The same component in every group: its tasks are numbered through the whole pipeline."""

from kfp_jupyter import components, dsl


def tick(label: str) -> str:
    return label


tick_op = components.create_component_from_func(tick)


@dsl.pipeline(name="tick")
def pipeline(label: str = "x"):
    first = tick_op(label)
    with dsl.Condition(first.output == "x"):
        second = tick_op(first.output)
        with dsl.ParallelFor(["a", "b"]) as item:
            third = tick_op(f"{item}{second.output}")
            tick_op(third.output)
    tick_op(second.output)
