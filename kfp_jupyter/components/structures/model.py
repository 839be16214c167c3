"""What all parts of a component.yaml have in common: a shape declared once, read from plain data and written back.

Source: ``kfp/components/modelbase.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from kfp_jupyter.errors import ComponentError
from kfp_jupyter.naming import closest

_M = TypeVar("_M", bound="Model")
Path = tuple[str | int, ...]
"""Keys and indices that lead from the whole to a part."""


class StructureError(ComponentError):
    """Data that has not the shape it should have.

    Args:
        message: What is wrong.
        remedy: What to do.
        path: Where, seen from the part that is read.
        at_key: Whether the last key itself is wrong, rather than its value.
    """

    def __init__(self, message: str, *, remedy: str = "", path: Path = (), at_key: bool = False) -> None:
        super().__init__(message, remedy=remedy)
        self.path = path
        self.at_key = at_key

    def under(self, *keys: str | int) -> StructureError:
        """Return the same error as it is seen from further out."""
        return StructureError(self.message, remedy=self.remedy, path=(*keys, *self.path), at_key=self.at_key)


class Model:
    """A part of a component.yaml. Subclasses are dataclasses; their fields and types are the shape.

    Attributes:
        _keys: Field name → key in component.yaml, where they differ.
        _what: What an error calls the part.
        _newer: Why the part can't be used, if newer Kubeflow Pipelines alone know it.
    """

    __slots__ = ()
    _keys: ClassVar[Mapping[str, str]] = {}
    _what: ClassVar[str] = "The structure"
    _newer: ClassVar[str] = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the part as component.yaml writes it."""
        struct = {}
        for name, key, default in _shape(type(self)).fields:
            value = getattr(self, name)
            # An empty tuple stands for nothing; an empty list was written by somebody, and stays.
            given = isinstance(value, (list, dict)) or (value is not None and value != default)
            if given or default is dataclasses.MISSING:
                struct[key] = _plain(value)
        return struct

    @classmethod
    def from_dict(cls: type[_M], struct: Mapping[str, Any]) -> _M:  # noqa: PYI019  (Self needs Python 3.11)
        """Make the part of what `to_dict` returns.

        Args:
            struct: The data.

        Raises:
            ComponentError: It has another shape.
        """
        if not isinstance(struct, Mapping):
            raise StructureError(f"{cls._what} is not a mapping of keys to values.")
        shape = _shape(cls)
        known = {key: name for name, key, _ in shape.fields}
        values = {}
        for key, value in struct.items():
            if key not in known:
                nearest = closest(str(key), known)
                remedy = f"Did you mean {nearest}?" if nearest else f"It can have {', '.join(known)}."
                raise StructureError(f"{cls._what} has no {key!r}.", remedy=remedy, path=(str(key),), at_key=True)
            if value is not None:
                values[known[key]] = _under(key, shape.readers[known[key]], value)
        for name, key, default in shape.fields:
            if default is dataclasses.MISSING and values.get(name) is None:
                raise StructureError(f"{cls._what} has no {key}.")
        return cls(**values)


class Changeable(Model):
    """A part that may be changed after it was made, as KFP v1's may. Lists become tuples: they change as a whole.

    What was computed of a part is good as long as `last_change` of it is the same.
    """

    __slots__ = ("_changed",)
    __hash__ = None  # type: ignore[assignment]  # what may change has none

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(self, name):
            _Changes.count += 1
            object.__setattr__(self, "_changed", _Changes.count)
        object.__setattr__(self, name, tuple(value) if isinstance(value, list) and value else value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Changeable) and type(self) is type(other) and self.to_dict() == other.to_dict()


class _Changes:
    count = 0


def changes() -> int:
    """Return the number of the last change of any part: while it is the same, nothing has been changed anywhere."""
    return _Changes.count


def last_change(part: object) -> int:
    """Return the number of the last change of a part or of what is in it; later ones are larger, 0 is for none.

    Args:
        part: A part of a component, or a value in one.
    """
    if isinstance(part, (tuple, list)):
        return max(map(last_change, part), default=0) if part else 0
    if isinstance(part, Mapping):
        return max(map(last_change, part.values()), default=0) if part else 0
    if not isinstance(part, Changeable):
        return 0
    inner = [last_change(getattr(part, name)) for name, _, _ in _shape(type(part)).fields]
    return max(getattr(part, "_changed", 0), *inner)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    """What there is to know of a kind of part.

    Attributes:
        fields: Name, key and default of each field that is written.
        readers: What reads each, by name.
    """

    fields: tuple[tuple[str, str, Any], ...]
    readers: Mapping[str, Callable[[Any], Any]]


