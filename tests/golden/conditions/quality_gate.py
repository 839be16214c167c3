"""A task runs only where another task's answer is the expected one, and one where it isn't."""

from kfp_jupyter import components, dsl


def check_rows(table: str, at_least: int) -> str:
    """Say whether a table holds enough rows to train on."""
    with open(table) as file:
        return "enough" if sum(1 for _ in file) > at_least else "too few"


def train(table: str):
    print("training on", table)


def ask_for_more(table: str):
    print("more rows are needed in", table)


check_op = components.create_component_from_func(check_rows)
train_op = components.create_component_from_func(train)
ask_op = components.create_component_from_func(ask_for_more)


@dsl.pipeline(name="Quality gate", description="Trains only on tables that are large enough.")
def pipeline(table: str = "gs://lake/sales.csv", at_least: int = 1000):
    checked = check_op(table, at_least)
    with dsl.Condition(checked.output == "enough"):
        train_op(table)
    with dsl.Condition(checked.output != "enough"):
        ask_op(table)
