"""A pipeline whose parameters are described in its docstring."""

from kfp_jupyter import dsl


@dsl.pipeline(name="documented")
def pipeline(source: str = "a", rows: int = 3):
    """Copy rows.

    Args:
        source: Where the rows are.
        rows: How many of them,
            at most.
    """
    dsl.ContainerOp(name="copy", image="alpine:3.19", arguments=[source, rows])
