"""Many tasks made in a Python loop, gathered by one."""

from kfp_jupyter import components, dsl


def square(number: int) -> int:
    return number**2


square_op = components.create_component_from_func(square)


@dsl.pipeline(name="Squares")
def pipeline(start: int = 0):
    squares = [square_op(number) for number in range(12)]
    squares.append(square_op(start))
    dsl.ContainerOp(
        name="sum", image="python:3.11", command=["python3", "-c"], arguments=[square.output for square in squares]
    )
