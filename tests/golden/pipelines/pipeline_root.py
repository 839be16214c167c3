"""A pipeline with a root for what its tasks make: a parameter more."""

from kfp_jupyter import components, dsl


def train() -> str:
    return "model"


train_op = components.create_component_from_func(train)


@dsl.pipeline(name="rooted", pipeline_root="gs://bucket/root")
def pipeline(rounds: int = 3):
    train_op()
