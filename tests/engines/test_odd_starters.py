"""Whoever asks for a run may have closed its streams, blocked signals or a locale without letters: the run succeeds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.workflows import python_step, workflow

ASK = """
import os, signal, sys
sys.path.insert(0, {repository!r})
{before}
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase
from kfp_jupyter.cancel_token import CancelToken
engine = LocalEngine({root!r})
*_, state = engine.watch(engine.submit({flow!r}), CancelToken())
os.write(int(sys.argv[1]), f"{{state.phase.value}} {{state.message}}".encode())
os._exit(0)
"""

ODD = {
    "no standard input": "os.close(0)",
    "no standard streams": "os.close(0); os.close(1); os.close(2)",
    "blocked signals": "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGTERM, signal.SIGINT])",
    "ignored signals": "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "nothing odd": "",
}


def asked(tmp_path: Path, before: str, program: str, *words: str, **environment: str) -> str:
    """How a run ended that a process has asked for after something odd."""
    repository, end = str(Path(__file__).parents[2]), os.pipe()
    code = ASK.format(
        repository=repository,
        before=before,
        root=str(tmp_path / "runs"),
        flow=workflow(python_step("step", program, *words)),
    )
    (tmp_path / "ask.py").write_text(code, encoding="utf-8")
    try:
        subprocess.run(
            [sys.executable, tmp_path / "ask.py", str(end[1])],
            env=os.environ | environment, pass_fds=[end[1]], timeout=120, check=False,
        )  # fmt: skip
        os.close(end[1])
        return os.read(end[0], 4096).decode()
    finally:
        os.close(end[0])


@pytest.mark.parametrize("before", ODD.values(), ids=ODD)
def test_a_run_succeeds_whatever_has_asked_for_it(tmp_path: Path, before: str) -> None:
    assert asked(tmp_path, before, "import subprocess; subprocess.run(['true'], check=True)") == "Succeeded "


def test_a_step_starts_whose_words_the_locale_has_no_letters_for(tmp_path: Path) -> None:
    program = "import os, sys; sys.exit(os.fsencode(sys.argv[1]) != b'\\xc3\\xa9')"
    no_letters = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert asked(tmp_path, "", program, "\u00e9", **no_letters) == "Succeeded "
