"""A cell that misses the SDK ``kfp`` is told how code for KFP v1 runs here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter import compat
from tests.magics.conftest import Notebook

ENABLE = "kfp_jupyter.compat.enable()"


@pytest.fixture(autouse=True)
def without_compat() -> Iterator[None]:
    """No test finds or leaves a module called kfp."""
    compat.disable()
    before = set(sys.modules)
    yield
    compat.disable()
    for name in {name for name in sys.modules if name.partition(".")[0] == "kfp"} - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    "cell",
    [
        "import kfp",
        "from kfp import dsl",
        "import kfp.components as comp",
        "def f():\n    import kfp\nf()",
        "%%pipeline\nimport kfp\n@kfp.dsl.pipeline(name='p')\ndef p(): pass",
    ],
)
def test_a_cell_that_imports_kfp_names_the_way_and_the_way_works(notebook: Notebook, cell: str) -> None:
    ran = notebook.run(cell)
    assert "No module named 'kfp'" in ran.printed
    assert ENABLE in ran.text
    assert notebook.run(f"import kfp_jupyter; {ENABLE}").error is None
    assert notebook.run("import kfp").error is None


@pytest.mark.parametrize("cell", ["import kfpx", "1 / 0", "import json; json.kfp", "{}.kfp", "%kfp nosuch"])
def test_other_errors_get_no_note(notebook: Notebook, cell: str) -> None:
    ran = notebook.run(cell)
    assert ran.error is not None
    assert ENABLE not in ran.text


@pytest.mark.parametrize("cell", ["import kfp.nosuch", "import kfp; kfp.nosuch", "import kfp; kfp.local"])
def test_what_kfp_v1_never_had_gets_no_note(notebook: Notebook, cell: str) -> None:
    compat.enable()
    ran = notebook.run(cell)
    assert ran.error is not None
    assert ENABLE not in ran.text


def test_an_installed_kfp_of_another_version_is_named(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kfp").mkdir()
    (tmp_path / "kfp" / "__init__.py").write_text("__version__ = '2.14.0'\n")
    (tmp_path / "kfp" / "components.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for cell in ("from kfp.components import func_to_container_op", "import kfp; kfp.components.func_to_container_op"):
        ran = notebook.run(cell)
        assert "func_to_container_op" in ran.printed
        assert "The SDK kfp 2.14.0 is imported." in ran.text
        assert "restart the kernel" in ran.text


def test_the_note_comes_once_though_the_extension_is_loaded_again(notebook: Notebook) -> None:
    notebook.run("%reload_ext kfp_jupyter")
    assert notebook.run("import kfp").text.count(ENABLE) == 1
