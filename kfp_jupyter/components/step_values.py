"""How a step reads each kind of value from its arguments, and writes each that it returns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_READ = {
    "Integer": "int",
    "Float": "float",
    "Boolean": "boolean",
    "JsonArray": "json.loads",
    "JsonObject": "json.loads",
    "Json": "json.loads",
    "Base64Pickle": "from_pickle",
    "InputTextFile": "open",
    "InputBinaryFile": "lambda a: open(a, 'rb')",
    "OutputPath": "out_path",
    "OutputTextFile": "lambda a: open(out_path(a), 'w')",
    "OutputBinaryFile": "lambda a: open(out_path(a), 'wb')",
}
"""Kind of input → what makes its value of its text, as code; others are text."""

_FAILS = {"Integer", "Float", "Boolean", "JsonArray", "JsonObject", "Json", "Base64Pickle"}
"""Kinds that not every text can be read as."""

_NUMBER = "lambda a: str(a * 1)"
_JSON = {"JsonArray", "JsonObject", "Json"}
_PICKLE = "Base64Pickle"
_ANY = "Any"
_AS_IT_IS = {"String", _ANY, _PICKLE}
"""Kinds of output that any text can be."""

_TYPES = {
    "String": "str",
    "Integer": "int",
    "Float": "(int, float)",
    "Boolean": "bool",
    _ANY: "(int, float, type(None))",
}
"""Kind of output → the Python types that it may have, as code; others may have any."""


class Input(NamedTuple):
    """An input of a step, or an output that its author writes.

    Attributes:
        flag: The word before it on the command line.
        parameter: The parameter that takes it.
        kind: How it is read.
        required: Whether it is always given.
    """

    flag: str
    parameter: str
    kind: str
    required: bool = True


class Output(NamedTuple):
    """A value that a step returns.

    Attributes:
        name: Its name.
        kind: How it is written.
    """

    name: str
    kind: str


def needs_of_step(
    source: str, inputs: Sequence[Input], outputs: Sequence[Output], *, function: bool, single: bool, odd: bool
) -> frozenset[str]:
    """Return the parts of `runtime` that a step needs.

    Args:
        source: The author's source.
        inputs: What it takes.
        outputs: What it returns.
        function: Whether it is a function; otherwise it is a script, whose inputs and outputs are variables.
        single: Whether what the function returns is the only output itself.
        odd: Whether Python finds other lines in the source than in the program's file.
    """
    taken, returned = {i.kind for i in inputs}, {o.kind for o in outputs}
    lines = odd or bool(re.search("multiprocessing|concurrent", source))
    # Without an import, or a pickle of someone else, there are no values but Python's own, and no processes.
    strange = _PICKLE in taken or bool(re.search("import|to_struct|tolist", source))
    needs = {
        "function": function,
        "script": not function,
        "linecache": strange or lines,
        "lazy": not lines,
        "lines": lines,
        "processes": strange,
        "objects": strange,
        "numbers": strange and bool(returned - {"String", _PICKLE} - _JSON),
        "json": bool(_JSON & (taken | returned)),
        "pickle": _PICKLE in taken | returned,
        "boolean": "Boolean" in taken | returned,
        **_needs_of_inputs(inputs, function=function),
        **_needs_of_outputs(outputs, one=len(outputs) == 1 and (single or not function)),
    }
    if {"text", "flags", "written", "outputs"} & {name for name, needed in needs.items() if needed}:
        needs["os"] = True
    return frozenset(name for name, needed in needs.items() if needed)


def _needs_of_inputs(inputs: Sequence[Input], *, function: bool) -> dict[str, bool]:
    kinds = {i.kind for i in inputs}
    texts, text, fail = not kinds & _READ.keys(), bool(kinds - {"Integer", "Float"}), kinds & _FAILS
    sole = function and len(inputs) == 1 and inputs[0].required and not inputs[0].kind.startswith("Output")
    return {
        "inputs": bool(inputs),
        "flags": not all(i.flag.isascii() for i in inputs),
        "text": text,
        "number": not text,
        "texts": texts,
        "sole": sole,
        "many": bool(inputs) and not sole,
        "loop": bool(inputs) and not (sole and texts),
        "alike": _alike(inputs),
        "unlike": not _alike(inputs),
        "typed": bool(fail),
        "untyped": not texts and not fail,
        "kind": len(fail) < 2,
        "kinds": len(fail) > 1,
        "written": any(kind.startswith("Output") for kind in kinds),
        "streams": any(kind.endswith(("TextFile", "BinaryFile")) for kind in kinds),
    }


def _needs_of_outputs(outputs: Sequence[Output], *, one: bool) -> dict[str, bool]:
    kinds, makes = {o.kind for o in outputs}, _makes(outputs)
    return {
        "none": not outputs,
        "outputs": bool(outputs),
        "one": one,
        "several": bool(outputs) and not one,
        "more": len(outputs) > 1,
        "same": not one and len(kinds) == 1,
        "unmixed": len(kinds) > 1 and len(makes) < 2,
        "mixed": len(makes) > 1,
        "arithmetic": makes == {_NUMBER},
        "other": makes != {_NUMBER},
        "strings": kinds == {"String"},
        "others": bool(kinds - {"String"}),
        "parsed": bool(kinds - _AS_IT_IS),
        "unparsed": not kinds - _AS_IT_IS,
        "limited": bool(kinds & _TYPES.keys()),
        "made": bool(kinds & {*_JSON, _PICKLE}),
        "json output": bool(kinds & _JSON),
        "pickle output": _PICKLE in kinds,
        "any": _ANY in kinds,
        "checked": kinds != {_ANY},
    }


def code_of_values(inputs: Sequence[Input], outputs: Sequence[Output]) -> dict[str, str]:
    """Return what stands for the names of values in `runtime`, as code.

    Args:
        inputs: What the step takes.
        outputs: What it returns.
    """
    kinds = {o.kind for o in outputs}
    fails, makes = {i.kind for i in inputs} & _FAILS, _makes(outputs)
    taken = []
    for i in inputs:
        how = [_READ.get(i.kind, "str"), *([repr(i.kind)] if len(fails) > 1 else [])]
        taken.append(
            f"{i.flag!r}: " + (repr(i.parameter) if _alike(inputs) else f"({i.parameter!r}, {', '.join(how)})")
        )
    rows = []
    for o in outputs:
        how = [repr(o.kind), _parse(o.kind), _TYPES.get(o.kind, "object"), *([_make(o.kind)] if len(makes) > 1 else [])]
        rows.append(repr(o.name) if len(kinds) == 1 else f"({o.name!r}, {', '.join(how)})")
    code = {
        "INPUTS": f"{{{', '.join(taken)}}}",
        "OUTPUTS": f"[{', '.join(rows)}]",
        "COUNT": str(len(outputs)),
        "NAMES": repr([o.name for o in outputs]),
    }
    for i in inputs[:1]:
        code |= {"READ": _READ.get(i.kind, "str"), "PARAMETER": i.parameter}
    for o in outputs[:1]:
        code |= {"PARSE": _parse(o.kind), "TYPES": _TYPES.get(o.kind, "object"), "MAKE": next(iter(makes), "")}
    return code


def texts_of_values(inputs: Sequence[Input], outputs: Sequence[Output]) -> dict[str, str]:
    """Return what stands for the names of values in messages of `runtime`.

    Args:
        inputs: What the step takes.
        outputs: What it returns.
    """
    made = {"JSON" if o.kind in _JSON else o.kind for o in outputs if o.kind in {*_JSON, _PICKLE}}
    texts = {"LISTED": ", ".join(o.name for o in outputs), "MADE": " or ".join(sorted(made))}
    for i in sorted(inputs, key=lambda i: i.kind in _FAILS):
        texts |= {"READ": i.kind, "PARAMETER": i.parameter}
    for o in outputs[:1]:
        texts |= {"OUTPUT": o.name, "KIND": o.kind}
    return texts


def _alike(inputs: Sequence[Input]) -> bool:
    """Return whether all inputs are read in one way, and a failure to do so names one type."""
    kinds = {i.kind for i in inputs}
    return len(kinds) == 1 or not kinds & _READ.keys()


def _parse(kind: str) -> str:
    return "str" if kind in _AS_IT_IS else _READ[kind]


def _make(kind: str) -> str:
    if kind in ("Integer", "Float"):
        return _NUMBER
    return "to_json" if kind in _JSON else "to_pickle" if kind == _PICKLE else "str"


def _makes(outputs: Sequence[Output]) -> set[str]:
    """Return what makes text of values that aren't text; of what must be text, nothing does."""
    return {_make(o.kind) for o in outputs if o.kind != "String"}
