"""What packages a step sees, and that nothing is ever put into the notebook's own environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs, phase
from tests.engines.wheels import make_wheel
from tests.engines.workflows import command_step, python_step, task, workflow

ISOLATED = {"kfp-jupyter/isolated": "true"}
IMPORT = "import kfpj_toy; print(kfpj_toy.VERSION, kfpj_toy.__file__)"
PIP_INSTALL = (
    "import subprocess, sys; subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'kfpj_toy'])\n"
)


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, which is all that pip finds."""
    folder = tmp_path / "wheels"
    make_wheel(folder, "kfpj_toy", requires="kfpj_base>=1")
    make_wheel(folder, "kfpj_base")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return folder


def snapshot() -> dict[str, int]:
    """What lies in the notebook's site and script directories, with the time each was last changed."""
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib", "scripts")}
    entries = [entry for folder in folders for entry in Path(folder).iterdir()]
    # Importing a package writes its __pycache__, which changes its directory; its metadata changes with an install.
    fixed = {entry for entry in entries if entry.suffix == ".dist-info" or not entry.is_dir()}
    return {str(entry): entry.lstat().st_mtime_ns if entry in fixed else 0 for entry in entries}


def layers(home: Path) -> list[Path]:
    return [path for path in (home / "cache" / "layers").iterdir() if path.is_dir()]


def test_a_step_sees_the_packages_of_the_notebook(runs: Runs) -> None:
    state = runs.run(workflow(python_step("step", "import psutil; print(psutil.__file__)")))
    assert runs.log(state).startswith(sysconfig.get_path("platlib"))