_shapes: dict[type, _Shape] = {}


def _shape(cls: type[Model]) -> _Shape:
    """Return a class's shape, found out at first use: only then are all names of its types there."""
    if cls not in _shapes:
        kinds = get_type_hints(cls)
        fields = tuple(
            (field.name, cls._keys.get(field.name, field.name), field.default)
            for field in dataclasses.fields(cls)  # type: ignore[arg-type]  # subclasses are dataclasses
            if field.init
        )
        readers = {name: functools.partial(_read, kinds[name], f"{cls._what}'s {key}") for name, key, _ in fields}
        _shapes[cls] = _Shape(fields, readers)
    return _shapes[cls]


def _under(key: str | int, read: Callable[[Any], Any], value: Any) -> Any:
    """Read a part; an error in it gets the part's path."""
    try:
        return read(value)
    except StructureError as error:
        raise error.under(key) from None


def _read(kind: Any, what: str, value: Any) -> Any:
    """Return plain data as what a field's type says."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), what, value)
    if isinstance(kind, type) and issubclass(kind, Model):
        return value if isinstance(value, kind) else kind.from_dict(value)
    if origin is tuple:
        return _read_list(get_args(kind)[0], what, value)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(get_args(kind)[1], what, value)
    if type(value) is not kind:
        remedy = f"Quote it: {str(value)!r}." if kind is str and isinstance(value, (int, float)) else ""
        raise StructureError(f"{what} is {_shown(value)} instead of {_KINDS[kind]}.", remedy=remedy)
    return value


_KINDS = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", tuple: "a list"}


def _read_list(kind: Any, what: str, value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise StructureError(f"{what} is not a list.", remedy="Begin each entry with a dash.")
    read = functools.partial(_read, kind, f"An entry of {what[:1].lower()}{what[1:]}")
    return tuple(_under(index, read, item) for index, item in enumerate(value)) or []


def _read_mapping(kind: Any, what: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise StructureError(f"{what} is not a mapping of names to values.")
    read = {}
    for key, item in value.items():
        _under(key, functools.partial(_read, str, f"A name in {what[:1].lower()}{what[1:]}"), key)
        read[key] = _under(key, functools.partial(_read, kind, f"{what} of {key!r}"), item)
    return read


def _read_union(kinds: tuple[Any, ...], what: str, value: Any) -> Any:
    if type(value) in kinds:
        return value
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Model)]
    others = [kind for kind in kinds if kind not in models and kind is not type(None)]
    if isinstance(value, tuple(models)):
        return value
    if len(models) + len(others) == 1:
        return _read((models + others)[0], what, value)
    if models and isinstance(value, Mapping):
        return _read_one_of(models, what, value)
    for kind in others:
        origin = get_origin(kind) or kind
        if isinstance(value, (list, tuple)) if origin is tuple else isinstance(value, origin):
            return _read(kind, what, value)
    wanted = [_KINDS.get(get_origin(kind) or kind, "a mapping") for kind in others]
    if models:
        label = models[0]._what.rpartition(" ")[2]
        wanted.append(f"an {label}" if label[0] in "aeiou" else f"a {label}")
    raise StructureError(
        f"{what} is {_shown(value)} instead of {', '.join(wanted[:-1])}{' or ' * (len(wanted) > 1)}{wanted[-1]}.",
        remedy=f"Quote it: {str(value)!r}." if str in others and isinstance(value, (int, float, bool)) else "",
    )


def _read_one_of(models: list[type[Model]], what: str, value: Mapping[str, Any]) -> Model:
    by_key = {key: model for model in models for _, key, _ in _shape(model).fields}
    usable = [key for key, model in by_key.items() if not model._newer]
    label = models[0]._what.rpartition(" ")[2]
    if len(value) != 1:
        raise StructureError(
            f"{what} is a mapping of {len(value)} keys, but it must have exactly one: the kind of {label}.",
            remedy=f"Use one of {', '.join(usable)}.",
        )
    key = next(iter(value))
    if key not in by_key:
        nearest = closest(str(key), usable)
        raise StructureError(
            f"{key!r} is not a valid {label}.",
            remedy=f"Did you mean {nearest}?" if nearest else f"Use one of {', '.join(usable)}.",
            path=(str(key),),
            at_key=True,
        )
    return by_key[key].from_dict(value)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
