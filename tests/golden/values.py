"""Every type of value, defaults, optional inputs, None."""

from typing import Dict, List, NamedTuple, Optional

from kfp_jupyter import components, dsl


def everything(
    i: int,
    f: float,
    s: str,
    b: bool,
    items: list,
    mapping: dict,
    typed: List[int],
    pairs: Dict[str, str],
    untyped,
    custom: "Custom",
    maybe: Optional[int] = None,
    flag: bool = True,
    name: str = "it's \"quoted\" {x} $HOME",
    default_items: list = [1, "two", None],
    default_number: float = 3,
    default_integer: int = 4,
) -> NamedTuple("Outputs", [("i", int), ("items", list), ("custom", "Custom"), ("MixedName", str)]):
    pass


everything_op = components.create_component_from_func(everything, annotations={"team": "a"})


@dsl.pipeline(name="All kinds of values!", description='With "quotes", newlines\nand ünicode')
def pipeline(number: int = 3, items: list = [1, 2], mapping: dict = {"a": "b"}, flag: bool = False, nothing: str = None):
    one = everything_op(
        1, 2, "three", True, [1, {"a": None}], {"b": [False]}, [1], {"x": "y"}, "untyped", "custom", None
    )
    two = everything_op(
        number, 1.5, "ünï\n'quoted' \"text\"", flag, items, mapping, one.outputs["items"].ignore_type(), "{}", 5,
        one.outputs["custom"], maybe=number, flag=False, name=f"{one.outputs['i']}-{number} of {flag}",
    )
    everything_op(
        one.outputs["i"], "7.5", nothing, "true", "[]", "{}", [], {}, two.outputs["mixedname"], "c",
        default_items=[], default_number=7, default_integer="5",
    )
