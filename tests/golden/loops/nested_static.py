"""A grid search: a loop in a loop, the inner tasks use both items."""

from kfp_jupyter import components, dsl


def fit(depth: int, rate: float, kernel: str) -> float:
    return 0.0


fit_op = components.create_component_from_func(fit)


@dsl.pipeline(name="Grid search")
def pipeline(kernel: str = "rbf"):
    with dsl.ParallelFor([2, 4, 8]) as depth:
        fit_op(depth, 1.0, "linear")
        with dsl.ParallelFor([0.1, 0.3]) as rate:
            fit_op(depth, rate, kernel)
