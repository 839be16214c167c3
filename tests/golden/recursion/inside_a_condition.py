"""Recursion that starts inside a condition and goes on in one."""

from kfp_jupyter import components, dsl


def improve(text: str) -> str:
    return text


def grade(text: str) -> int:
    return 4


improve_op = components.create_component_from_func(improve)
grade_op = components.create_component_from_func(grade)


@dsl.graph_component
def polish(text, goal):
    better = improve_op(text)
    graded = grade_op(better.output)
    with dsl.Condition(graded.output < goal):
        polish(better.output, goal)


@dsl.pipeline(name="Polish a text")
def pipeline(text: str = "hullo", goal: int = 8, skip: str = "no"):
    with dsl.Condition(skip == "no"):
        graded = grade_op(text)
        with dsl.Condition(graded.output < goal):
            polish(text, goal)
