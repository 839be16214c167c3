"""A task takes the same output twice: as a value and as a file."""

from kfp_jupyter import components, dsl

list_op = components.load_component_from_text(
    """
name: List files
outputs:
- {name: listing, type: String}
implementation:
  container:
    image: alpine:3.19
    command: [sh, -c, 'mkdir -p "$(dirname "$0")" && ls > "$0"', {outputPath: listing}]
"""
)
compare_op = components.load_component_from_text(
    """
name: Compare listings
inputs:
- {name: left, type: String}
- {name: right, type: String}
- {name: options, type: String}
- {name: label, type: String}
implementation:
  container:
    image: alpine:3.19
    command: [diff]
    args: [{inputPath: left}, {inputPath: right}, {inputValue: options}, --label, {inputValue: label}]
"""
)


@dsl.pipeline(name="compare")
def pipeline(options="-u"):
    listing = list_op()
    compare_op("a.txt", listing.output, options, label=listing.output)
    compare_op(listing.output, options, options, "second")
