"""Several tasks of one condition pass values to each other and take some from outside."""

from kfp_jupyter import components, dsl


def split(table: str, share: float) -> str:
    return table + "/train"


def fit(table: str, depth: int) -> str:
    return table + "/model"


def score(model: str, table: str) -> float:
    return 0.5


split_op = components.create_component_from_func(split)
fit_op = components.create_component_from_func(fit)
score_op = components.create_component_from_func(score)


@dsl.pipeline(name="Fit when asked")
def pipeline(table: str = "bikes", depth: int = 5, retrain: str = "yes", share: float = 0.8):
    parts = split_op(table, share)
    with dsl.Condition(retrain == "yes", "retrain"):
        first = fit_op(parts.output, depth)
        second = fit_op(parts.output, 2)
        score_op(first.output, table)
        score_op(second.output, table).after(first)
