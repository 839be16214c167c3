"""One run directory that is odd, of another version or unreadable is named, and all others are listed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.results import read_results
from tests.engines.conftest import NEVER, Runs
from tests.engines.workflows import command_step, python_step, workflow

FLOW = workflow(command_step("step", "true"))
FAILING = workflow(command_step("step", "false"))


@pytest.fixture
def two(runs: Runs) -> tuple[RunRef, RunRef]:
    """Two finished runs."""
    first, second = runs.start(FLOW), runs.start(FLOW)
    for run in (first, second):
        assert runs.finish(run).phase is Phase.SUCCEEDED
    return first, second


def with_fields(**fields: Any) -> Callable[[str], str]:
    """A summary with other fields."""
    return lambda text: json.dumps(json.loads(text) | fields)


def with_status(**fields: Any) -> Callable[[str], str]:
    """A state with another status."""

    def change(text: str) -> str:
        state = json.loads(text)
        return json.dumps(state | {"status": state["status"] | fields})

    return change


def with_node(**fields: Any) -> Callable[[str], str]:
    """A state with other fields of a node."""

    def change(text: str) -> str:
        state = json.loads(text)
        nodes = state["status"]["nodes"]
        return json.dumps(state | {"status": state["status"] | {"nodes": {k: nodes[k] | fields for k in nodes}}})

    return change


ODD: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "cut": lambda text: text[:20],
    "a list": lambda text: "[]",
    "null": lambda text: "null",
    "a number": lambda text: "3",
    "an empty object": lambda text: "{}",
    "not UTF-8": lambda text: "\udcff",
    "nested without end": lambda text: "[" * 100_000,
}
SUMMARIES = ODD | {
    "a newer phase": with_fields(phase="Paused"),
    "a phase of another type": with_fields(phase=["Running"]),
    "a date in words": with_fields(startedAt="yesterday"),
    "a date as a number": with_fields(finishedAt=5),
    "a pipeline of another type": with_fields(pipeline={}),
}
STATES = ODD | {
    "without status": lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "status"}),
    "a newer phase": with_status(phase="Paused"),
    "a date in words": with_status(startedAt="yesterday"),
    "nodes as a list": with_status(nodes=[]),
    "a node as text": with_status(nodes={"a": "b"}),
    "annotations as a list": lambda text: json.dumps(
        (state := json.loads(text)) | {"metadata": state["metadata"] | {"annotations": []}}
    ),
}
NODES = {
    "a newer phase of a node": with_node(phase="Paused"),
    "outputs as a list": with_node(outputs=[]),
    "an exit code in words": with_node(outputs={"exitCode": "none"}),
    "a node without name": with_node(name=None),
}


@pytest.mark.parametrize("change", SUMMARIES.values(), ids=SUMMARIES)
def test_an_odd_summary_is_made_anew_of_the_runs_state(
    runs: Runs, two: tuple[RunRef, RunRef], change: Callable[[str], str]
) -> None:
    first, second = two
    file = runs.directory(second) / "summary.json"
    file.write_text(change(file.read_text()), errors="surrogateescape")
    assert {summary.ref for summary in runs.engine.runs()} == {first, second}
    file.unlink()
    assert {summary.phase for summary in runs.engine.runs()} == {Phase.SUCCEEDED}


@pytest.mark.parametrize("summary", ["", '{"phase": "Running"}'])
@pytest.mark.parametrize("change", STATES.values(), ids=STATES)
def test_a_run_whose_state_is_odd_is_named_and_can_be_deleted(
    runs: Runs, two: tuple[RunRef, RunRef], change: Callable[[str], str], summary: str
) -> None:
    first, second = two
    directory = runs.directory(second)
    state = directory / "workflow.json"
    state.write_text(change(state.read_text()), errors="surrogateescape")
    (directory / "summary.json").write_text(summary)
    found = runs.engine.runs()
    assert first in [run.ref for run in found]
    assert second in [run.ref for run in found] or second.id in " ".join(found.notices)
    runs.engine.delete(second)
    assert [run.ref for run in runs.engine.runs()] == [first]


@pytest.mark.parametrize("change", (STATES | NODES).values(), ids=STATES | NODES)
def test_whatever_is_asked_of_an_odd_run_is_answered_in_a_sentence(
    runs: Runs, two: tuple[RunRef, RunRef], change: Callable[[str], str]
) -> None:
    _, run = two
    state = runs.directory(run) / "workflow.json"
    text = state.read_text()
    node = next(iter(json.loads(text)["status"]["nodes"]))
    state.write_text(change(text), errors="surrogateescape")
    engine = runs.engine
    asks = (
        lambda: engine.workflow(run),
        lambda: list(engine.watch(run, NEVER)),
        lambda: list(engine.logs(run, node, follow=True, stop=NEVER)),
        lambda: engine.read_artifact(run, node, "main-logs"),
        lambda: engine.terminate(run),
        lambda: engine.retry(run),
    )
    assert all(sentence == "" or sentence.endswith(".") for sentence in map(refusal, asks))


ODD_FILES: dict[str, Callable[[Path], None]] = {
    "a directory": Path.mkdir,
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(os.path.relpath(path)),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("make", ODD_FILES.values(), ids=ODD_FILES)
@pytest.mark.parametrize("file", ["workflow.json", "runner.lock", "runner.pid", "nodes"])
def test_a_run_with_something_else_in_place_of_a_file_is_answered_for_and_deleted(
    runs: Runs, file: str, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, run = runs.engine, runs.start(FAILING)
    node = runs.end(run).by_path()["step"].id
    path = runs.directory(run) / file
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    monkeypatch.chdir(path.parent)
    make(path)
    found = engine.runs()
    assert run.id in " ".join([*(summary.ref.id for summary in found), *found.notices])
    asks = (
        lambda: list(engine.logs(run, node, follow=False, stop=NEVER)),
        lambda: engine.read_artifact(run, node, "main-logs"),
        lambda: engine.terminate(run),
        lambda: engine.retry(run),
    )
    assert all(sentence == "" or sentence.endswith(".") for sentence in map(refusal, asks))
    engine.terminate(run) if not refusal(lambda: engine.workflow(run)) else None
    engine.delete(run)
    assert list(engine.root.glob("[!.]*")) == []


def refusal(ask: Callable[[], object]) -> str:
    """Why something was refused; empty if it wasn't."""
    try:
        ask()
    except EngineError as error:
        return error.format_message()
    return ""


