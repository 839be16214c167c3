"""A graph component that doesn't call itself: a group of tasks, used twice, with order around it."""

from kfp_jupyter import components, dsl


def normalise(table: str) -> str:
    return table


def describe(table: str):
    print(table)


normalise_op = components.create_component_from_func(normalise)
describe_op = components.create_component_from_func(describe)


@dsl.graph_component
def prepare_table(table):
    clean = normalise_op(table)
    describe_op(clean.output)


@dsl.pipeline(name="Two tables")
def pipeline(customers: str = "c.csv", orders: str = "o.csv"):
    first = prepare_table(customers)
    second = prepare_table(orders)
    second.after(first)
    describe_op(orders).after(second)
