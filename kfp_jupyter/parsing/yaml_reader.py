"""YAML of unknown origin → plain data, within limits.

PyYAML protects from code, but not from size: it recurses as deep as the document, shares and merges aliased values,
and raises any error of a value's constructor. Its newest version refuses some of that in its own
words. So a document is measured first, event by event, and every error of PyYAML is translated here.

Source of the JSON form: https://github.com/kubernetes-sigs/yaml, by which Kubernetes reads YAML.
"""

from __future__ import annotations

from typing import Any

import yaml

from kfp_jupyter.parsing.limits import MAX_NUMBER, SIZE_OF_VALUE, Limits, UnreadableError

# libyaml reads ten times faster and is part of most builds of PyYAML.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PREFIX = "tag:yaml.org,2002:"
_NUMBERS = frozenset(f"{_PREFIX}{kind}" for kind in ("int", "float"))
_TAGS = _NUMBERS | {f"{_PREFIX}{kind}" for kind in ("map", "seq", "str", "bool", "null")}

_OF_VALUES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What PyYAML's constructors raise at values that are not what their tag or form says, such as `!!int a` and
2001-99-99."""


class _Loader(_SafeLoader):  # type: ignore[misc]  # its type is known only where it is chosen
    """PyYAML's safe loader, which reports the line of a value that it can't read."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        if node.tag in _NUMBERS and len(node.value) > MAX_NUMBER:
            raise UnreadableError(f"a number in it is longer than {MAX_NUMBER:,} characters", _line(node.start_mark))
        try:
            return super().construct_object(node, deep)
        except _OF_VALUES as error:
            if isinstance(error, UnreadableError):
                raise
            value = repr(node.value)[:60] if isinstance(node.value, str) else "a value"
            kind = node.tag.removeprefix(_PREFIX)
            raise UnreadableError(f"{value} in it can't be read as {kind}", _line(node.start_mark)) from None


class _JsonLoader(_Loader):
    """The same loader, but dates are strings: JSON, and so Kubernetes, has no dates."""


_JsonLoader.add_constructor(f"{_PREFIX}timestamp", _SafeLoader.construct_scalar)


def read_yaml(text: str | bytes, limits: Limits, *, dates: bool = False) -> Any:
    """Return what a YAML document holds: mappings, lists, texts, numbers, truth values and nulls.

    Args:
        text: The document.
        limits: Its limits.
        dates: Whether dates become date objects; otherwise they are strings, as in Kubernetes.

    Raises:
        UnreadableError: It is not YAML, or over the limits.
    """
    if len(text) > limits.size:
        raise UnreadableError(f"it is larger than {limits.size:,} bytes")
    try:
        _measure(text, limits)
        return yaml.load(text, Loader=_Loader if dates else _JsonLoader)  # noqa: S506  (safe ones, by inheritance)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        # PyYAML may refuse what is nested very deep before it yields the first event of it.
        if mark and _depth(text, mark) > limits.depth:
            raise _too_deep(limits, _line(mark)) from None
        problem = error.problem or error.context or "it is malformed"
        raise UnreadableError(f"it is not YAML ({problem})", _line(mark) if mark else 0) from None
    except yaml.YAMLError as error:
        raise UnreadableError(f"it is not YAML ({str(error).splitlines()[0]})") from None
    except RecursionError:
        raise _too_deep(limits, 0) from None
    except UnicodeError:
        raise UnreadableError("it is not UTF-8 text") from None


def line_of(text: str, path: tuple[str | int, ...], *, at_key: bool) -> int:
    """Return the line where a part begins, counted from 1; of a missing part, the line of what should contain it.

    Args:
        text: A document that `read_yaml` has read.
        path: Keys and indices that lead to the part.
        at_key: Whether to return the line of its key rather than of its value.
    """
    node: Any = yaml.compose(text, Loader=_Loader)
    line = _line(node.start_mark)
    for number, step in enumerate(path, 1):
        inner = _inner(node, step)
        if inner is None:
            break
        key, node = inner
        line = _line((key if at_key and number == len(path) else node).start_mark)
    return line


def _inner(node: Any, step: str | int) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    return None


def _measure(text: str | bytes, limits: Limits) -> None:
    """Refuse a document over the limits. A few lines of aliases may expand to more than fits into memory."""
    sizes: dict[str, int] = {}  # of what has an anchor, with all aliases in it written out
    open_: list[tuple[str | None, int]] = []
    size = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent):
            _check_tag(event)
            size += SIZE_OF_VALUE + len(event.value)
            if event.anchor:
                sizes[event.anchor] = SIZE_OF_VALUE + len(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            _check_tag(event)
            open_.append((event.anchor, size))
            size += SIZE_OF_VALUE
            if len(open_) > limits.depth:
                raise _too_deep(limits, _line(event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor:
                sizes[anchor] = size - before
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_):
                raise UnreadableError(f"the anchor &{event.anchor} in it contains itself", _line(event.start_mark))
            size += sizes.get(event.anchor or "", 0)
        if size > limits.size:
            raise UnreadableError(f"it expands to more than {limits.size // 2**20} MiB")


def _check_tag(event: Any) -> None:
    """Refuse values that JSON doesn't have: Kubernetes stores objects as JSON, and components have only such values."""
    if event.tag and event.tag not in _TAGS:
        line = _line(event.start_mark)
        raise UnreadableError(f"it has the tag {event.tag!r:.80}, which is not supported", line)


def _depth(text: str | bytes, mark: Any) -> int:
    """Return the depth of nesting before a mark."""
    depth = deepest = 0
    before = text[: mark.index] if isinstance(text, str) else text.decode("utf-8", "replace")[: mark.index]
    try:
        for event in yaml.parse(before, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            deepest = max(deepest, depth)
    except yaml.YAMLError:
        # It ends in the middle: what counts is what stood before that.
        return deepest
    return deepest


def _too_deep(limits: Limits, line: int) -> UnreadableError:
    return UnreadableError(f"it is nested deeper than {limits.depth} levels", line)


def _line(mark: Any) -> int:
    return int(mark.line) + 1