def test_what_lies_beside_the_runs_is_passed_over(runs: Runs, two: tuple[RunRef, RunRef]) -> None:
    (runs.engine.root / "notes").mkdir()
    (runs.engine.root / "notes.txt").write_text("")
    (runs.engine.root / ".hidden").mkdir()
    found = runs.engine.runs()
    assert ({run.ref for run in found}, found.notices) == (set(two), ())


def test_a_directory_with_a_runs_files_and_no_runs_name_is_named(runs: Runs, two: tuple[RunRef, RunRef]) -> None:
    first, second = two
    runs.directory(second).rename(runs.engine.root / "UPPER_abcde")
    found = runs.engine.runs()
    assert [run.ref for run in found] == [first]
    assert len(found.notices) == 1
    assert "UPPER_abcde" in found.notices[0]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an ordinary user may write to."""
    folder = Path(tempfile.mkdtemp(prefix="kfpj-"))
    folder.chmod(0o777)
    yield folder
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
    shutil.rmtree(folder)


# Root who has given up what root may do beyond others: its Python needn't be one that another user may reach.
ORDINARY = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
ANOTHER_USER = 65534


def as_ordinary_user(code: str, folder: Path) -> str:
    """What a program prints that may do no more than anybody, in a folder."""
    repository = str(Path(__file__).parents[2])
    program = f"import sys; sys.path.insert(0, {repository!r})\n{PREAMBLE}\n{textwrap.dedent(code)}"
    ran = subprocess.run(
        [*ORDINARY, sys.executable, "-c", program], cwd=folder, env=os.environ | {"HOME": str(folder)}, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return str(ran.stdout)


PREAMBLE = """
import json, os
from pathlib import Path
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.cancel_token import CancelToken
engine = LocalEngine('runs', cache=False)
def run(*words):
    template = {'name': 'a', 'container': {'image': 'x', 'command': list(words)}}
    made = engine.submit({'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Workflow', 'metadata': {'generateName': 't-'},
                          'spec': {'entrypoint': 'a', 'templates': [template]}})
    assert [state.phase.value for state in engine.watch(made, CancelToken())][-1] == 'Succeeded'
    return made
"""


def test_a_directory_that_nobody_may_look_into_is_named(open_folder: Path) -> None:
    said = as_ordinary_user(
        """
        good, bad = run('true'), run('true')
        os.chmod(engine.root / bad.id, 0)
        found = engine.runs()
        print([r.ref.id for r in found] == [good.id], len(found.notices), bad.id in found.notices[0], found.notices)
        """,
        open_folder,
    )
    assert said.startswith("True 1 True")
    assert "Permission denied" in said


READ_ONLY = {
    "all of it": "mkdir -p m/d; echo x > m/d/f; chmod -R a-w m",
    "directories nobody may enter": "mkdir -p m/d/e; echo x > m/d/e/f; chmod 0 m/d/e m/d m",
    "its own directory": "mkdir m; chmod -R a-w ../work",
}


@pytest.mark.parametrize("script", READ_ONLY.values(), ids=READ_ONLY)
def test_a_run_with_write_protected_directories_is_deleted_whole(open_folder: Path, script: str) -> None:
    said = as_ordinary_user(
        f"""
        made = run('sh', '-c', {script!r})
        engine.delete(made)
        print(os.listdir(engine.root), len(engine.runs()))
        """,
        open_folder,
    )
    assert said == "[] 0\n"


def give_away(folder: Path) -> None:
    """Make a directory in a run somebody else's."""
    (inner,) = folder.glob("runs/*/nodes/*/work/m")
    os.chown(inner, ANOTHER_USER, ANOTHER_USER)
    inner.chmod(0o755)


