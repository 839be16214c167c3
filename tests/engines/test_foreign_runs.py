"""Run directories and packages of strangers: nothing outside the folder of runs is made, read, changed or removed."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, KfpJupyterError
from kfp_jupyter.runs import Phase
from tests.engines.conftest import NEVER, Runs
from tests.engines.workflows import command_step, python_step, task, workflow

WRITE = python_step("write", "open('/tmp/outputs/o/data', 'w').write('x')", files={"o": "/tmp/outputs/o/data"})
THEN_FAIL = workflow(WRITE, command_step("step", "false"), tasks=[task("write"), task("step", "write")])


def everything(folder: Path) -> dict[str, tuple[str, float]]:
    """What is in a folder, with contents and times."""
    return {
        str(path.relative_to(folder)): (path.read_text() if path.is_file() else "", path.lstat().st_mtime)
        for path in folder.rglob("*")
    }


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder that is nobody's business."""
    folder = tmp_path / "precious"
    (folder / "inner").mkdir(parents=True)
    (folder / "thesis").write_text("thesis")
    (folder / "inner" / "chapter").write_text("chapter")
    return folder


def rewrite(runs: Runs, run: RunRef, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the state of a run as a stranger would have written it."""
    file = runs.directory(run) / "workflow.json"
    state = json.loads(file.read_text())
    change(state)
    file.write_text(json.dumps(state))


def failed(runs: Runs) -> RunRef:
    """A run whose last step has failed."""
    run = runs.start(THEN_FAIL)
    assert runs.finish(run).phase is Phase.FAILED
    return run


def use(runs: Runs, run: RunRef) -> str:
    """Do everything that can be done with a run, whatever comes of it; return all that was read and said."""
    engine = runs.engine

    def retry() -> None:
        engine.retry(run)
        runs.finish(run)

    reads = [
        read
        for node in answer(lambda: list(engine.workflow(run)["status"]["nodes"])) or ()
        for read in (
            partial(engine.read_artifact, run, node, "o"),
            partial(engine.read_artifact, run, node, "main-logs"),
            lambda node=node: list(engine.logs(run, node, follow=False, stop=NEVER)),
        )
    ]
    acts = [*reads, engine.runs, lambda: runs.finish(run), retry, lambda: engine.terminate(run), *reads]
    return repr([answer(act) for act in (*acts, lambda: engine.delete(run), engine.runs)])


def answer(question: Callable[[], Any]) -> Any:
    """What comes of a call: what it returns, or the sentence why not."""
    try:
        return question()
    except KfpJupyterError as error:
        return error.format_message()


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped/x-", "/tmp/escaped/x-", "UPPER_", ".hidden-", "a/b-", "-a", "a..b-", "a.-", "a b", "ünï-",
        "a\0b", "..", "a\n", 5, ["a"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["generateName", "name"])
def test_a_name_that_kubernetes_refuses_is_refused_before_anything_is_written(
    runs: Runs, tmp_path: Path, key: str, name: object
) -> None:
    flow = workflow(command_step("step", "true")) | {"metadata": {key: name}}
    with pytest.raises(EngineError, match=r"is not a name that Kubernetes accepts\. Use lower-case letters"):
        runs.start(flow)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "a-", "a.b-", "1-", "a" * 300, f"{'a' * 57}-"])
def test_a_name_that_kubernetes_accepts_can_be_found_again(runs: Runs, name: str) -> None:
    run = runs.start(workflow(command_step("step", "true")) | {"metadata": {"generateName": name}})
    assert len(run.id) <= 63
    assert run.id.startswith(name[:58])
    assert runs.engine.get(run.id) == run
    assert runs.finish(run).phase is Phase.SUCCEEDED
    assert [summary.ref for summary in runs.engine.runs()] == [run]
    runs.engine.delete(run)
    assert runs.engine.runs().summaries == ()


@pytest.mark.parametrize("path", ["../../../../precious/made", "a/../../../x", ".."])
@pytest.mark.parametrize("kind", ["files", "outputs", "artifacts"])
def test_a_relative_path_that_leads_up_is_refused_before_the_start(
    runs: Runs, tmp_path: Path, path: str, kind: str
) -> None:
    declared: dict[str, Any] = {kind: {"o": path}}
    given = task("step", "write", artifacts={"o": "{{tasks.write.outputs.artifacts.o}}"})
    with pytest.raises(EngineError, match=r"template 'step'.*leads out of the directory in which the step runs"):
        runs.start(workflow(WRITE, python_step("step", "", **declared), tasks=[task("write"), given]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/../../../../../../../../tmp/precious/made", "/../made", "/tmp/../../made"])
def test_what_lies_above_the_root_of_a_step_is_its_root(runs: Runs, precious: Path, path: str) -> None:
    program = f"import os; os.makedirs(os.path.dirname({path!r}), exist_ok=True); open({path!r}, 'w').write('x')"
    state = runs.run(workflow(python_step("step", program, files={"o": path})))
    assert state.phase is Phase.SUCCEEDED, state
    assert runs.engine.read_artifact(RunRef("local", state.id), state.by_path()["step"].id, "o") == b"x"
    assert {entry.name for entry in precious.parent.iterdir()} == {"precious", "runs"}
    # The runner may be removing what the step needed.
    made = [Path(folder, "made") for folder, _, files in os.walk(runs.directory(state)) if "made" in files]
    assert made == [
        runs.directory(state) / "nodes" / state.by_path()["step"].id / "fs" / os.path.normpath(path).lstrip("/")
    ]


def test_an_input_path_made_of_a_value_does_not_lead_out(runs: Runs, precious: Path) -> None:
    step = python_step("step", "", parameters=["p"], artifacts={"i": "a/{{inputs.parameters.p}}"})
    given = task("step", "write", parameters={"p": "../../../../../precious/thesis"})
    given["arguments"]["artifacts"] = [{"name": "i", "from": "{{tasks.write.outputs.artifacts.o}}"}]
    state = runs.run(workflow(WRITE, step, tasks=[task("write"), given]))
    assert "leads out of the directory in which the step runs" in state.by_path()["step"].message
    assert (precious / "thesis").read_text() == "thesis"


@pytest.mark.parametrize("node", ["../../../precious", "..", ".", "", "/", "a/b", "a\0", "{precious}"])
def test_no_id_of_a_node_leads_out_of_its_run(runs: Runs, precious: Path, node: str) -> None:
    run, before = failed(runs), everything(precious)
    node = node.replace("{precious}", str(precious))

    def change(state: dict[str, Any]) -> None:
        nodes = state["status"]["nodes"]
        nodes[node] = next(iter(nodes.values())) | {"id": node}

    rewrite(runs, run, change)
    seen = use(runs, run)
    assert everything(precious) == before
    assert "thesis" not in seen


@pytest.mark.parametrize(
    "file", ["{precious}/thesis", "../../precious/thesis", "nodes/../../../precious/thesis", "link"]
)
def test_no_path_of_an_artifact_leads_out_of_its_run(runs: Runs, precious: Path, file: str) -> None:
    run = failed(runs)
    (runs.directory(run) / "link").symlink_to(precious / "thesis")

    def change(state: dict[str, Any]) -> None:
        for node in state["status"]["nodes"].values():
            found = file.replace("{precious}", str(precious))
            node["outputs"] = {"artifacts": [{"name": "o", "path": "/o", "file": found}]}

    rewrite(runs, run, change)
    before = everything(precious)
    seen = use(runs, run)
    assert "leads out of" in seen
    assert "thesis" not in seen.replace("precious/thesis", "")
    assert everything(precious) == before


FILES = ["workflow.json", "summary.json", "settings.json", "events.jsonl", "runner.lock", "runner.pid", "runner.log"]
FILES += ["terminate", "reserve", ".workflow.json.new", ".summary.json.new", ".settings.json.new", ".reserve.new"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("target", ["thesis", "not-there"])
def test_links_in_place_of_a_runs_files_are_not_followed(runs: Runs, precious: Path, file: str, target: str) -> None:
    run, before = failed(runs), everything(precious)
    (runs.directory(run) / file).unlink(missing_ok=True)
    (runs.directory(run) / file).symlink_to(precious / target)
    seen = use(runs, run)
    assert everything(precious) == before
    assert "thesis" not in seen.replace("precious/thesis", "")


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_a_run_that_has_another_name_elsewhere_is_not_changed_there(
    runs: Runs, precious: Path, file: str
) -> None:
    run = failed(runs)
    path = runs.directory(run) / file
    if path.exists():
        (precious / "thesis").write_bytes(path.read_bytes())
        path.unlink()
    path.hardlink_to(precious / "thesis")
    (precious / "thesis").chmod(0o640)
    before = everything(precious)
    use(runs, run)
    assert everything(precious) == before
    assert (precious / "thesis").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("entry", ["", "nodes", "nodes/{node}", "nodes/{node}/main.log", "nodes/{node}/work"])
def test_links_in_place_of_a_runs_directories_are_not_followed(runs: Runs, precious: Path, entry: str) -> None:
    run, before = failed(runs), everything(precious)
    node = runs.finish(run).by_path()["step"].id
    path = runs.directory(run) / entry.replace("{node}", node)
    path.rename(precious.parent / "moved")
    path.symlink_to(precious / "thesis" if entry.endswith(".log") else precious)
    seen = use(runs, run)
    assert everything(precious) == before
    assert "thesis" not in seen.replace("precious/thesis", "")


@pytest.mark.parametrize("file", [*FILES[:9], "nodes/{node}/main.log", "nodes/{node}/process.json"])
def test_a_fifo_in_place_of_a_runs_files_is_not_waited_for(runs: Runs, file: str) -> None:
    run, other = failed(runs), failed(runs)
    path = runs.directory(run) / file.replace("{node}", runs.finish(run).by_path()["step"].id)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    use(runs, run)
    assert other in [summary.ref for summary in runs.engine.runs()]


def test_a_record_of_a_process_that_is_something_else_keeps_nobody_from_ending_the_run(runs: Runs) -> None:
    run = runs.start(workflow(command_step("step", "sleep", "600")))
    node = runs.running(run)
    (runs.directory(run) / "nodes" / node.id / "process.json").write_text("[" * 3000)
    psutil.Process(int((runs.directory(run) / "runner.pid").read_text())).kill()
    assert "has died" in runs.finish(run).message


def test_a_run_that_is_a_link_is_named_in_the_list_and_deleting_it_removes_the_link_alone(
    runs: Runs, precious: Path
) -> None:
    run = failed(runs)
    runs.end(run)
    moved = precious / run.id
    runs.directory(run).rename(moved)
    runs.directory(run).symlink_to(moved)
    before = everything(precious)
    found = runs.engine.runs()
    assert (found.summaries, len(found.notices)) == ((), 1)
    assert f"{run.id} is a symbolic link" in found.notices[0]
    runs.engine.delete(runs.engine.get(run.id))
    assert everything(precious) == before
    assert list(runs.engine.root.glob("[!.]*")) == []


def foreign_entry(**changes: Any) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_text(json.dumps(json.loads(file.read_text()) | changes))

    return write


def as_text(text: str) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_text(text)

    return write


def as_fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


ENTRIES: Mapping[str, Callable[[Path], None]] = {
    **{text or "empty": as_text(text) for text in ("{}", "[]", "null", "3", '"x"', "", '{"run": ', "[" * 100_000)},
    "other types": foreign_entry(run=3),
    "parameters of numbers": foreign_entry(parameters={"a": 1}),
    "artifacts as a list": foreign_entry(artifacts=["o"]),
    "a time in words": foreign_entry(time="yesterday"),
    "a newer version's": foreign_entry(version=2),
    "a run outside": foreign_entry(run="../../precious"),
    "a node outside": foreign_entry(node="../../../precious"),
    "an artifact outside": foreign_entry(artifacts={"o": "../../../../precious/thesis"}),
    "a run that is gone": foreign_entry(run="gone-12345"),
    "a run of a name too long": foreign_entry(run="x" * 300),
    "a node of a name too long": foreign_entry(node="x" * 5000),
    "an artifact of a path too long": foreign_entry(artifacts={"o": "x/" * 3000}),
    "an artifact of another name": foreign_entry(artifacts={"another": "main.log"}),
    "no artifact": foreign_entry(artifacts={}),
    "a parameter of another name": foreign_entry(parameters={"another": "x"}),
    "a time too large": foreign_entry(time=10**400),
    "a FIFO": as_fifo,
}


@pytest.mark.parametrize("change", ENTRIES.values(), ids=ENTRIES)
def test_an_odd_entry_of_the_cache_is_passed_over_and_replaced(
    runs: Runs, precious: Path, change: Callable[[Path], None]
) -> None:
    step = python_step(
        "step", "open('/tmp/outputs/o/data', 'w').write('x')", files={"o": "/tmp/outputs/o/data"}, cached=True
    )

    def cached() -> bool:
        state = runs.run(workflow(step))
        assert state.phase is Phase.SUCCEEDED, state
        done = state.by_path()["step"]
        assert runs.engine.read_artifact(RunRef("local", state.id), done.id, "o") == b"x"
        return done.cached

    assert not cached()
    (entry,) = (runs.engine.root / ".cache").rglob("*.json")
    change(entry)
    assert (cached(), cached()) == (False, True)
    assert (precious / "thesis").read_text() == "thesis"


@pytest.mark.parametrize("kind", ["files", "outputs"])
def test_an_output_behind_a_link_out_is_told_at_its_step(runs: Runs, precious: Path, kind: str) -> None:
    where = "/tmp/outputs/o/thesis"
    program = (
        f"import os; os.rmdir(os.path.dirname({where!r})); os.symlink({str(precious)!r}, os.path.dirname({where!r}))"
    )
    declared: dict[str, Any] = {kind: {"o": where}}
    step = runs.run(workflow(python_step("step", program, **declared))).by_path()["step"]
    assert step.phase is Phase.ERROR
    assert step.message.startswith("The output 'o' lies behind a symbolic link that leads out of the step")
    assert (precious / "thesis").read_text() == "thesis"


@pytest.mark.parametrize("entry", [".cache", ".cache/{key}"])
def test_an_index_of_the_cache_that_is_a_link_is_neither_read_nor_written(
    runs: Runs, precious: Path, entry: str
) -> None:
    step = python_step("step", "", cached=True)
    assert runs.run(workflow(step)).phase is Phase.SUCCEEDED
    (key,) = (runs.engine.root / ".cache").iterdir()
    path = runs.engine.root / entry.replace("{key}", key.name)
    path.rename(precious.parent / "moved")
    path.symlink_to(precious)
    before = everything(precious)
    state = runs.run(workflow(step))
    assert (state.phase, state.by_path()["step"].cached) == (Phase.SUCCEEDED, False)
    assert everything(precious) == before


def test_a_socket_beside_the_runs_is_no_run(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    run = failed(runs)
    monkeypatch.chdir(runs.engine.root)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket-12345")
    os.mkfifo("fifo-12345")
    assert [summary.ref for summary in runs.engine.runs()] == [run]
