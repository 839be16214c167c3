"""What isn't KFP v1 is refused in a sentence, as the kind of error that programs expect."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.errors import EngineError, KfpJupyterError
from tests.compat.programs import run_python


@pytest.mark.usefixtures("enabled")
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("import kfp.v2", "kfp.v2 is for KFP v2 pipelines"),
        ("from kfp import v2", "kfp.v2 is for KFP v2 pipelines"),
        ("from kfp.v2 import dsl", "kfp.v2 is for KFP v2 pipelines"),
        ("import kfp.v2.dsl as dsl", "kfp.v2 is for KFP v2 pipelines"),
        ("from kfp.v2.dsl import Input, component", "kfp.v2 is for KFP v2 pipelines"),
        ("from kfp import local", "kfp.local runs KFP v2 pipelines"),
        ("import kfp.kubernetes", "kfp.kubernetes changes KFP v2 tasks"),
        ("from kfp.client import Client", "The client of KFP v1 is kfp.Client"),
    ],
)
def test_modules_of_kfp_v2_are_refused_with_what_to_use(statement: str, sentence: str) -> None:
    with pytest.raises(ImportError, match=sentence) as caught:
        exec(statement, {})
    assert isinstance(caught.value, KfpJupyterError)


@pytest.mark.usefixtures("enabled")
def test_a_program_that_asks_for_v2_first_falls_back_to_v1() -> None:
    names: dict[str, Any] = {}
    exec("try:\n from kfp.v2 import dsl\nexcept ImportError:\n from kfp import dsl", names)
    assert names["dsl"].__name__ == "kfp_jupyter.dsl"


@pytest.mark.usefixtures("enabled")
def test_a_module_of_v2_as_an_attribute_is_refused_too() -> None:
    kfp = importlib.import_module("kfp")
    with pytest.raises(AttributeError, match=r"kfp\.v2 is for KFP v2 pipelines"):
        _ = kfp.v2
    assert not hasattr(kfp, "v2")


@pytest.mark.usefixtures("enabled")
def test_a_refusal_names_the_line_that_imports() -> None:
    with pytest.raises(KfpJupyterError) as caught:
        importlib.import_module("kfp.v2")
    assert caught.value.position is not None
    assert caught.value.position.file == __file__
    assert "importlib.import_module" in caught.value.position.text


@pytest.mark.usefixtures("enabled")
@pytest.mark.parametrize("call", ["kfp.Client()", "kfp.LocalClient('x')", "kfp.run_pipeline_func_locally(print, {})"])
def test_what_would_need_a_client_says_that_there_is_none(call: str) -> None:
    names: dict[str, Any] = {}
    exec("import kfp", names)
    with pytest.raises(EngineError, match="is not available yet"):
        exec(call, names)


@pytest.fixture
def installed_kfp(tmp_path: Path) -> Path:
    """A directory with another kfp, as pip installs it."""
    package = tmp_path / "kfp"
    package.mkdir()
    (package / "__init__.py").write_text("__version__ = '1.8.22'\n")
    metadata = tmp_path / "kfp-1.8.22.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: kfp\nVersion: 1.8.22\n")
    return tmp_path


def test_a_kfp_that_is_imported_already_is_not_replaced(installed_kfp: Path) -> None:
    done = run_python("import kfp\nfrom kfp_jupyter import compat\ncompat.enable()", path=installed_kfp)
    assert done.returncode == 1
    assert "The SDK kfp 1.8.22 is already imported" in done.stderr
    assert "Restart the kernel or the program, and call kfp_jupyter.compat.enable() before" in done.stderr


def test_an_installed_kfp_is_passed_over(installed_kfp: Path) -> None:
    program = "from kfp_jupyter import compat\ncompat.enable()\nimport kfp\nprint(kfp.dsl.__name__)"
    done = run_python(program, path=installed_kfp)
    assert done.stdout == "kfp_jupyter.dsl\n", done.stderr


def test_the_installed_kfp_is_there_again_after_disable(installed_kfp: Path) -> None:
    program = (
        "from kfp_jupyter import compat\ncompat.enable()\nimport kfp.dsl\ncompat.disable()\n"
        "import kfp\nprint(kfp.__version__)"
    )
    done = run_python(program, path=installed_kfp)
    assert done.stdout == "1.8.22\n", done.stderr


def test_the_version_that_pip_knows_stays_what_it_is(installed_kfp: Path) -> None:
    program = (
        "from kfp_jupyter import compat\ncompat.enable()\nimport importlib.metadata, kfp\n"
        "print(importlib.metadata.version('kfp'))"
    )
    done = run_python(program, path=installed_kfp)
    assert done.stdout == "1.8.22\n", done.stderr


def test_loading_the_magics_leaves_kfp_alone() -> None:
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance().extension_manager.load_extension('kfp_jupyter')\n"
        "from kfp_jupyter import compat\nprint('enabled:', compat.enabled())"
    )
    assert run_python(program).stdout.splitlines()[-1] == "enabled: False"
