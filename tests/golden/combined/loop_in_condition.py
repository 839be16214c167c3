"""Loops that run only where a condition holds: over constants and over a parameter of the pipeline."""

from kfp_jupyter import components, dsl


def drift(day: str) -> float:
    return 0.3


def retrain(model: str, day: str):
    print(model, day)


drift_op = components.create_component_from_func(drift)
retrain_op = components.create_component_from_func(retrain)


@dsl.pipeline(name="Drift watch")
def pipeline(day: str = "Monday", models: list = ["fraud", "churn"]):
    drifted = drift_op(day)
    with dsl.Condition(drifted.output > 0.2):
        with dsl.ParallelFor(models) as model:
            retrain_op(model, day)
        with dsl.ParallelFor(["small", "large"]) as size:
            retrain_op(size, "Sunday")
