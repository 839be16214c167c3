"""A container's command and arguments: text, numbers, parameters, outputs, mixed texts, one instead of a list."""

from kfp_jupyter import dsl


@dsl.pipeline(name="every-argument")
def pipeline(city="Oslo", year: int = 2024):
    first = dsl.ContainerOp(
        name="weather",
        image="weather/fetch:3",
        command=["fetch", city],
        arguments=[city, year, 5, 1.5, True, f"{city}/{year}", "{{workflow.name}}", "{not a parameter}", "$HOME"],
        file_outputs={"rain": "/tmp/rain.txt"},
    )
    dsl.ContainerOp(name="one word", image="alpine:3.19", command="date")
    dsl.ContainerOp(name="one text", image="alpine:3.19", command=["sh", "-c"], arguments=f"echo {first.output} mm")
    dsl.ContainerOp(name="nothing", image="alpine:3.19")
    dsl.ContainerOp(name="tuple", image="alpine:3.19", command=("echo", first.output), arguments=(year,))
