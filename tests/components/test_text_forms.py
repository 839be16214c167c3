"""Values and types without a text form: refused in cells, told of in functions written for KFP v1, never made text."""

from __future__ import annotations

import enum
import warnings
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter import dsl
from kfp_jupyter.components import Component, create_component_from_func
from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.components.types import to_text
from kfp_jupyter.errors import ComponentError
from tests.components.steps import Done, run

BEFORE = """\
import collections, dataclasses, datetime, enum, pathlib, typing
import numpy as np
from typing_extensions import TypeAliasType

@dataclasses.dataclass
class Cfg:
    lr: float = 1

class Level(str, enum.Enum):
    LOW = "low"

class Row(typing.TypedDict):
    x: int

class Pair(typing.NamedTuple):
    a: int
    b: np.ndarray

class Scores(dict): pass
class Model: pass
class Number(enum.IntEnum):
    THREE = 3

    def __str__(self): return self.name  # as all of them have it before Python 3.11
Id = typing.NewType("Id", int)
Count = TypeAliasType("Count", Id)
T = typing.TypeVar("T")
"""
LINE = BEFORE.count("\n") + 3


def cell(body: str) -> Component:
    return component_from_cell(CellSource(BEFORE + body, "cell [1]"), image="python:3.11")[0]


NO_INPUT = [
    "np.ndarray", "Cfg", "Model", "tuple", "typing.Tuple[int, str]", "(int, str)", "set", "bytes", "object",
    "datetime.datetime", "pathlib.Path", "typing.Sequence[int]", "typing.Union[int, list]", "Pair", "Level", "Scores",
    "typing.Callable[[int], int]", "T", "typing.Optional[np.ndarray]", "collections.OrderedDict", "int | list",
]  # fmt: skip
NO_OUTPUT = ["np.ndarray", "Cfg", "Model", "set", "bytes", "object", "datetime.datetime", "pathlib.Path",
             "typing.Sequence[int]", "typing.Union[int, list]", "typing.Callable[[int], int]", "T",
             "typing.Optional[np.ndarray]", "print", "OutputPath('CSV')", "InputPath"]  # fmt: skip


@pytest.mark.parametrize("kind", NO_INPUT)
def test_an_input_without_a_text_form_is_refused_at_its_line(kind: str) -> None:
    with pytest.raises(ComponentError, match="has no text form") as error:
        cell(f"def take(\n    data: {kind},\n    n: int = 1,\n): pass")
    assert f"cell [1], line {LINE}: The input 'data' of 'take' has the type " in str(error.value)
    assert "data_path: InputPath()" in str(error.value)
    assert f"| {'    '}data: {kind}," in str(error.value)


@pytest.mark.parametrize("kind", NO_OUTPUT)
def test_an_output_without_a_text_form_is_refused_at_the_functions_line(kind: str) -> None:
    with pytest.raises(ComponentError, match="has no text form") as error:
        cell(f"def give() -> {kind}:\n    return 1")
    assert f"cell [1], line {LINE - 1}: The output 'Output' of 'give' has the type " in str(error.value)
    assert "output_path: OutputPath()" in str(error.value)
    assert "NamedTuple" in str(error.value)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("(int, str)", "NamedTuple('Outputs', [('value_1', int), ('value_2', str)])"),
        ("typing.Tuple[int, typing.List[str]]", "[('value_1', int), ('value_2', List[str])]"),
        ("Tuple[int, str]", "[('value_1', int), ('value_2', str)]"),
        ("tuple[int, str]", "[('value_1', int), ('value_2', str)]"),
        ("tuple[int, ...]", "Write -> list"),
        ("tuple", "Write -> list"),
        ("typing.NamedTuple", "NamedTuple('Outputs', [('name', float), …])"),
        ("[int, str]", "[('value_1', int), ('value_2', str)]"),
    ],
)
def test_a_tuple_of_outputs_is_explained_with_what_to_write(kind: str, words: str) -> None:
    with pytest.raises(ComponentError, match="doesn't name the outputs") as error:
        cell(f"def give() -> {kind}:\n    return 1, 'a'")
    assert words in str(error.value)


