"""The part of a step's program that is ours: it runs the author's source, between its arguments and its results.

The text of `_step` is copied into the program of every component made of Python, without what it has no need of:
what stands between ``# [name]`` and ``# [end]`` stays only where `step_values.needs_of_step` has the name, or all of
several, and what is known of the component stands in place of the parameters. A cluster stores the program twice for
every task, so it is as short as its words allow. It needs nothing but Python 3.6 and its standard library; nothing in
it is new to Python 3.5 either, as in kfp's own programs.
Words, text forms and exit codes are those of a KFP v1 function component: 2 for an argument that can't be read, 1 for
a wrong result.

Source: ``_func_to_component_spec`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def plain(value: Any) -> Any:
    """Return a value with numbers and arrays of numpy, and what is like them, as Python's own: also inside of it.

    Args:
        value: Any value; what isn't a number, an array, a list, a tuple or a dict stays as it is.
    """
    # The type is asked: what stands for a value in a pipeline may answer to any name.
    if hasattr(type(value), "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _step(
    source: str,
    place: str,
    component: str,
    function: Callable[..., Any],
    inputs: dict[str, Any],
    outputs: Sequence[Any],
    count: int,
    names: list[str],
    listed: str,
    made: str,
) -> None:
    """Run a step; in a program, what is given here stands where it is used.

    Args:
        source: The author's source.
        place: What Python's messages call it.
        component: Name of the component.
        function: The function that is the step.
        inputs: By flag: the parameter, how its text is read and the name of its type; the parameter alone where all are
            of one type, or text.
        outputs: What is returned: name and type of each value, what reads its text, which types of Python it may have
            and what makes text of it; the name alone where all are of one type.
        count: The number of outputs.
        names: Their names.
        listed: Their names in a sentence.
        made: What they are written as where that isn't just their text.
    """
    import sys
    import traceback

    # From the author's own frame on: the two above it say nothing to them.
    sys.excepthook = lambda cls, error, at: traceback.print_exception(cls, error, at.tb_next.tb_next)  # type: ignore[union-attr]
    # Messages of Python name the component and its lines, not the file that this happens to be. Tracebacks find the
    # lines in this file, as their numbers are the same; warnings must be told of it. Where the numbers differ, or in
    # another process, where no file is known, there are the lines themselves.
    # [linecache]
    import linecache

    # [end]
    # [linecache lazy]
    linecache.lazycache(place, globals())
    # [end]
    # [linecache lines]
    import io

    linecache.cache[place] = 0, None, [*io.StringIO(source)], place
    # [end]
    # [function]
    exec(compile(source, place, "exec"), globals())  # noqa: S102  (the author's source is what is to run)
    # [end]
    # [function processes]
    # Processes that the author's source starts may read this program for its functions.
    if __name__ != "__main__":
        return
    # [end]

    # [json]
    import json

    # [end]
    # [boolean]
    def boolean(text: str) -> bool:
        return "n no f false off 0 y yes t true on 1".split().index(text.lower()) > 5  # noqa: SIM905  (it is shorter)

    # [end]
    # [pickle]
    import base64
    import pickle

    def from_pickle(text: str) -> Any:
        return pickle.loads(base64.b64decode(text))  # noqa: S301  (the type that the author declared)

    # [end]
    # [os]
    import os

    # [end]
    # [written]
    written = []

    def out_path(path: str) -> str:
        written.append((flag[2:], path))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    # [end]
    # [sole text]
    # Python 3.6 takes words for ASCII where the image names no language.
    text = os.fsencode(sys.argv[2]).decode()
    # [end]
    # [sole number]
    text = sys.argv[2]
    # [end]
    # [many]
    values: dict[str, Any] = {}
    # [end]
    # [loop]
    for flag, text in zip(sys.argv[1::2], sys.argv[2::2]):
        # [many flags]
        flag = os.fsencode(flag).decode()
        # [end]
        # [many outputs]
        if flag == "----output-paths":
            break
        # [end]
        # [many text]
        text = os.fsencode(text).decode()
        # [end]
        # [many alike]
        name = inputs[flag]
        # [end]
        # [many unlike kinds]
        name, read, type_name = inputs[flag]
        # [end]
        # [many unlike kind]
        name, read = inputs[flag]
        # [end]
        # [many texts]
        values[name] = text
        # [end]
        # [untyped]
        values[name] = read(text)
        # [end]
        # [typed]
        try:
            values[name] = read(text)
        except ValueError:
            print(
                "Component %r: the value %.200r of input %r can't be read as %s." % (component, text, name, type_name),
                file=sys.stderr,
            )
            sys.exit(2)
        # [end]
    # [end]
    # [script]
    program = compile(source, place, "exec")
    # [end]
    # [script inputs]
    globals().update(values)
    # [end]
    # [script]
    try:
        exec(program, globals())  # noqa: S102  (the author's source is what is to run)
    except SystemExit as end:
        if end.code:
            raise
    # [end]
    # [script processes]
    if __name__ != "__main__":
        return
    # [end]
    # [script outputs]
    for name in names:
        if name not in globals():
            sys.exit("Component %r: the script ended without a value for its output %r." % (component, name))
    # [end]
    # [script one]
    value = globals()[names[0]]
    # [end]
    # [script several]
    results = [globals()[name] for name in names]
    # [end]
    # [function one]
    value = function(**values)
    # [end]
    # [function several]
    result = function(**values)
    # [end]
    # [function none]
    function(**values)
    # [end]
    # [streams]
    for value in values.values():
        if getattr(value, "close", None):
            value.close()
    # [end]
    # [written]
    for name, path in written:
        if not os.path.exists(path):
            sys.exit("Component %r: the function wrote nothing to its output %r (%s)." % (component, name, path))

    # [end]
    # [json output]
    def struct(item: Any) -> Any:
        # [objects]
        if hasattr(item, "to_struct"):
            return plain(item.to_struct())
        # [end]
        raise TypeError("%.200r of type %s has no JSON form" % (item, type(item).__name__))

    def to_json(value: Any) -> str:
        # [objects]
        value = plain(value)
        # [end]
        return json.dumps(value, default=struct, sort_keys=True)

    # [end]
    # [pickle output]
    def to_pickle(value: Any) -> str:
        return base64.b64encode(pickle.dumps(value)).decode()

    # [end]
    # [function several]
    wanted = listed
    try:
        # Whatever can be indexed has values, but a text's are letters.
        if isinstance(result, (str, bytes)):
            raise TypeError
        results = [result[number] for number in range(count)]
    except (TypeError, LookupError):
        sys.exit(
            "Component %r: the function returned %.200r instead of a tuple of its outputs: %s."
            % (component, result, wanted)
        )
    # [end]
    # [function several more]
    if len(result) > count:
        print("Component %r: only the first returned values count, for %s." % (component, wanted), file=sys.stderr)
    # [end]
    # [one]
    path = sys.argv[-1]
    # [end]
    # [outputs]
    for row, value, path in zip(outputs, results, sys.argv[-count:]):
        # [same]
        output = row
        # [end]
        # [several unmixed]
        output, kind, parse, types = row
        # [end]
        # [several mixed]
        output, kind, parse, types, make = row
        # [end]
        # [strings]
        if not isinstance(value, str):
            sys.exit(
                "Component %r: output %r must be of type %s, but the function returned %.200r of type %s."
                % (component, output, kind, value, type(value).__name__)
            )
        # [end]
        # [numbers]
        own: Any = value
        # What a pipeline's stand-in for a value answers is not asked: only its type.
        if hasattr(type(value), "tolist"):
            own = own.tolist()
        # [end]
        # [numbers pickle output]
        if kind == "Base64Pickle":
            own = value
        # [end]
        # [others]
        try:
            if isinstance(own, str):
                # [parsed]
                parse(own)
                # [end]
                # [unparsed]
                pass  # noqa: PIE790  (nothing else stands there in a program)
                # [end]
            # [others limited]
            elif not isinstance(own, types):
                raise ValueError
            # [end]
            else:
                # [arithmetic]
                # Of a bool, or of an enum's member, what it is to arithmetic: its own text is no number.
                own = str(own * 1)
                # [end]
                # [other]
                own = make(own)
                # [end]
        # [end]
        # [made]
        except TypeError as error:
            sys.exit("Component %r: output %r can't be written as %s: %s." % (component, output, made, error))
        # [end]
        # [others]
        except ValueError:
            # [any several]
            if kind == "Any":
                # [end]
                # [any]
                sys.exit(
                    "Component %r: output %r: %.200r of type %s has no text form. Return text, or write it to an "
                    "OutputPath." % (component, output, value, type(value).__name__)
                )
                # [end]
            # [checked]
            sys.exit(
                "Component %r: output %r must be of type %s, but the function returned %.200r of type %s."
                % (component, output, kind, value, type(value).__name__)
            )
            # [end]
        # [end]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            # [strings]
            stream.write(value.encode())
            # [end]
            # [others]
            stream.write(own.encode())
            # [end]
    # [end]
