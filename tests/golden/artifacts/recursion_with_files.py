"""A recursion whose state is a file."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath


def start(weights_path: OutputPath("Weights")):
    pass


def epoch(weights_path: InputPath("Weights"), next_weights_path: OutputPath("Weights")) -> float:
    return 0.1


start_op = components.create_component_from_func(start)
epoch_op = components.create_component_from_func(epoch)


@dsl.graph_component
def train(weights):
    trained = epoch_op(weights)
    with dsl.Condition(trained.outputs["Output"] > 0.01):
        train(trained.outputs["next_weights"])


@dsl.pipeline(name="Train until good")
def pipeline():
    train(start_op().output)
