"""The image is put together from parameters and from a task's output."""

from kfp_jupyter import components, dsl


def latest_tag(repository: str) -> str:
    return "2024.1"


tag_op = components.create_component_from_func(latest_tag, base_image="python:3.11")


@dsl.pipeline(name="image-from-parameter")
def pipeline(registry="registry.example.org", repository="tools"):
    tag = tag_op(repository)
    dsl.ContainerOp(name="whole", image=registry, command=["true"])
    dsl.ContainerOp(name="parts", image=f"{registry}/{repository}:{tag.output}", command=["true"])
