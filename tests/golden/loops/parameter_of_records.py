"""A loop over records that are given when the pipeline is started, by field."""

from kfp_jupyter import dsl

ORDERS = [{"item": "tea", "grams": 250}, {"item": "coffee", "grams": 500}]


@dsl.pipeline(name="warehouse")
def pipeline(orders: list = ORDERS, hall: str = "north"):
    with dsl.ParallelFor(orders) as order:
        pick = dsl.ContainerOp(
            name="pick",
            image="warehouse/robot:7",
            command=["pick", "--item", order.item],
            arguments=["--grams", order.grams, "--hall", hall],
            file_outputs={"box": "/tmp/box"},
        )
        dsl.ContainerOp(name="label", image="warehouse/printer:7", command=["print"], arguments=[order.item, pick.output])
