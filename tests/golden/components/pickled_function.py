"""A function that is captured with what it refers to instead of by its source."""

from kfp_jupyter import components, dsl

FACTOR = 3


def times_factor(number: int) -> int:
    return number * FACTOR


times_op = components.func_to_container_op(times_factor, base_image="python:3.11", use_code_pickling=True)


@dsl.pipeline(name="Pickled")
def pipeline(number: int = 14):
    times_op(times_op(number).output)
