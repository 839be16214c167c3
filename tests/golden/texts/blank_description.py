"""A description of blanks alone, and a root that is empty."""

from kfp_jupyter import dsl


@dsl.pipeline(name="blank", description="   ", pipeline_root="")
def pipeline():
    """Not used."""
    dsl.ContainerOp(name="c", image="alpine:3.19")
