"""A pipeline of the name of its component, and components of one name."""

from kfp_jupyter import components, dsl


def train(x: int) -> int:
    return x


def train_2() -> int:
    return 2


train_op = components.create_component_from_func(train)
other_op = components.create_component_from_func(train_2)


@dsl.pipeline(name="train")
def pipeline(x: int = 1):
    train_op(train_op(x).output)
    other_op()
    train_op(3)