def test_an_output_among_several_is_named() -> None:
    with pytest.raises(ComponentError, match="The output 'b' of 'give' has the type ndarray"):
        cell("def give() -> Pair:\n    return Pair(1, None)")


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        ("np.float64", "Float", "np.float64(1.5)", "1.5"),
        ("np.int32", "Integer", "np.int32(3)", "3"),
        ("np.bool_", "Boolean", "np.bool_(True)", "True"),
        ("Id", "Integer", "Id(3)", "3"),
        ("Row", "JsonObject", "Row(x=1)", '{"x": 1}'),
        ("typing.Literal['a', 'b']", "String", "'a'", "a"),
        ("typing.Annotated[int, 'units']", "Integer", "1", "1"),
        ("Level", "String", "Level.LOW", "low"),
        ("Scores", "JsonObject", "Scores(a=1)", '{"a": 1}'),
        ("int | None", "int | None", "1", "1"),
        ("int | float", "Float", "1", "1"),
        ("typing.Union[float, int]", "Float", "1.5", "1.5"),
        ("typing.Annotated[typing.Optional[int], 'units']", "typing.Optional[int]", "1", "1"),
        ("Count", "Integer", "1", "1"),
        ("Number", "Integer", "Number.THREE", "3"),
        ("int", "Integer", "True", "1"),
        ("int", "Integer", "Number.THREE", "3"),
        ("float", "Float", "Number.THREE", "3"),
        ("float", "Float", "True", "1"),
        ("float", "Float", "-0.0", "-0.0"),
        ("typing.Union[int, str]", "typing.Union[int, str]", "'a'", "a"),
        ("typing.List[int]", "typing.List[int]", "[1]", "[1]"),
        ("list[int]", "list[int]", "[1]", "[1]"),
        ("'np.ndarray'", "np.ndarray", "'text'", "text"),
        ("Any", "typing.Any", "1.5", "1.5"),
    ],
)
def test_a_type_that_comes_to_one_of_pythons_own_is_taken(
    tmp_path: Path, kind: str, name: str, value: str, text: str
) -> None:
    component = cell(f"def give() -> {kind}:\n    return {value}")
    # Any is a class from Python 3.11 on.
    assert str(component.component_spec.outputs[0].type).removeprefix("typing.") == name.removeprefix("typing.")
    done = run(component, tmp_path)
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == text


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("int | None", "Integer"),
        ("typing.Union[int, str]", "typing.Union[int, str]"),
        ("Id", "Integer"),
        ("np.int64", "Integer"),
        ("Row", "JsonObject"),
        ("Any", "typing.Any"),
        ("'Thing'", "Thing"),
        ("Count", "Integer"),
        ("int | float", "Float"),
        ("typing.Optional[typing.Union[int, float]]", "Float"),
        ("typing.Annotated[typing.Optional[int], 'units']", "Integer"),
        ("typing.Optional[typing.Annotated[int, 'units']]", "Integer"),
        ("typing.Literal[1, 2, None]", "Integer"),
    ],
)
def test_an_input_of_such_a_type_is_taken(kind: str, name: str) -> None:
    (made,) = cell(f"def take(data: {kind}): pass").component_spec.inputs
    assert str(made.type).removeprefix("typing.") == name.removeprefix("typing.")


def test_a_number_that_has_a_text_of_its_own_is_passed_as_a_number() -> None:
    class Three(enum.IntEnum):
        THREE = 3

        def __str__(self) -> str:  # as all of them have it before Python 3.11
            return self.name

    assert to_text(Three.THREE, "Integer", "it") == to_text(Three.THREE, "Float", "it") == "3"


def test_a_generator_is_no_component_whatever_it_says_it_returns() -> None:
    with pytest.raises(ComponentError, match="'give' is a generator"):
        cell("def give() -> list:\n    yield 1")


def returning(annotation: str, value: str, tmp_path: Path) -> Done:
    return run(cell(f"def give() -> {annotation}:\n    return {value}"), tmp_path)


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        ("int", "np.sum(np.array([1, 2]))", "3"),
        ("int", "np.uint8(3)", "3"),
        ("float", "np.float32(0.5)", "0.5"),
        ("float", "np.int64(2)", "2"),
        ("float", "np.float16('nan')", "nan"),
        ("float", "np.array(0.5)", "0.5"),
        ("bool", "np.array([1]) .any()", "True"),
        ("str", "np.str_('a')", "a"),
        ("list", "[np.int64(1), (np.float32(0.5), [np.bool_(True)])]", "[1, [0.5, [true]]]"),
        ("list", "np.array([[1, 2]])", "[[1, 2]]"),
        ("dict", "collections.Counter(np.array([3, 3]))", '{"3": 2}'),
        ("dict", "{'a': {'b': np.arange(2)}}", '{"a": {"b": [0, 1]}}'),
        ("NamedTuple('O', [('Output', int), ('b', bool)])", "np.int64(1), np.bool_(False)", "1"),
        ("'Number'", "np.int64(1)", "1"),
    ],
)
def test_numbers_of_numpy_are_pythons_own(tmp_path: Path, annotation: str, value: str, text: str) -> None:
    done = returning(annotation, value, tmp_path)
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == text


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        ("int", "np.float64(3.5)", "must be of type Integer, but the function returned"),
        ("int", "np.array([1, 2])", "must be of type Integer, but the function returned"),
        ("bool", "np.int64(1)", "must be of type Boolean"),
        ("str", "np.int64(1)", "must be of type String"),
        ("list", "[datetime.date(2024, 1, 1)]", "has no JSON form"),
        ("'Model'", "Model()", "of type Model has no text form"),
        ("Any", "[1]", "[1] of type list has no text form"),
    ],
)
def test_what_else_numpy_and_others_make_is_told(tmp_path: Path, annotation: str, value: str, words: str) -> None:
    done = returning(annotation, value, tmp_path)
    assert done.code == 1
    assert words in done.text
    assert "Traceback" not in done.text