UNDELETABLE: dict[str, Callable[[Path], None]] = {"a protected folder": lambda folder: (folder / "runs").chmod(0o500)}
if os.geteuid() == 0:
    # Nobody else makes files that are somebody else's.
    UNDELETABLE["a directory of another user"] = give_away


@pytest.mark.parametrize("protect", UNDELETABLE.values(), ids=UNDELETABLE)
def test_a_run_that_can_not_be_deleted_stays_where_it_was(open_folder: Path, protect: Callable[[Path], None]) -> None:
    made = as_ordinary_user("print(run('sh', '-c', 'mkdir m; echo x > m/f').id)", open_folder).strip()
    protect(open_folder)
    said = as_ordinary_user(
        f"""
        made = RunRef('local', {made!r})
        try:
            engine.delete(made)
        except EngineError as error:
            print(error.format_message())
        print([r.ref == made for r in engine.runs()], os.listdir(engine.root) == [made.id])
        print(engine.workflow(made)['status']['phase'])
        """,
        open_folder,
    )
    refused, listed, phase = said.splitlines()
    assert refused.endswith("refused to delete a run: Permission denied.")
    assert (listed, phase) == ("[True] True", "Succeeded")
    assert [file.read_text() for file in open_folder.glob("runs/*/nodes/*/work/m/f")] == ["x\n"]


def modes(path: Path) -> dict[str, int]:
    """The rights to a folder of runs and to what the engine keeps in it."""
    paths = [path, *path.glob("*"), *path.glob("*/*"), *path.glob("*/nodes/*"), *path.glob("*/nodes/*/main.log")]
    return {str(found.relative_to(path)): found.stat().st_mode & 0o777 for found in paths if ".cache" not in str(found)}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277, 0o777])
def test_nobody_else_may_read_a_run_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        runs = Runs(LocalEngine(tmp_path / "runs", cache=False))
        run = runs.start(workflow(command_step("step", "false")))
    finally:
        os.umask(before)
    runs.finish(run)
    runs.engine._await_runner(runs.engine._directory(run))
    for path, mode in modes(tmp_path / "runs").items():
        assert mode == (0o700 if (tmp_path / "runs" / path).is_dir() else 0o600), path


def test_runs_of_an_earlier_version_are_closed_to_others_when_they_are_used(runs: Runs) -> None:
    listed, used = runs.start(FLOW), runs.start(FLOW)
    for run in (listed, used):
        runs.finish(run)
        for path in (runs.engine.root, runs.directory(run), *runs.directory(run).glob("*.*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    runs.engine.workflow(used)
    assert runs.directory(used).stat().st_mode & 0o777 == 0o700
    assert (runs.directory(used) / "runner.lock").stat().st_mode & 0o777 == 0o600
    assert runs.directory(listed).stat().st_mode & 0o777 == 0o755
    runs.engine.runs()
    for path in (runs.engine.root, runs.directory(listed)):
        assert path.stat().st_mode & 0o777 == 0o700
    assert (runs.directory(listed) / "runner.lock").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o1777, 0o2770, 0o755])
def test_a_shared_folder_stays_open_and_the_runs_in_it_are_closed(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    (folder / "others.txt").write_text("")
    runs = Runs(LocalEngine(folder, cache=False))
    run = runs.start(FLOW)
    runs.finish(run)
    runs.engine.runs()
    assert folder.stat().st_mode & 0o7777 == mode
    assert (folder / run.id).stat().st_mode & 0o777 == 0o700


def test_a_cache_that_is_somebody_elses_takes_nothing_from_a_run(open_folder: Path) -> None:
    (open_folder / "runs").mkdir(mode=0o777)
    (open_folder / "runs").chmod(0o1777)
    (open_folder / "runs" / ".cache").mkdir()
    (open_folder / "runs" / ".cache").chmod(0o500)
    if os.geteuid() == 0:
        os.chown(open_folder / "runs" / ".cache", ANOTHER_USER, ANOTHER_USER)
    said = as_ordinary_user(
        """
        engine = LocalEngine('runs')
        labels = {'metadata': {'labels': {'pipelines.kubeflow.org/enable_caching': 'true'}}}
        template = {'name': 'a', 'container': {'image': 'x', 'command': ['true']}} | labels
        made = engine.submit({'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Workflow', 'metadata': {'name': 't'},
                              'spec': {'entrypoint': 'a', 'templates': [template]}})
        print(*{state.phase.value: state for state in engine.watch(made, CancelToken())}.popitem()[1].phase.value)
        """,
        open_folder,
    )
    assert said.replace(" ", "") == "Succeeded\n"


def test_what_a_step_reports_is_not_read_beyond_a_limit(runs: Runs) -> None:
    where = "/tmp/outputs/mlpipeline_metrics/data"
    step = python_step(
        "step", f"import os; open({where!r}, 'w').close(); os.truncate({where!r}, 1 << 40)",
        files={"mlpipeline-metrics": where},
    )  # fmt: skip
    state = runs.run(workflow(step))
    results = read_results(runs.engine, RunRef("local", state.id), state.by_path()["step"])
    assert results.problems == (
        "The artifact 'mlpipeline-metrics' has 1,099,511,627,776 bytes; 4,194,304 at most can be read.",
    )
