"""Every code block and every command of the README does what the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kfp_jupyter.errors import EngineError
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from tests.magics.conftest import Notebook

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELLS = [body.rstrip("\n") for language, body in BLOCK.findall(README) if language == "python"]
OTHERS = [body.rstrip("\n") for language, body in BLOCK.findall(README) if language != "python"]
COMMAND = re.compile(r"%|kfp-jupyter |dsl-compile |python |pip |make |import |kfp_jupyter\.compat")
SPANS = [span for span in re.findall(r"`([^`\n]+)`", BLOCK.sub("", README)) if COMMAND.match(span)]

TAKEN_FOR_GRANTED = (
    "%%component\ndef train(rate: float) -> float:\n    return rate",
    "%%component\ndef publish(loss: float): pass",
)
"""Components that the README's pipeline of groups calls."""

ON_A_CLUSTER = ("%kfp schedule", "%kfp logs RUN STEP container=wait")
"""What only a cluster can do; the local engine must know the words and say so."""

CLASSIC = """\
import kfp
from kfp import dsl
from kfp.components import func_to_container_op

@func_to_container_op
def add(a: float, b: float) -> float:
    return a + b

@dsl.pipeline(name="Calculation")
def calculation(a: float = 7):
    add(add(a, 4).output, 1)
"""


@pytest.fixture
def followed(notebook: Notebook) -> Notebook:
    """A notebook in which someone has typed all cells of the README, in order."""
    for cell in (*TAKEN_FOR_GRANTED, *CELLS):
        ran = notebook.run(cell)
        assert ran.error is None, f"{cell}\n{ran.printed}"
    return notebook


def test_the_cells_make_components_and_pipelines_that_run(followed: Notebook) -> None:
    view = Session.of(followed.shell).pipelines["twice"].view
    run = followed.run("%kfp submit twice")
    assert run.error is None, run.printed
    state = view.wait(240)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED, state.message
    assert followed.names["double"](followed.names["mean"]([1, 2, 6])) == 6
    assert "until_it_is_good" in followed.run("%kfp").text


def test_blocks_for_a_cluster_are_understood(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cluster = {"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}
    context = {"name": "my-cluster", "context": {"cluster": "c", "user": "u"}}
    config = {"clusters": [cluster], "contexts": [context], "users": [{"name": "u", "user": {}}]}
    (tmp_path / "config").write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", **config}))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    makefile = (ROOT / "Makefile").read_text()
    for block in OTHERS:
        if block.startswith("make "):
            assert f"\n{block.removeprefix('make ')}:" in makefile
        else:
            ran = notebook.run(block)
            assert ran.error is None, ran.printed
            assert "my-team" in ran.text


def test_commands_in_the_text_work_in_a_notebook(
    followed: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("component.yaml")
    file.write_text("name: Loaded\nimplementation: {container: {image: busybox, command: [echo]}}\n")
    for span in SPANS:
        if span.startswith("%%pipeline"):
            _runs(followed, f"{span.replace('…', 'Shown')}\ndef shown():\n    double(1)", span)
            assert span == "%%pipeline" or Path("file.yaml").exists()
        elif span.startswith("%%component"):
            _runs(followed, f"{span}\n{'' if 'image=' in span else 'loss = rate; open(model, chr(119)).close()'}", span)
        elif span.startswith("%component load"):
            _runs(followed, span.replace("FILE|URL", str(file)), span)
            assert "name" in followed.names
        elif span.startswith("%component save"):
            _runs(followed, span.replace("NAME", "double"), span)
            assert "name: Double" in file.read_text()
        elif span.startswith("%kfp"):
            _check_command(followed, span)
    assert yaml.safe_load(Path("file.yaml").read_text())["kind"] == "Workflow"


def _check_command(notebook: Notebook, span: str) -> None:
    """Run one line with %kfp; each has a run of its own, over where that is needed."""
    session = Session.of(notebook.shell)
    view = session.pipelines["twice"].view
    view.wait(240)
    line = span.replace("NAME", "twice").replace("my_pipeline", "twice").replace("STEP", "mean")
    if "RUN" in span:
        assert notebook.run("%kfp submit twice").error is None
        assert view.run is not None
        assert view.wait(240) is not None
        line = line.replace("RUN", view.run.id)
    ran = notebook.run(line)
    if span.startswith(ON_A_CLUSTER):
        assert isinstance(ran.error, EngineError), span
    elif span == "%kfp retry RUN":
        assert ran.error is None or "nothing" in str(ran.error), ran.printed
    else:
        assert ran.error is None, f"{span}\n{ran.printed}"


def _runs(notebook: Notebook, cell: str, span: str) -> None:
    ran = notebook.run(cell)
    assert ran.error is None, f"{span}\n{ran.printed}"


def test_commands_for_a_terminal_work(tmp_path: Path) -> None:
    for name in ("pipeline.py", "script.py"):
        (tmp_path / name).write_text(CLASSIC)
    bin_folder = Path(sys.executable).parent
    for span in SPANS:
        program, *words = span.split()
        if program in ("kfp-jupyter", "dsl-compile", "python"):
            done = subprocess.run(
                [str(bin_folder / program), *words],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=240,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            assert done.returncode == 0, f"{span}\n{done.stderr}"
        elif program == "make":
            assert f"\n{words[0]}:" in (ROOT / "Makefile").read_text()
        elif program == "pip":
            extra = re.fullmatch(r"install kfp-jupyter\[(\w+)\]", " ".join(words))
            assert extra is not None
            assert f"\n{extra[1]} = [" in (ROOT / "pyproject.toml").read_text()
    assert yaml.safe_load((tmp_path / "pipeline.yaml").read_text())["kind"] == "Workflow"


def test_code_of_kfp_v1_runs_as_the_text_says(tmp_path: Path) -> None:
    lines = [span for span in SPANS if span.startswith(("import ", "kfp_jupyter.compat"))]
    assert lines == ["import kfp_jupyter as kfp", "import kfp", "kfp_jupyter.compat.enable()"]
    program = f"""
{lines[0]}
kfp.dsl, kfp.components, kfp.compiler, kfp.gcp, kfp.aws, kfp.azure, kfp.onprem, kfp.containers
import kfp_jupyter
{lines[2]}
{CLASSIC}
kfp.compiler.Compiler().compile(calculation, "out.yaml")
"""
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load((tmp_path / "out.yaml").read_text())["kind"] == "Workflow"
