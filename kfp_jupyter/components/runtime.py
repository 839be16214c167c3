"""The part of a step's program that is ours: it hands arguments to the function and its results to files.

The text of `_kfp_step` is copied into the program of every function component, that of the others into those that
need it: it needs nothing but Python 3.7 and its standard library, imports what few steps need where they need it, and
is kept short. Annotations stay behind. Words, text forms
and exit codes of a KFP v1 function component: 2 for an argument that can't be read, 1 for a wrong result.
"""

from typing import Any, Callable, Dict, Optional, Sequence, Tuple


def _kfp_step(
    function: Callable[..., Any],
    component: str,
    inputs: Dict[str, Tuple[str, str]],
    outputs: Sequence[Tuple[str, str]],
    single: bool,
    unpickle: Optional[Callable[[str], Any]] = None,
    pickle: Optional[Callable[[Any], str]] = None,
) -> None:
    import os
    import sys

    # The author's cell may well define a zip or an open of its own.
    from builtins import Exception, bool, dict, float, hasattr, int, isinstance, len, open, print, range, str, type, zip

    def fail(code: int, text: str) -> None:
        print("Component %r: %s" % (component, text), file=sys.stderr, flush=True)
        raise SystemExit(code)

    def boolean(text: str) -> bool:
        if text.lower() not in ("y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"):
            raise ValueError(text)
        return text.lower() in ("y", "yes", "t", "true", "on", "1")

    def from_json(text: str) -> Any:
        import json

        return json.loads(text)

    def to_json(value: Any) -> str:
        import json

        def struct(item: Any) -> Any:
            if hasattr(item, "to_struct"):
                return item.to_struct()
            raise TypeError("%.200r of type %s has no JSON form" % (item, type(item).__name__))

        return json.dumps(value, default=struct, sort_keys=True)

    def out_path(path: str) -> str:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    readers: Dict[str, Callable[[str], Any]]
    readers = dict(Integer=int, Float=float, Boolean=boolean, JsonArray=from_json, JsonObject=from_json, Json=from_json)
    readers["Base64Pickle"] = unpickle or str
    modes = dict(InputTextFile="r", InputBinaryFile="rb", OutputTextFile="w", OutputBinaryFile="wb")
    words, values, paths, written = sys.argv[1:], {}, [], []
    while words:
        flag = words.pop(0)
        if flag == "----output-paths":
            paths, words = words, []
            continue
        if flag not in inputs or not words:
            fail(2, "unexpected argument %r." % flag)
        (name, kind), text = inputs[flag], words.pop(0)
        if kind.startswith("Output"):
            written.append((flag[2:], out_path(text)))
        try:
            values[name] = open(text, modes[kind]) if kind in modes else readers.get(kind, str)(text)
        except ValueError:
            fail(2, "the value %.200r of input %r can't be read as %s." % (text, name, kind))
    try:
        result = function(**values)
    except Exception as error:
        import traceback

        # From the author's own frame on: what is above it says nothing to them.
        traceback.print_exception(type(error), error, error.__traceback__ and error.__traceback__.tb_next)
        raise SystemExit(1) from None
    for value in values.values():
        if hasattr(value, "close"):
            value.close()
    for name, path in written:
        if not os.path.exists(path):
            fail(1, "the function wrote nothing to its output %r (%s)." % (name, path))
    results = [result] if single else result if outputs else ()
    names = ", ".join(name for name, _ in outputs)
    try:
        # Whatever can be indexed has values, but a text's are letters.
        results = [results[number] for number in range(len(outputs)) if not isinstance(results, (str, bytes))]
        if len(results) < len(outputs):
            raise LookupError
    except (TypeError, LookupError):
        fail(1, "the function returned %.200r instead of a tuple of its outputs: %s." % (result, names))
    if len(outputs) > 1 and len(result) > len(outputs):
        print("Component %r: only the first returned values count, for %s." % (component, names), file=sys.stderr)
    types: Dict[str, Any] = dict(String=str, Integer=int, Float=(int, float), Boolean=bool)
    for (name, kind), value, path in zip(outputs, results, paths):
        has = (name, kind, value, type(value).__name__)
        try:
            if kind == "Base64Pickle":
                text = value if isinstance(value, str) or pickle is None else pickle(value)
            elif isinstance(value, str):
                readers.get(kind, str)(value)
                text = value
            elif isinstance(value, types.get(kind, object)):
                text = to_json(value) if kind.startswith("Json") else str(value)
            else:
                raise ValueError
        except TypeError as error:
            fail(1, "output %r can't be written as %s: %s." % (name, "JSON" if "Json" in kind else kind, error))
        except ValueError:
            fail(1, "output %r must be of type %s, but the function returned %.200r of type %s." % has)
        with open(out_path(path), "w", encoding="utf-8", newline="") as file:
            file.write(text)


def _kfp_unpickle(text: str) -> Any:
    import base64
    import pickle

    return pickle.loads(base64.b64decode(text))  # noqa: S301  (the type that the author declared)


def _kfp_pickle(value: Any) -> str:
    import base64
    import pickle

    return base64.b64encode(pickle.dumps(value)).decode("ascii")
