"""A pipeline made of a partial: what it fixes is a parameter with another default."""

import functools

from kfp_jupyter import dsl


def base(a: str = "x", b: str = "2"):
    dsl.ContainerOp(name="c", image="alpine:3.19", arguments=[a, b])


pipeline = dsl.pipeline(name="partial")(functools.partial(base, b="7"))
