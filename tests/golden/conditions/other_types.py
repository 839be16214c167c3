"""Numbers, truth values and None as the constant of a condition."""

from kfp_jupyter import components, dsl


def inspect_build(commit: str) -> bool:
    return True


def report(text: str):
    print(text)


inspect_op = components.create_component_from_func(inspect_build)
report_op = components.create_component_from_func(report)


@dsl.pipeline(name="Build inspection")
def pipeline(commit: str = "543e806", retries: int = 0, threshold: float = 1e-3, reviewer: str = None):
    green = inspect_op(commit).output
    with dsl.Condition(green == True):
        report_op("green")
    with dsl.Condition(reviewer == None):
        report_op("nobody has looked")
    with dsl.Condition(retries > 0):
        report_op("flaky")
    with dsl.Condition(threshold <= 1e-06):
        report_op("strict")
    with dsl.Condition(threshold > -1.5):
        report_op("not negative")
