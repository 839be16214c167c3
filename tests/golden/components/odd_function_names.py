"""Functions whose names begin and end with underlines, hold digits, or are those of commands."""

from kfp_jupyter import components, dsl


def _private_step_(x: int) -> int:
    return x


def step2vec(text: str) -> str:
    return text


def test__double__underline(x: int):
    print(x)


def ls(folder: str) -> list:
    return [folder]


private_op = components.create_component_from_func(_private_step_)
vec_op = components.create_component_from_func(step2vec)
double_op = components.create_component_from_func(test__double__underline)
ls_op = components.create_component_from_func(ls)


@dsl.pipeline(name="Odd names")
def pipeline(x: int = 1):
    double_op(private_op(x).output)
    ls_op(vec_op("a").output)
