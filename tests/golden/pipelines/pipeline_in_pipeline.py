"""A pipeline function that calls another one: the tasks of both are in one pipeline."""

from kfp_jupyter import components, dsl


def fetch(day: str) -> str:
    return day


def check(path: str, strict: bool) -> bool:
    return strict


fetch_op = components.create_component_from_func(fetch)
check_op = components.create_component_from_func(check)


@dsl.pipeline(name="One day", description="Can run by itself too.")
def one_day(day: str = "Monday", strict: bool = True):
    fetched = fetch_op(day)
    checked = check_op(fetched.output, strict)
    return checked


@dsl.pipeline(name="Weekend")
def pipeline(strict: bool = False):
    first = one_day("Saturday", strict)
    with dsl.Condition(first.output == True):
        one_day("Sunday")
