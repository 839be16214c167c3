"""A file made deep inside is read outside: each group hands it on."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath


def tune(rounds: int, model_path: OutputPath("Model")):
    pass


def export(model_path: InputPath("Model"), format: str):
    print(model_path, format)


tune_op = components.create_component_from_func(tune)
export_op = components.create_component_from_func(export)


@dsl.pipeline(name="Tune and export")
def pipeline(rounds: int = 3, cheap: str = "no", format: str = "onnx"):
    with dsl.Condition(cheap == "no"):
        with dsl.Condition(rounds > 1):
            tuned = tune_op(rounds)
    export_op(tuned.output, format)
    with dsl.Condition(format != "pickle"):
        export_op(tuned.output, "pickle")
