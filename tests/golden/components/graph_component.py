"""A component that is a graph of other components, written in its component.yaml."""

from kfp_jupyter import components, dsl

pair_op = components.load_component_from_text(
    """
name: Fetch and count
inputs:
- {name: address, type: String}
- {name: word, type: String, default: the}
outputs:
- {name: count, type: Integer}
- {name: page, type: HTML}
implementation:
  graph:
    tasks:
      fetch:
        componentRef:
          spec:
            name: Fetch
            inputs: [{name: address, type: String}]
            outputs: [{name: page, type: HTML}]
            implementation:
              container:
                image: curlimages/curl:8.6.0
                command: [curl, {inputValue: address}, -o, {outputPath: page}]
        arguments:
          address: {graphInput: {inputName: address, type: String}}
      count:
        componentRef:
          spec:
            name: Count
            inputs: [{name: page, type: HTML}, {name: word, type: String}]
            outputs: [{name: count, type: Integer}]
            implementation:
              container:
                image: alpine:3.19
                command: [count, {inputPath: page}, {inputValue: word}, {outputPath: count}]
        arguments:
          page: {taskOutput: {taskId: fetch, outputName: page, type: HTML}}
          word: {graphInput: {inputName: word, type: String}}
    outputValues:
      count: {taskOutput: {taskId: count, outputName: count}}
      page: {taskOutput: {taskId: fetch, outputName: page}}
"""
)
show_op = components.load_component_from_text(
    """
name: Show
inputs: [{name: count, type: Integer}, {name: page, type: HTML}]
implementation:
  container:
    image: alpine:3.19
    command: [show, {inputValue: count}, {inputPath: page}]
"""
)


@dsl.pipeline(name="Graph as component")
def pipeline(address: str = "https://example.org"):
    first = pair_op(address)
    second = pair_op(address, "a")
    show_op(first.outputs["count"], second.outputs["page"])
