"""A component that is put together from the objects of the structures module instead of from YAML."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components.structures import (
    ComponentSpec,
    ConcatPlaceholder,
    ContainerImplementation,
    ContainerSpec,
    InputPathPlaceholder,
    InputSpec,
    InputValuePlaceholder,
    OutputPathPlaceholder,
    OutputSpec,
)

spec = ComponentSpec(
    name="Tokenise",
    description="Cuts a text into words",
    inputs=[
        InputSpec(name="text", type="String"),
        InputSpec(name="separator", type="String", default=" ", optional=True),
    ],
    outputs=[OutputSpec(name="words", type="JsonArray")],
    implementation=ContainerImplementation(
        container=ContainerSpec(
            image="text/tokenise:2",
            command=["tokenise", InputPathPlaceholder("text")],
            args=[
                ConcatPlaceholder(items=["--separator=", InputValuePlaceholder("separator")]),
                OutputPathPlaceholder("words"),
            ],
            env={"LANG": "C.UTF-8"},
        )
    ),
)
tokenise_op = components.load_component(component_spec=spec)


@dsl.pipeline(name="Words from objects")
def pipeline(text: str = "a b c"):
    words = tokenise_op(text)
    with dsl.ParallelFor(words.output) as word:
        tokenise_op(word, separator="-")