def serve(folder: Path) -> Iterator[str]:
    """Serve a folder's files over HTTP; yield the address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def make_project(folder: Path, says: str) -> Path:
    """Write a directory that pip can install without fetching anything: it brings what builds it."""
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
        "[project]\nname = 'kfpj_toy'\nversion = '1.0'\n"
    )
    repository = str(Path(__file__).parents[2])
    (folder / "backend.py").write_text(
        f"import sys\nsys.path.insert(0, {repository!r})\nfrom pathlib import Path\n"
        "from tests.engines.wheels import make_wheel\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        "    return make_wheel(Path(folder), 'kfpj_toy', says=Path('says.txt').read_text()).name\n"
    )
    (folder / "says.txt").write_text(says)
    return folder


PLACES = [
    "{path}",
    "file://{path}",
    "kfpj_toy @ file://{path}",
    "{url}",
    "kfpj_toy @ {url}",
    "{path} ; python_version > '3'",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_package_given_by_file_or_address_is_installed_anew_when_its_content_changes(
    tmp_path: Path, place: str
) -> None:
    runs = Runs(LocalEngine(tmp_path / "runs"))
    mine = tmp_path / "mine"
    step = partial(python_step, "step", "import kfpj_toy; print(kfpj_toy.VERSION)", cached=True)
    for url in serve(tmp_path):
        for says in ("first", "second", "second"):
            wheel = make_wheel(mine, "kfpj_toy", says=says)
            package = place.format(path=wheel, url=f"{url}/mine/{wheel.name}")
            assert runs.log(runs.run(workflow(step(packages=[package])))).split()[-1] == says


def test_a_project_given_by_its_directory_is_installed_anew_when_a_file_in_it_changes(
    tmp_path: Path, own_directories: Path
) -> None:
    runs = Runs(LocalEngine(tmp_path / "runs"))
    step = partial(python_step, "step", "import kfpj_toy; print(kfpj_toy.VERSION)")
    for says in ("first", "second", "second"):
        project = make_project(tmp_path / "project", says)
        assert runs.log(runs.run(workflow(step(packages=[str(project)])))).split()[-1] == says
    assert len(layers(own_directories)) == 2
    locks = [path for path in (own_directories / "cache" / "layers").iterdir() if path.suffix == ".lock"]
    assert {lock.stat().st_mode & 0o777 for lock in locks} == {0o600}


def test_a_file_that_is_the_same_is_installed_once_and_what_an_address_gave_goes_with_its_run(
    tmp_path: Path, own_directories: Path
) -> None:
    runs = Runs(LocalEngine(tmp_path / "runs"))
    wheel = make_wheel(tmp_path / "mine", "kfpj_toy")
    step = partial(python_step, "step", IMPORT)
    for _ in range(2):
        runs.run(workflow(step(packages=[str(wheel)])))
    assert len(layers(own_directories)) == 1
    for url in serve(tmp_path):
        run = runs.start(workflow(step(packages=[f"{url}/mine/{wheel.name}"])))
        assert str(runs.directory(run)) in runs.log(runs.finish(run))
        pinned = f"{url}/mine/{wheel.name}#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}"
        assert str(own_directories) in runs.log(runs.run(workflow(step(packages=[pinned]))))
    assert len(layers(own_directories)) == 2


def test_packages_the_notebook_has_are_not_installed_again(runs: Runs, own_directories: Path) -> None:
    packages = ["psutil>=1", "requests", "nosuch; python_version < '3'"]
    state = runs.run(workflow(python_step("step", "import psutil", packages=packages)))
    assert (state.phase, runs.log(state)) == (Phase.SUCCEEDED, "")
    assert not (own_directories / "cache" / "layers").exists()


def test_missing_packages_come_from_a_layer_that_steps_and_runs_share(runs: Runs, own_directories: Path) -> None:
    one, two = (python_step(name, IMPORT, packages=["kfpj_toy"]) for name in ("one", "two"))
    for _ in range(2):
        state = runs.run(workflow(one, two))
        assert state.phase is Phase.SUCCEEDED
        (layer,) = layers(own_directories)
        for name in ("one", "two"):
            assert runs.log(state, name).endswith(
                f"1.0 {layer}/lib/python{sys.version[:4]}/site-packages/kfpj_toy.py\n"
            )


def test_programs_of_a_layer_run_with_the_steps_own_python(runs: Runs) -> None:
    program = "import subprocess; subprocess.check_call(['kfpj_toy-says'])"
    state = runs.run(workflow(python_step("step", program, packages=["kfpj_toy"])))
    assert f"/nodes/{state.steps[0].id}/env/bin/python" in runs.log(state)


def test_a_package_that_does_not_exist_says_so_with_pips_own_last_words(runs: Runs, own_directories: Path) -> None:
    state = runs.run(workflow(python_step("step", "", packages=["kfpj-nosuch==7"])))
    step = state.steps[0]
    assert step.phase is Phase.ERROR
    assert step.message == (
        "the package 'kfpj-nosuch==7' can't be installed: No matching distribution found for kfpj-nosuch==7"
    )
    assert "No matching distribution found" in runs.log(state)
    assert layers(own_directories) == []


def test_installing_shows_as_the_reason_for_waiting(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", IMPORT, packages=["kfpj_toy"])))
    state = runs.until(run, lambda state: bool(state.steps and state.steps[0].message))
    assert (phase(state, "step"), state.steps[0].message) == ("Pending", "installing kfpj_toy")


def test_pip_inside_a_step_installs_for_that_step_alone(runs: Runs) -> None:
    before = snapshot()
    other = python_step("other", "import importlib.util; print(importlib.util.find_spec('kfpj_toy'))")
    state = runs.run(
        workflow(python_step("step", PIP_INSTALL + IMPORT), other, tasks=[task("step"), task("other", "step")])
    )
    assert state.phase is Phase.SUCCEEDED, state.steps[0].message
    assert f"nodes/{state.by_path()['step'].id}/env/" in runs.log(state)
    assert runs.log(state, "other") == "None\n"
    assert snapshot() == before


def test_the_pip_command_is_the_steps_own(runs: Runs) -> None:
    before = snapshot()
    state = runs.run(workflow(command_step("step", "sh", "-c", f'pip install -q kfpj_toy && python3 -c "{IMPORT}"')))
    assert f"nodes/{state.steps[0].id}/env/" in runs.log(state), runs.log(state)
    assert snapshot() == before


def test_a_newer_version_for_a_step_leaves_the_notebooks_in_place(runs: Runs, wheels: Path) -> None:
    make_wheel(wheels, "psutil", "999.0")
    before = snapshot()
    program = "import psutil; print(psutil.VERSION)"
    inside = (
        "import subprocess, sys; subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-qU', 'psutil'])\n"
    )
    state = runs.run(
        workflow(python_step("layer", program, packages=["psutil>=999"]), python_step("inside", inside + program))
    )
    assert runs.log(state, "layer").endswith("999.0\n")
    assert runs.log(state, "inside").endswith("999.0\n")
    assert snapshot() == before


def test_an_isolated_step_sees_nothing_of_the_notebook_but_has_pip(runs: Runs) -> None:
    program = "import importlib.util as u\nprint(*[bool(u.find_spec(n)) for n in ('psutil', 'yaml', 'pip', 'json')])"
    state = runs.run(workflow(python_step("step", program, annotations=ISOLATED)))
    assert runs.log(state) == "False False True True\n"


def test_an_isolated_step_does_not_see_the_users_module_path(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = "import importlib.util as u; print(bool(u.find_spec('mine')))"
    state = runs.run(workflow(python_step("over", program), python_step("alone", program, annotations=ISOLATED)))
    assert (runs.log(state, "over"), runs.log(state, "alone")) == ("True\n", "False\n")


def test_an_isolated_step_has_its_packages(runs: Runs) -> None:
    state = runs.run(workflow(python_step("step", IMPORT, packages=["kfpj_toy"], annotations=ISOLATED)))
    assert state.phase is Phase.SUCCEEDED, state.steps[0].message
    assert "site-packages/kfpj_toy.py" in runs.log(state)


def test_an_isolated_step_can_run_pip(runs: Runs) -> None:
    state = runs.run(workflow(python_step("step", PIP_INSTALL + IMPORT, annotations=ISOLATED)))
    assert f"nodes/{state.steps[0].id}/env/" in runs.log(state), runs.log(state)


def test_a_notebook_environment_without_pip_gives_steps_one(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    runs = Runs(LocalEngine(tmp_path / "runs", python=str(tmp_path / "bare/bin/python")))
    state = runs.run(
        workflow(python_step("own", PIP_INSTALL + IMPORT), python_step("asked", IMPORT, packages=["kfpj_toy"]))
    )
    assert state.phase is Phase.SUCCEEDED, [step.message for step in state.steps]


def test_uv_is_used_where_it_is_at_hand(
    runs: Runs, wheels: Path, monkeypatch: pytest.MonkeyPatch, own_directories: Path
) -> None:
    if not shutil.which("uv", path=os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))):
        pytest.skip("uv isn't installed")
    make_wheel(wheels, "kfpj_more", requires="psutil")
    for name in ("PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    before = snapshot()
    state = runs.run(workflow(python_step("step", IMPORT, packages=["kfpj_toy", "kfpj_more"])))
    assert state.phase is Phase.SUCCEEDED, (state.steps[0].message, runs.log(state))
    (layer,) = layers(own_directories)
    names = {path.name for path in layer.glob("lib/*/site-packages/*.dist-info")}
    assert names == {"kfpj_toy-1.0.dist-info", "kfpj_base-1.0.dist-info", "kfpj_more-1.0.dist-info"}
    assert snapshot() == before
    failed = runs.run(workflow(python_step("step", "", packages=["kfpj-nosuch"])))
    assert "the package 'kfpj-nosuch' can't be installed: " in failed.steps[0].message
    assert "kfpj-nosuch was not found" in failed.steps[0].message


def test_the_kernels_own_settings_do_not_reach_a_step(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PIP_TARGET", "/nowhere")
    monkeypatch.setenv("KFPJ_MINE", "kept")
    program = "import os; print([os.environ.get(n) for n in ('MPLBACKEND', 'PIP_TARGET', 'KFPJ_MINE')])"
    assert runs.log(runs.run(workflow(python_step("step", program)))) == "[None, None, 'kept']\n"
    assert os.environ["PIP_TARGET"] == "/nowhere"


SECRETS = ["JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN", "JPY_PARENT_PID", "JPY_HUB_API_URL"]
SECRETS += ["JUPYTERHUB_CRYPT_KEY", "CONFIGPROXY_AUTH_TOKEN", "JUPYTER_GATEWAY_HTTP_PWD", "JUPYTERHUB_COOKIE_SECRET"]


def test_a_step_gets_the_notebooks_environment_without_what_opens_its_server(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*SECRETS, "MY_TOKEN", "JUPYTERHUB_USER", "JUPYTER_PATH"):
        monkeypatch.setenv(name, "value")
    program = (
        "import os, time; print(*sorted(os.environ), flush=True)\nwhile not os.path.exists('go'): time.sleep(0.01)"
    )
    run = runs.start(workflow(python_step("step", program)))
    step = runs.running(run)
    # Nor does the process around it, whose environment a step may look at.
    runner = psutil.Process(int((runs.directory(run) / "runner.pid").read_text()))
    assert set(SECRETS).isdisjoint(runner.environ())
    (runs.directory(run) / "nodes" / step.id / "work" / "go").touch()
    runs.finish(run)
    names = set(runs.log(run).split())
    assert names.isdisjoint(SECRETS)
    assert {"MY_TOKEN", "JUPYTERHUB_USER", "JUPYTER_PATH", "HOME", "PATH"} <= names
