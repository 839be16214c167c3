"""What a ``%%component`` cell means, in the notebook and in the step: what its author wrote."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kfp_jupyter.components import Component
from tests.components.steps import run
from tests.magics.conftest import Notebook

POOL = """%%component
import multiprocessing
def work(x): return x * x
def use(a: int) -> list:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(work, range(a))
"""
PICKLE = """%%component
import dataclasses, pickle
@dataclasses.dataclass
class P:
    x: int = 1
    def __call__(self): return P
def use(a: int) -> list:
    point = pickle.loads(pickle.dumps(P(a)))
    return [point.x, pickle.loads(pickle.dumps(P)) is P, pickle.loads(pickle.dumps(use)) is use]
"""
HINTS = """%%component
from typing import List, get_type_hints
class Inner: pass
class Outer:
    items: "List[Inner]"
def convert(x: int): return x
def use(a: int) -> list:
    import inspect
    kind = inspect.signature(convert).parameters["x"].annotation
    return [get_type_hints(Outer)["items"].__args__[0] is Inner, kind("3"), get_type_hints(use)["a"] is int]
"""
POSTPONED = """%%component
from __future__ import annotations
def convert(x: Unknown): return x
def use(a: int) -> list:
    return [a, convert.__annotations__["x"]]
"""


@pytest.mark.parametrize(
    ("cell", "argument", "result"),
    [(POOL, 3, [0, 1, 4]), (PICKLE, 3, [3, True, True]), (HINTS, 1, [True, 3, True]), (POSTPONED, 1, [1, "Unknown"])],
)
def test_a_cell_does_the_same_here_and_in_a_step(
    notebook: Notebook, tmp_path: Path, cell: str, argument: int, result: object
) -> None:
    assert notebook.run(cell).error is None
    use = notebook.names["use"]
    assert use(argument) == result
    done = run(use, tmp_path, a=str(argument))
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == str(result).replace("'", '"').replace("T", "t")


def test_a_script_finds_its_classes_here_and_in_a_step(notebook: Notebook, tmp_path: Path) -> None:
    ran = notebook.run(
        "%%component name=s inputs='x: int' outputs='y: list'\nimport pickle\n"
        "class P: pass\nif __name__ == '__main__':\n    z = x\ny = [type(pickle.loads(pickle.dumps(P()))) is P, z]"
    )
    assert ran.error is None, ran.error
    s = notebook.names["s"]
    assert s(2) == [True, 2]
    assert run(s, tmp_path, x="2").outputs["y"].read_text() == "[true, 2]"


WORKERS = """%%component
import subprocess, sys
def work(x): return x * x
def use(a: int) -> str:
    import cloudpickle
    run = "import cloudpickle, sys; print(cloudpickle.load(sys.stdin.buffer)(3))"
    done = subprocess.run([sys.executable, "-c", run], input=cloudpickle.dumps(work), stdout=subprocess.PIPE)
    return done.stdout.decode().strip()
"""


def test_a_cells_functions_reach_workers_that_take_pickles_of_their_code(notebook: Notebook) -> None:
    assert notebook.run(WORKERS).error is None
    assert notebook.names["use"](3) == "9"


CHECKS = """%%component
def use(again: bool = False) -> bool:
    import sys
    assert sys.modules['__main__'].use.__globals__ is globals()
    if again:
        raise KeyError(again)
    return again
