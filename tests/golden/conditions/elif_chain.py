"""A chain of cases: each branch tests what the ones before it have not caught."""

from kfp_jupyter import components, dsl

pick_op = components.load_component_from_text(
    """
name: Pick accelerator
inputs:
- {name: budget, type: Integer}
outputs:
- {name: accelerator, type: String}
implementation:
  container:
    image: python:3.11-slim
    command: [python3, -m, pick, --budget, {inputValue: budget}, --out, {outputPath: accelerator}]
"""
)


def train(accelerator):
    task = dsl.ContainerOp(name=f"train on {accelerator}", image="pytorch/pytorch:2.2.0", command=["python", "train.py"])
    if accelerator != "cpu":
        task.set_gpu_limit(1)
    return task


@dsl.pipeline(name="accelerators")
def pipeline(budget: int = 100):
    choice = pick_op(budget).output
    with dsl.Condition(choice == "a100"):
        train("a100")
    with dsl.Condition(choice != "a100"):
        with dsl.Condition(choice == "t4"):
            train("t4")
        with dsl.Condition(choice != "t4"):
            train("cpu")
