"""A component whose outputs are at fixed paths, with an environment and odd names of inputs and outputs."""

from kfp_jupyter import components, dsl

convert_op = components.load_component_from_text(
    """
name: Convert video (fast!)
inputs:
- {name: Source File, type: URI}
- {name: source_file, type: String}
- {name: 'Bit rate, kbit/s', type: Integer, default: '800'}
- {name: 2-pass, type: Bool, default: 'False'}
outputs:
- {name: Output file}
- {name: percent done, type: Float}
implementation:
  container:
    image: video/convert:3
    command: [convert, {inputValue: Source File}, {inputValue: source_file}]
    args: [{inputValue: 'Bit rate, kbit/s'}, {inputValue: 2-pass}]
    fileOutputs:
      Output file: /out/video.mp4
      percent done: /out/progress
    env:
      THREADS: '4'
      COLOUR: "yes"
"""
)


@dsl.pipeline(name="Convert")
def pipeline(source: "URI" = "https://example.org/v", rate: int = 500):
    first = convert_op(source, "other", bit_rate_kbit_s=rate)
    second = convert_op(first.outputs["Output file"], first.outputs["output_file"], n2_pass=True)
    convert_op(source, second.outputs["percent done"].ignore_type())
