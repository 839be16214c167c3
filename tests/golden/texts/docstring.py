"""A docstring with blanks at its end, and of arguments with more than one line."""

from kfp_jupyter import dsl


def pipeline(a: str = "x", b=" y\n"):
    """   Doc of
    two lines.  

    Long text.

    Args:
        a:   the a  
            goes on.
        b:
    Returns:
        nothing
    """
    dsl.ContainerOp(name="c", image="alpine:3.19", arguments=[a, b])
