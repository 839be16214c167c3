"""Recursion with several arguments, some changed from round to round and some handed on."""

from kfp_jupyter import components, dsl


def halve(low: float, high: float) -> float:
    return (low + high) / 2


def sign(value: float, shift: float) -> int:
    return -1


halve_op = components.create_component_from_func(halve)
sign_op = components.create_component_from_func(sign)


@dsl.graph_component
def bisect(low, high, shift):
    middle = halve_op(low, high)
    side = sign_op(middle.output, shift)
    with dsl.Condition(side.output != 0):
        bisect(high, middle.output, shift)


@dsl.pipeline(name="Bisection")
def pipeline(low: float = 0, high: float = 2, shift: float = 1):
    bisect(low, high, shift)