def test_a_pickle_keeps_its_arrays(tmp_path: Path) -> None:
    component = cell(
        "def give() -> 'Base64Pickle':\n    return np.arange(2)\n"
        "def show(thing: 'Base64Pickle') -> str:\n    return type(give()).__name__ + type(thing).__name__"
    )
    made = returning("'Base64Pickle'", "np.arange(2)", tmp_path)
    assert component.__name__ == "show"
    (tmp_path / "second").mkdir()
    done = run(component, tmp_path / "second", thing=made.outputs["Output"].read_text())
    assert done.outputs["Output"].read_text() == "ndarrayndarray", done.text


@pytest.mark.parametrize(
    "body",
    [
        "import no_such_module as m\ndef f(d: m.Frame): pass",
        "from no_such_module import Frame\ndef f(d: Frame): pass",
        "from no_such_module import jit\n@jit\ndef f(d: int): pass",
        "from no_such_module import one\ndef f(d: int = one()): pass",
    ],
)
def test_a_function_that_needs_a_module_that_is_not_here_says_what_to_do(body: str) -> None:
    with pytest.raises(ComponentError, match=r"'f' can't be defined here.*uses the module 'no_such_module'") as error:
        cell(body)
    assert "line " in str(error.value)
    assert "InputPath()" in str(error.value)


def test_a_warning_of_a_cell_has_the_cells_line_and_nothing_of_ours() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cell("def f(\n    n: int,\n    xs={1},\n): pass")
    (told,) = caught
    shown = warnings.formatwarning(told.message, told.category, told.filename, told.lineno)
    assert shown.startswith(f"cell [1]:{LINE + 1}: UserWarning: The value {{1}} of the default of input 'xs' of 'f'")
    assert shown.endswith("\n  xs={1},\n")


def written_for_kfp(  # type: ignore[no-untyped-def]
    data: set,  # type: ignore[type-arg]
    other={1},  # noqa: B006, ANN001
) -> bytes:
    return b""


def test_what_was_written_for_kfp_stays_with_a_warning_at_its_line() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        component = create_component_from_func(written_for_kfp)
    assert [(i.name, i.type, i.default) for i in component.component_spec.inputs] == [
        ("data", "set", None),
        ("other", None, None),
    ]
    assert [o.type for o in component.component_spec.outputs] == ["bytes"]
    first = written_for_kfp.__code__.co_firstlineno
    found = {str(warning.message).partition(". ")[0]: (warning.filename, warning.lineno) for warning in caught}
    assert found == {
        "The input 'data' of 'written_for_kfp' has the type set, which has no text form": (__file__, first + 1),
        "The value {1} of the default of input 'other' of 'written_for_kfp' has type set, which has no text form": (
            __file__, first + 2,
        ),
        "The output 'Output' of 'written_for_kfp' has the type bytes, which has no text form": (__file__, first),
    }  # fmt: skip


def test_arguments_of_numpy_are_pythons_own() -> None:
    import numpy as np

    from kfp_jupyter.components.types import to_text

    given: list[tuple[Any, str | None, str]] = [
        (np.int64(3), "Integer", "3"),
        (np.float32(0.5), "Float", "0.5"),
        (np.bool_(True), "Boolean", "True"),
        ([np.int64(1), (2,)], "JsonArray", "[1, [2]]"),
        ({np.int64(1): np.array([1.5])}, "JsonObject", '{"1": [1.5]}'),
        (np.int64(3), None, "3"),
    ]
    assert [to_text(value, kind, "it") for value, kind, _ in given] == [text for _, _, text in given]


def test_what_stands_for_an_item_of_a_loop_may_stand_in_a_list() -> None:
    def say(words: list) -> None:  # type: ignore[type-arg]
        print(words)

    say_op = create_component_from_func(say)

    def pipeline() -> None:
        with dsl.ParallelFor([1, 2]) as item:
            say_op([item, 1, "x"])

    (task,) = dsl.Pipeline(pipeline).graph().tasks.values()
    assert len(list(task.references)) == 1
