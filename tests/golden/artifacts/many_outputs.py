"""Several files of one task go to different tasks in different groups; one is not read at all."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath


def split(
    table_path: InputPath("CSV"),
    train_path: OutputPath("CSV"),
    test_path: OutputPath("CSV"),
    rejected_path: OutputPath("CSV"),
    share: float = 0.8,
) -> int:
    return 0


def fit(table_path: InputPath("CSV"), model_path: OutputPath("Model")):
    pass


def score(model_path: InputPath("Model"), table_path: InputPath("CSV")) -> float:
    return 0.9


split_op = components.create_component_from_func(split)
fit_op = components.create_component_from_func(fit)
score_op = components.create_component_from_func(score)


@dsl.pipeline(name="Split, fit, score")
def pipeline(table: "CSV" = "a,b\n1,2\n"):
    parts = split_op(table)
    model = fit_op(parts.outputs["train"])
    with dsl.Condition(parts.outputs["Output"] > 10):
        score_op(model.output, parts.outputs["test"])
