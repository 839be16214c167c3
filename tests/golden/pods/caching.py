"""Caching: switched off, on, with an age after which results are too old; components that are never cached."""

from kfp_jupyter import components, dsl

clock_op = components.load_component_from_text(
    """
name: Clock
metadata:
  annotations: {volatile_component: 'true', author: watchmaker}
outputs: [{name: time}]
implementation:
  container:
    image: alpine:3.19
    command: [sh, -c, 'date > "$0"', {outputPath: time}]
"""
)


def compute(seed: str) -> int:
    return len(seed)


compute_op = components.create_component_from_func(compute)


@dsl.pipeline(name="caching")
def pipeline():
    now = clock_op()
    off = compute_op(now.output)
    off.execution_options.caching_strategy.max_cache_staleness = "P0D"
    month = compute_op("seed")
    month.execution_options.caching_strategy.max_cache_staleness = "P30D"
    compute_op("seed").set_caching_options(False)
    compute_op("seed").set_caching_options(enable_caching=True)
    dsl.ContainerOp(name="plain", image="alpine:3.19", command=["true"]).set_caching_options(False)
