"""The calculation tutorial: constants, parameters, one output, several outputs, metrics."""

from typing import NamedTuple

from kfp_jupyter import components, dsl


def add(a: float, b: float = 2.5) -> float:
    """Calculate the sum of two arguments.

    Args:
        a: The first one.
        b: The second one.
    """
    return a + b


def my_divmod(
    dividend: float, divisor: float
) -> NamedTuple(
    "Outputs",
    [
        ("quotient", float),
        ("remainder", float),
        ("mlpipeline_ui_metadata", "UI_metadata"),
        ("mlpipeline_metrics", "Metrics"),
    ],
):
    return (dividend // divisor, dividend % divisor, "{}", "{}")


add_op = components.create_component_from_func(add, base_image="python:3.11")
divmod_op = components.func_to_container_op(my_divmod, packages_to_install=["numpy", "pandas>=1.0,<3"])


@dsl.pipeline(name="Calculation pipeline", description="A toy pipeline that performs arithmetic calculations.")
def pipeline(a="5", b="7", c: float = 17, unused: str = "x"):
    add_task = add_op(a, 4)
    divmod_task = divmod_op(add_task.output, b).set_display_name("Divide")
    add_op(divmod_task.outputs["quotient"], c)
