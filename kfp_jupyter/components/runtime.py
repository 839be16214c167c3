"""The part of a step's program that is ours: it runs the author's source, between its arguments and its results.

The text of `_kfp_step` is copied into the program of every component made of Python, without what it has no need of:
what stands between ``# [name]`` and ``# [end]`` stays only where `step_text.step_text` is given the name. It needs
nothing but Python 3.6 and its standard library; nothing in it is new to Python 3.5 either, as in kfp's own programs.
Words, text forms and exit codes are those of a KFP v1 function component: 2 for an argument that can't be read, 1 for
a wrong result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def plain(value: Any) -> Any:
    """Return a value with numbers and arrays of numpy, and what is like them, as Python's own: also inside of it.

    Args:
        value: Any value; what isn't a number, an array, a list, a tuple or a dict stays as it is.
    """
    # The type is asked: what stands for a value in a pipeline may answer to any name.
    if hasattr(type(value), "dtype") and hasattr(type(value), "tolist"):
        value = value.tolist()
    # [json]
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    # [end]
    return value


def _kfp_step(
    text: str,
    function: str,
    component: str,
    inputs: dict[str, tuple[str, str]],
    outputs: Sequence[tuple[str, str]],
) -> None:
    import linecache
    import os
    import sys

    def fail(code: int, words: str) -> None:
        print("Component %r: %s" % (component, words), file=sys.stderr, flush=True)
        raise SystemExit(code)

    # Messages of Python name the component and its lines, not the file that this happens to be.
    names, place = globals(), "component %r" % component
    linecache.cache[place] = (len(text), None, [line + "\n" for line in text.split("\n")], place)

    def guarded(action: Callable[..., Any], args: Sequence[Any], values: Mapping[str, Any]) -> Any:
        try:
            return action(*args, **values)
        # [script]
        except SystemExit as end:
            if end.code:
                raise
        # [end]
        except Exception as error:
            import traceback

            # From the author's own frame on: what is above it says nothing to them.
            traceback.print_exception(type(error), error, error.__traceback__ and error.__traceback__.tb_next)
            raise SystemExit(1) from None

    code = guarded(compile, (text, place, "exec", 0, True), {})
    # [function]
    guarded(exec, (code, names), {})
    # Processes that the author's source starts may read this program for its functions.
    if names["__name__"] != "__main__":
        return
    # [end]

    readers: dict[str, Callable[[str], Any]] = dict(Integer=int, Float=float)
    # [outputs]
    types: dict[str, Any] = dict(String=str, Integer=int, Float=(int, float), Boolean=bool)

    def number(value: Any) -> str:
        # Of a bool, or of an enum's member, what it is to arithmetic: its own text is no number.
        return str(value * 1)

    writers: dict[str, Callable[[Any], str]] = dict(Integer=number, Float=number)
    # [end]

    # [boolean]
    def boolean(text: str) -> bool:
        if text.lower() not in ("y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"):
            raise ValueError(text)
        return text.lower() in ("y", "yes", "t", "true", "on", "1")

    readers["Boolean"] = boolean
    # [end]

    # [json]
    import json

    readers.update(JsonArray=json.loads, JsonObject=json.loads, Json=json.loads)
    # [end]

    # [json outputs]
    def to_json(value: Any) -> str:
        def struct(item: Any) -> Any:
            try:
                return plain(item.to_struct())
            except AttributeError:
                raise TypeError("%.200r of type %s has no JSON form" % (item, type(item).__name__)) from None

        return json.dumps(value, default=struct, sort_keys=True)

    writers.update(JsonArray=to_json, JsonObject=to_json, Json=to_json)
    types.update(JsonArray=object, JsonObject=object, Json=object)
    # [end]

    # [pickle]
    import base64
    import pickle

    def from_pickle(text: str) -> Any:
        return pickle.loads(base64.b64decode(text))  # noqa: S301  (the type that the author declared)

    readers["Base64Pickle"] = from_pickle
    # [end]

    # [pickle outputs]
    def to_pickle(value: Any) -> str:
        return base64.b64encode(pickle.dumps(value)).decode("ascii")

    writers["Base64Pickle"] = to_pickle
    types["Base64Pickle"] = object
    # [end]

    # [writes]
    def out_path(path: str) -> str:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    # [end]
    # [written]
    written = []
    # [end]
    # [streams]
    modes = dict(InputTextFile="r", InputBinaryFile="rb", OutputTextFile="w", OutputBinaryFile="wb")
    # [end]
    words, values, paths = sys.argv[1:], {}, []
    while words:
        # Python 3.6 takes words for ASCII where the image names no language.
        flag = os.fsencode(words.pop(0)).decode("utf-8", "surrogateescape")
        if flag == "----output-paths":
            paths, words = words, []
            continue
        if flag not in inputs or not words:
            fail(2, "unexpected argument %r." % flag)
        (name, kind), text = inputs[flag], words.pop(0)
        # [written]
        if kind.startswith("Output"):
            written.append((flag[2:], out_path(text)))
        # [end]
        # [streams]
        if kind in modes:
            values[name] = open(text, modes[kind])
            continue
        # [end]
        try:
            values[name] = readers.get(kind, str)(os.fsencode(text).decode("utf-8", "surrogateescape"))
        except ValueError:
            fail(2, "the value %.200r of input %r can't be read as %s." % (text, name, kind))
    # [script]
    names.update(values)
    guarded(exec, (code, names), {})
    if names["__name__"] != "__main__":
        return
    for name, _ in outputs:
        if name not in names:
            fail(1, "the script ended without a value for its output %r." % name)
    result = [names[name] for name, _ in outputs]
    # [end]
    # [function]
    result = guarded(names[function], (), values)
    # [end]
    # [streams]
    for value in values.values():
        if getattr(value, "close", None):
            value.close()
    # [end]
    # [written]
    for name, path in written:
        if not os.path.exists(path):
            fail(1, "the function wrote nothing to its output %r (%s)." % (name, path))
    # [end]
    # [pickle outputs]
    readers["Base64Pickle"] = str
    # [end]
    # [outputs]
    results = result
    # [single]
    results = [result]
    # [end]
    # [several]
    wanted = ", ".join(name for name, _ in outputs)
    try:
        # Whatever can be indexed has values, but a text's are letters.
        results = [result[number] for number in range(len(outputs)) if not isinstance(result, (str, bytes))]
        if len(results) < len(outputs):
            raise LookupError
    except (TypeError, LookupError):
        fail(1, "the function returned %.200r instead of a tuple of its outputs: %s." % (result, wanted))
    if len(outputs) > 1 and len(result) > len(outputs):
        print("Component %r: only the first returned values count, for %s." % (component, wanted), file=sys.stderr)
    # [end]
    for (name, kind), value, path in zip(outputs, results, paths):
        has = (name, kind, value, type(value).__name__)
        try:
            own = plain(value)
            # [pickle outputs]
            own = value if kind == "Base64Pickle" else own
            # [end]
            if isinstance(own, str):
                readers.get(kind, str)(own)
                text = own
            elif isinstance(own, types.get(kind, (int, float, type(None)))):
                text = writers.get(kind, str)(own)
            else:
                raise ValueError
        except TypeError as error:
            fail(1, "output %r can't be written as %s: %s." % (name, "JSON" if "Json" in kind else kind, error))
        except ValueError:
            # [any]
            if kind not in types:
                what = (name, *has[2:])
                fail(
                    1,
                    "output %r: %.200r of type %s has no text form. Return text, or write it to an OutputPath." % what,
                )
            # [end]
            fail(1, "output %r must be of type %s, but the function returned %.200r of type %s." % has)
        with open(out_path(path), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    # [end]
