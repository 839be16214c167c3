"""The line of a log that says why a Python program ended."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kfp_jupyter.widget.exception_line import exception_line

DIVIDE = """epoch 1
Traceback (most recent call last):
  File "/tmp/program.py", line 7, in <module>
    print(1.0 / 0)
          ~~~~^~~
ZeroDivisionError: float division by zero
"""


def words_of(program: str) -> str:
    """Return all that a Python program writes."""
    return subprocess.run(
        [sys.executable, "-u", "-c", program], capture_output=True, text=True, check=False, timeout=60
    ).stderr


def test_an_exception_that_ends_a_program_is_found() -> None:
    assert exception_line(DIVIDE, 12) == "ZeroDivisionError: float division by zero"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("raise KeyError('model')", "KeyError: 'model'"),
        ("assert False", "AssertionError"),
        ("raise ValueError('first line\\nsecond line\\n  third')", "ValueError: first line"),
        ("raise ValueError('\\nan empty line comes first')", "ValueError"),
        ("import json; json.loads('{')", "json.decoder.JSONDecodeError: Expecting property name enclosed in"),
        ("def f(n): f(n)\nf(1)", "RecursionError: maximum recursion depth exceeded"),
        ("def f():\n class E(Exception): pass\n return E\nraise f()('x')", "f.<locals>.E: x"),
        ("try:\n 1/0\nexcept ZeroDivisionError as e:\n raise RuntimeError('no rows') from e", "RuntimeError: no rows"),
        ("if True print(1)", "SyntaxError: "),
        pytest.param(
            "raise ExceptionGroup('two', [ValueError(1), ValueError(2)])",
            "ExceptionGroup: two (2 sub-exceptions)",
            marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="groups came with Python 3.11"),
        ),
    ],
)
def test_what_python_writes_is_understood(program: str, line: str) -> None:
    assert exception_line(words_of(program), 12).startswith(line)


def test_an_exception_that_a_program_told_of_and_lived_on_after_is_not_why_it_ended() -> None:
    log = DIVIDE + "".join(f"epoch {i}\n" for i in range(12))

    assert exception_line(log, 12) == ""


@pytest.mark.parametrize(
    "log",
    [
        "",
        "epoch 1\nepoch 2\n",
        "ValueError: not from Python\n",
        'Traceback (most recent call last):\n  File "x.py", line 1\n    1/0\n',
        'Fatal Python error: Aborted\n\n  File "x.py", line 3 in f\nExtension modules: numpy (total: 1)\n',
    ],
)
def test_a_log_that_ends_otherwise_has_none(log: str) -> None:
    assert exception_line(log, 12) == ""


def test_what_a_function_components_program_says_is_the_reason() -> None:
    log = "working\nComponent 'Train': the function wrote nothing to its output 'model' (/tmp/outputs/model/data).\n"
    assert exception_line(log, 12) == "the function wrote nothing to its output 'model' (/tmp/outputs/model/data)"
