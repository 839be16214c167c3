"""A function becomes the text of a component, and that becomes a component again."""

from kfp_jupyter import components, dsl


def greet(name: str, greeting: str = "hello") -> str:
    """Greet somebody."""
    return f"{greeting} {name}"


TEXT = components.func_to_component_text(greet, base_image="python:3.11", packages_to_install=["emoji"])
greet_op = components.load_component_from_text(TEXT)


@dsl.pipeline(name="There and back")
def pipeline(name: str = "Bilbo"):
    greet_op(name, greeting=greet_op(name).output)
