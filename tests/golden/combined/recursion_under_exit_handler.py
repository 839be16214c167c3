"""An exit handler around a recursion that ends in a condition."""

from kfp_jupyter import components, dsl


def move(position: int) -> int:
    return position - 1


def switch_off():
    print("off")


move_op = components.create_component_from_func(move)
off_op = components.create_component_from_func(switch_off)


@dsl.graph_component
def approach(position):
    moved = move_op(position)
    with dsl.Condition(moved.output > 0):
        approach(moved.output)


@dsl.pipeline(name="Robot arm")
def pipeline(position: int = 9):
    with dsl.ExitHandler(off_op()):
        approach(position)
