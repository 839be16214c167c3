"""Functions of every signature: defaults, optional values, several outputs, nothing at all, lists and dictionaries."""

from typing import Dict, List, NamedTuple, Optional

from kfp_jupyter import components, dsl


def nothing():
    pass


def defaults(a: int = 1, b: float = 2.5, c: str = "three", d: bool = False, e: list = [1], f: dict = {"k": None}) -> str:
    return "x"


def optional(name: str, nick: Optional[str] = None, age: Optional[int] = None, untyped=None, flag: bool = None) -> bool:
    return True


def several(
    rows: List[Dict[str, int]],
) -> NamedTuple("Several", [("total", int), ("names", list), ("by_name", Dict[str, int]), ("Ratio", float)]):
    return 1, [], {}, 0.5


nothing_op = components.create_component_from_func(nothing)
defaults_op = components.create_component_from_func(defaults)
optional_op = components.create_component_from_func(optional)
several_op = components.create_component_from_func(several)


@dsl.pipeline(name="Signatures")
def pipeline(nick: str = "Bo", rows: list = [{"a": 1}]):
    nothing_op()
    defaults_op()
    first = defaults_op(7, d=True, e=[], f={"a": [1, "b"]})
    optional_op(first.output)
    optional_op("Ada", nick=nick, age=36, untyped=[1], flag=True)
    made = several_op([{"x": 1}])
    defaults_op(made.outputs["total"], made.outputs["Ratio"], e=made.outputs["names"])
    optional_op(f"{made.outputs['total']}:{made.outputs['ratio']}", untyped=made.outputs["by_name"])
