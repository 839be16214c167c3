"""A loop over numbers that are known when the pipeline is written."""

from kfp_jupyter import components, dsl


def train(learning_rate: float, epochs: int) -> float:
    """Train with one learning rate and return the loss."""
    return 1 / epochs


train_op = components.create_component_from_func(train)


@dsl.pipeline(name="Learning rates")
def pipeline(epochs: int = 10):
    with dsl.ParallelFor([0.1, 0.01, 0.001]) as rate:
        train_op(rate, epochs)
