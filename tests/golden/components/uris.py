"""Addresses of artifacts on command lines: of inputs and outputs, optional, in texts, beside paths and values."""

from kfp_jupyter import components, dsl

make = components.load_component_from_text("""
name: make
inputs: [{name: p}]
outputs: [{name: Out data, type: Dataset}, {name: other}, {name: third}]
implementation:
  container:
    image: tools/make:1
    command: [make, {inputValue: p}, {outputUri: Out data}, {outputPath: other}]
    args: [{concat: ["--third=", {outputUri: third}]}]
""")

use = components.load_component_from_text("""
name: use
inputs: [{name: in data, type: Dataset}, {name: opt, optional: true}]
implementation:
  container:
    image: tools/use:1
    command: [use, {inputUri: in data}, {if: {cond: {isPresent: opt}, then: [--opt, {inputUri: opt}], else: [--none]}}]
""")

both = components.load_component_from_text("""
name: both
inputs: [{name: a, type: Dataset}, {name: b}]
implementation:
  container:
    image: tools/both:1
    command: [both, {concat: ["x=", {inputUri: a}]}, {inputPath: a}, {inputUri: b}, {inputValue: b}]
""")


@dsl.pipeline(name="uris", pipeline_root="gs://bucket/root")
def pipeline(x="1"):
    made = make(x)
    use(made.outputs["Out data"])
    use(made.outputs["Out data"], x)
    both("text", made.outputs["other"])
    with dsl.Condition(x == "2"):
        use(made.outputs["third"], "constant")
