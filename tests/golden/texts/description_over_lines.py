"""A description over several lines: the white space around it goes, that in it stays."""

from kfp_jupyter import dsl


@dsl.pipeline(
    name="  described ",
    description="""
   Several lines
   of text
""",
)
def pipeline(a: str = " x "):
    """Not used."""
    dsl.ContainerOp(name=" two words ", image="alpine:3.19", arguments=[a]).set_display_name("  shown ")
