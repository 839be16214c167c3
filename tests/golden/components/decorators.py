"""The decorators for components that are functions which make a container."""

from kfp_jupyter import components, dsl
from kfp_jupyter.dsl.types import GCSPath, Integer, String


@dsl.component
def train(data: GCSPath(), steps: Integer(), name: String()) -> {"model": GCSPath()}:
    return dsl.ContainerOp(
        name="train",
        image="models/train:9",
        arguments=["--data", data, "--steps", steps, "--name", name],
        file_outputs={"model": "/out/model"},
    )


@dsl.component
def serve(model: GCSPath(), name="service"):
    return dsl.ContainerOp(name=name, image="models/serve:9", arguments=[model])


@dsl.python_component(name="Double it", description="Doubles a number", base_image="python:3.10")
def double(number: int) -> int:
    """Something else."""
    return number * 2


double_op = components.func_to_container_op(double)


@dsl.pipeline(name="Decorators")
def pipeline(data: GCSPath() = "gs://bucket/data", steps: Integer() = 10, name: String() = "first"):
    trained = train(data, steps, name=name)
    serve(trained.outputs["model"])
    double_op(double_op(4).output)
