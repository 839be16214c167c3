"""Names and descriptions of components: from decorators, docstrings, arguments and component.yaml."""

from kfp_jupyter import components, dsl


@components.func_to_container_op
@dsl.python_component(name=" Adds ", description="  adds\n  more  ", base_image="python:3.11-slim")
def add(a: int, b: float = 3) -> int:
    """Other.

    :param a:  the a
    :param b: the b
       second line
    """
    return a


@dsl.component
@dsl.python_component(name=" N ", description="  D  ")
def make(a, b: "T" = " z "):
    """Unused."""
    return dsl.ContainerOp(name=" n ", image="alpine:3.19", arguments=[a, b])


loaded = components.load_component_from_text("""
name: "  C c "
description: "  multi\\n  line "
metadata: {annotations: {a: " b "}, labels: {l: "m"}}
inputs: [{name: " i ", type: " T ", description: "  d ", default: "  v "}]
implementation: {container: {image: "alpine:3.19", command: [" c ", {inputValue: " i "}], env: {E: " f "}}}
""")


@dsl.pipeline(name="texts", description="d ")
def pipeline(q=" 1 "):
    add(" 1 ")
    make(q)
    loaded(q)
    loaded()
