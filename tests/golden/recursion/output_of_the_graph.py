"""A task inside a graph component makes what a task after it reads."""

from kfp_jupyter import components, dsl


def sample(size: int) -> float:
    return 0.4


def enough(error: float) -> str:
    return "no"


def publish(error: float):
    print(error)


sample_op = components.create_component_from_func(sample)
enough_op = components.create_component_from_func(enough)
publish_op = components.create_component_from_func(publish)
last = {}


@dsl.graph_component
def estimate(size):
    sampled = sample_op(size)
    verdict = enough_op(sampled.output)
    last["sample"] = sampled
    with dsl.Condition(verdict.output == "no"):
        estimate(size)


@dsl.pipeline(name="Estimate")
def pipeline(size: int = 100):
    estimate(size)
    publish_op(last["sample"].output)