"""


def test_the_notebook_is_the_main_module_again_whatever_a_call_does(notebook: Notebook) -> None:
    main = sys.modules["__main__"]
    for cell in (CHECKS, "%%component\ndef other() -> int:\n    return 1\nother(1)"):
        notebook.run(cell)
        assert sys.modules["__main__"] is main
    use = notebook.names["use"]
    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(use, [False] * 8))
    with pytest.raises(KeyError):
        use(True)
    assert sys.modules["__main__"] is main


def test_a_named_tuple_of_a_cell_has_the_types_it_has_anywhere(notebook: Notebook) -> None:
    notebook.run(
        "%%component\nfrom typing import NamedTuple\n"
        "class Out(NamedTuple):\n    mean: float\n    l: list\n    s: 'CSV'\n"
        "def stats(a: list) -> Out:\n    return Out(1.0, a, '')"
    )
    outputs = notebook.names["stats"].component_spec.outputs
    assert [(o.name, o.type) for o in outputs] == [("mean", "Float"), ("l", "JsonArray"), ("s", "CSV")]


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("class A:\n    x: Unknown = 1\ndef f(): pass", 3, ["'Unknown'", "in quotes"]),
        ("def f(): pass\ndef g(x: Unknown): f()", 3, ["'Unknown'", "in quotes"]),
        ("x: Unknown = 1\ndef f(): pass", 2, ["'Unknown'", "in quotes"]),
        ("def f():\n    from . import x", 3, ["not part of a package", "from package import"]),
        ("from .mod import x\ndef f(): pass", 2, ["not part of a package", "from mod import"]),
        ("def f(): pass\nreturn 3", 3, ["'return' outside function"]),
        ("def f(a: int):\n    display(a)", 3, ["'display' isn't defined in this cell", "Import"]),
        ("get_ipython().system('ls')\ndef f(): pass", 2, ["'get_ipython' isn't defined in this cell"]),
        (
            "from kfp.components import *\nimport kfp\ndef f():\n    kfp.Client()",
            5,
            ["'kfp' comes from", "annotations"],
        ),
        (
            "from kfp.components import create_component_from_func as make\n@make\ndef f(): pass",
            3,
            ["'make' comes from kfp, which isn't available in a step", "Remove the decorator", "base_image="],
        ),
        ("from kfp_jupyter import dsl\n@dsl.component(x=1)\ndef f(): pass", 3, ["'dsl' comes from", "decorator"]),
        ("def f(): pass\nf = 3", 2, ["'f' is not a function after the cell has run"]),
        ("def f(): pass\ndel f", 2, ["'f' is not a function after the cell has run"]),
        ("@property\ndef f(): pass", 3, ["'f' is not a function after the cell has run", "decorators"]),
    ],
)
def test_what_python_itself_refuses_is_said_at_its_line(
    notebook: Notebook, cell: str, line: int, words: list[str]
) -> None:
    error = notebook.fails(f"%%component\n{cell}")
    assert f"line {line}: " in error
    for word in words:
        assert word in error


@pytest.mark.parametrize(
    "cell",
    [
        "def f(a: int) -> int:\n    x: Unknown = a\n    return x",
        (
            "from typing import List, cast\ndef f(a: 'int') -> int:\n"
            "    x: List['Unknown'] = [cast('Unknown', int(a))]\n"
            "    return x[0]"
        ),
        "try:\n    from . import x\nexcept ImportError:\n    x = None\ndef f(a: int) -> int:\n    return a",
        "from kfp_jupyter.components import InputPath; import math\ndef f(a: int) -> int:\n    return math.floor(a)",
        (
            'SQL = """\n  a\u2028b\x0c\n"""; from kfp_jupyter import dsl  # ü\ndef f(a: int) -> int:\n'
            "    return a if SQL.count('\\n') == 2 else 0"
        ),
        (
            "def other(x_path: InputPath() = None, *, y: List[int] = ()): return y\ndef f(a: int) -> int:\n"
            "    other()\n    return a"
        ),
    ],
)
def test_what_python_takes_is_taken(notebook: Notebook, tmp_path: Path, cell: str) -> None:
    ran = notebook.run(f"%%component\n{cell}")
    assert ran.error is None, ran.error
    assert notebook.names["f"](3) == 3
    assert run(notebook.names["f"], tmp_path, a="3").outputs["Output"].read_text() == "3"


ONE = "def one(a: int) -> int:\n    print('one', a)\n    return a + 1\n"


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (ONE + "print(one(3))", "one 3\n4\n"),
        (ONE + "r = one(3)\ns = r + 1\nprint(s)", "one 3\n5\n"),
        (ONE + "assert one(3) == 4", "one 3\n"),
        (ONE + "for r in (1, 2):\n    one(r)", "one 1\none 2\n"),
        (ONE + 'if __name__ == "__main__":\n    print(one(3))', "one 3\n4\n"),
        (ONE + 'if "__main__" == __name__:\n    import sys\n    sys.stdout.write("x")', "x"),
        (ONE + "def test_one():\n    assert one(3) == 4", ""),
        (ONE + "def test_one():\n    assert one(3) == 4\ntest_one()", "one 3\n"),
        (
            ONE + "import unittest\nclass TestOne(unittest.TestCase):\n    def test(self): self.assertEqual(one(3), 4)",
            "",
        ),
        ("def helper(x): return x\n" + ONE.replace("a + 1", "helper(a) + 1") + "print(one(helper(3)))", "one 3\n4\n"),
        ("def setup(): print('up')\nsetup()\n" + ONE, "up\n"),
        (ONE + "def main():\n    print(one(3))\nif __name__ == '__main__':\n    main()", "one 3\n4\n"),
        (ONE + "def main():\n    return one(3)\nprint(main())", "one 3\n4\n"),
        (ONE + "def check():\n    assert one(3) == 4\ncheck()", "one 3\n"),
        (ONE + "import asyncio\nasync def check(): return one(3)\nprint(asyncio.run(check()))", "one 3\n4\n"),
        (ONE + "def test_one(tmp_path, capsys):\n    assert one(3) == 4", ""),
        (
            ONE + "import no_such_pytest as pytest\n@pytest.mark.parametrize('a', [3])\n"
            "def test_one(a: int):\n    assert one(a) == 4",
            "",
        ),
        (
            "import doctest\n"
            + ONE.replace("    print", "    'Adds.\\n\\n>>> one(3)\\none 3\\n4\\n'\n    print")
            + "doctest.testmod()",
            "",
        ),
        (ONE + "from functools import partial\nthree = partial(one, 3)\nprint(three())", "one 3\n4\n"),
        (ONE + "KNOWN = {'one': one}\nprint(KNOWN['one'](3))", "one 3\n4\n"),
        (ONE + "class Holder:\n    add = staticmethod(one)\nHolder().add(3)", "one 3\n"),
        (ONE + "r = one(3)\ndel r", "one 3\n"),
        (ONE + "one(3)\nLIMIT = 5\none(LIMIT)", "one 3\none 5\n"),
        (
            "from functools import singledispatch\n@singledispatch\ndef show(x): return x\n"
            "@show.register\ndef of_int(x: int): return x + 1\n" + ONE.replace("a + 1", "show(a)"),
            "",
        ),
    ],
)
def test_a_function_and_a_try_of_it_are_a_component_whose_step_runs_once(
    notebook: Notebook, tmp_path: Path, cell: str, printed: str
) -> None:
    ran = notebook.run(f"%%component\n{cell}")
    assert ran.error is None, ran.error
    assert ran.printed == printed
    assert isinstance(notebook.names["one"], Component)
    done = run(notebook.names["one"], tmp_path, a="7")
    assert done.outputs["Output"].read_text() == "8"
    assert done.text == ("up\n" if "setup" in cell else "") + "one 7\n"


def test_what_the_function_needs_travels_though_a_try_made_it(notebook: Notebook, tmp_path: Path) -> None:
    cell = (
        "def table(n): return list(range(n))\nTABLE = table(3)\n"
        "def pick(i: int) -> int:\n    return TABLE[i]\nprint(pick(1))"
    )
    assert notebook.run(f"%%component\n{cell}").error is None
    assert run(notebook.names["pick"], tmp_path, i="2").outputs["Output"].read_text() == "2"


def test_a_component_may_have_the_name_of_a_test(notebook: Notebook) -> None:
    cell = "def load(): return 1\ndef test_model(n: int) -> int:\n    return load() + n"
    assert notebook.run(f"%%component\n{cell}").error is None
    assert "test_model" in notebook.names
    assert notebook.run("%%component\ndef test_all():\n    assert True").error is None
    assert "test_all" in notebook.names


def test_a_try_between_two_functions_chooses_neither(notebook: Notebook) -> None:
    error = notebook.fails(f"%%component\n{ONE}print(one(3))\ndef two(a: int) -> int: return a")
    assert "several functions: one, two" in error


def test_a_main_that_nothing_calls_and_one_of_several_functions_are_components(notebook: Notebook) -> None:
    assert notebook.run(f"%%component\n{ONE}def main():\n    print(one(3))").error is None
    assert "main" in notebook.names
    two = ONE.replace("one", "two")
    assert notebook.run(f"%%component\n{ONE}{two}def main():\n    two(one(3))\nmain()").error is None
    assert "one" not in notebook.names


@pytest.mark.parametrize("below", ["", "print(two())", "if __name__ == '__main__':\n    one()"])
def test_of_two_functions_one_must_be_chosen_whatever_is_tried(notebook: Notebook, below: str) -> None:
    error = notebook.fails(f"%%component\ndef one(): pass\ndef two(): pass\n{below}")
    assert "several functions: one, two" in error


def test_a_pipeline_and_its_compilation_below_are_a_pipeline(notebook: Notebook) -> None:
    notebook.run(f"%%component\n{ONE}")
    ran = notebook.run(
        "%%pipeline\ndef wiring(n: int = 3):\n    one(n)\n"
        "if __name__ == '__main__':\n    print('compiled', wiring.__name__)"
    )
    assert ran.error is None, ran.error
    assert [p.name for p in notebook.names["wiring"].parameters()] == ["n"]
    assert ran.printed == "compiled wiring\n"


@pytest.mark.parametrize(
    ("line", "module", "told"),
    [
        ("packages='No_Such-module>=1'", "no_such_module", "no_such_module (packages= installs it in the step)"),
        ("packages='scikit-nosuch,other'", "nosuch", "nosuch (the image or one of packages= must provide it)"),
        ("packages=https://example.com/x.whl", "nosuch", "nosuch (the image or one of packages= must provide it)"),
        ("", "no_such_module", "no_such_module (the image or packages= must provide it)"),
    ],
)  # fmt: skip
def test_the_card_says_truly_what_brings_a_module_that_is_not_here(
    notebook: Notebook, line: str, module: str, told: str
) -> None:
    assert f"not here: {told}" in notebook.run(f"%%component {line}\nimport {module}.deep\ndef f(): pass").text
    assert f"not here: {told}" in notebook.run(f"%%component {line} name=s\nimport {module}.deep").text


@pytest.mark.parametrize("first", ["%%component", "%%component name=s outputs='y: int'"])
def test_a_module_beside_the_notebook_has_a_note_at_the_line_that_imports_it(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    for name in ("kfp_mine.py", "kfp_deep/__init__.py", "lib/site-packages/kfp_installed.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path / "lib/site-packages"))
    monkeypatch.syspath_prepend(str(tmp_path))
    cell = "import json, kfp_installed\nimport kfp_mine\ndef f():\n    from kfp_deep import x\n    return None\ny = f()"
    ran = notebook.run(f"{first}\n{cell}")
    assert ran.error is None, ran.error
    for module in ("kfp_mine", "kfp_deep", "kfp_installed"):
        sys.modules.pop(module, None)
    notes = [line for line in ran.text.splitlines() if line.startswith("Note: ")]
    assert [note.partition(" is in the notebook's folder")[0] for note in notes] == [
        "Note: cell [2], line 3: The module 'kfp_mine'",
        "Note: cell [2], line 5: The module 'kfp_deep'",
    ]
    assert "Copy what it needs into the cell, or name an image" in notes[0]
    assert "3 | import kfp_mine" in ran.text
