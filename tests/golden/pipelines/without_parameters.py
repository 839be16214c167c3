"""A pipeline without parameters, name or decorator: its function says it all."""

from kfp_jupyter import dsl


def pipeline():
    """Two tasks in a row.

    More about them.
    """
    first = dsl.ContainerOp(name="one", image="alpine:3.19", command=["true"])
    dsl.ContainerOp(name="two", image="alpine:3.19", command=["true"]).after(first)
