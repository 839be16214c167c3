"""Defaults of parameters: numbers, texts, truth values, lists, dictionaries, nothing, with and without types."""

from kfp_jupyter import dsl


@dsl.pipeline(name="defaults")
def pipeline(
    a=1,
    b=2.0,
    c=True,
    d=None,
    e=[1, {"x": None}],
    f={"b": 1, "a": "ü"},
    g="",
    h: str = "multi\nline: text",
    i: int = -1,
    j: float = 1e-9,
    k: bool = False,
    m: list = [],
    n: dict = {},
    o: str = None,
    p: float = 3,
    q: str = "{{workflow.name}}",
):
    dsl.ContainerOp(name="show", image="alpine:3.19", arguments=[a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q])
