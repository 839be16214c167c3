"""A function that wires components becomes a component itself, with outputs."""

from collections import OrderedDict

from kfp_jupyter import components, dsl

clean_op = components.load_component_from_text(
    """
name: Clean
inputs: [{name: text, type: String}]
outputs: [{name: clean, type: String}]
implementation:
  container:
    image: alpine:3.19
    command: [clean, {inputValue: text}, {outputPath: clean}]
"""
)
stem_op = components.load_component_from_text(
    """
name: Stem
inputs: [{name: text, type: String}, {name: language, type: String}]
outputs: [{name: stems, type: String}, {name: total, type: Integer}]
implementation:
  container:
    image: alpine:3.19
    command: [stem, {inputPath: text}, {inputValue: language}, {outputPath: stems}, {outputPath: total}]
"""
)


def prepare(text: str, language: str = "en"):
    """Clean a text and find the stems of its words."""
    cleaned = clean_op(text)
    stemmed = stem_op(cleaned.outputs["clean"], language)
    return OrderedDict([("stems", stemmed.outputs["stems"]), ("total", stemmed.outputs["total"])])


prepare_op = components.create_graph_component_from_pipeline_func(prepare, embed_component_specs=True)


@dsl.pipeline(name="Stems")
def pipeline(text: str = "running dogs"):
    first = prepare_op(text)
    with dsl.Condition(first.outputs["total"] > 1):
        prepare_op(first.outputs["stems"], "de")
