"""Values without a type and values of the type Artifact fit files of any type."""

from kfp_jupyter import components, dsl

make_op = components.load_component_from_text(
    """
name: Make
outputs: [{name: anything}, {name: artifact, type: Artifact}, {name: model, type: Model}]
implementation:
  container: {image: alpine:3.19, command: [make, {outputPath: anything}, {outputPath: artifact}, {outputPath: model}]}
"""
)
read_op = components.load_component_from_text(
    """
name: Read
inputs: [{name: model, type: Model}, {name: artifact, type: Artifact}, {name: anything}]
implementation:
  container: {image: alpine:3.19, command: [read, {inputPath: model}, {inputPath: artifact}, {inputPath: anything}]}
"""
)


@dsl.pipeline(name="Loose types")
def pipeline():
    made = make_op()
    other = make_op()
    read_op(made.outputs["artifact"], made.outputs["model"], made.outputs["anything"])
    read_op(made.outputs["anything"], other.outputs["anything"], other.outputs["model"])
