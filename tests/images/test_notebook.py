"""``%%docker``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from kfp_jupyter.errors import UsageError


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module, imported in a shell of its own; ``asked`` holds what its builds were asked for."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    monkeypatch.delitem(sys.modules, "kfp_jupyter.notebook", raising=False)
    import kfp_jupyter.notebook as module

    asked: list[Any] = []

    def build(staging: Any, image: str, dockerfile: Any, *, timeout: float, namespace: Any) -> str:
        asked.append((staging, image, dockerfile.read_text(), timeout, namespace))
        return f"{image}@sha256:1"

    monkeypatch.setattr(module, "build_docker_image", build)
    monkeypatch.setattr(module, "asked", asked, raising=False)
    monkeypatch.setattr(module, "shell", shell, raising=False)
    yield module
    InteractiveShell.clear_instance()


def test_importing_the_module_gives_the_notebook_its_magic(notebook: Any) -> None:
    built = notebook.shell.run_cell_magic("docker", "gcr.io/p/x:1 gs://b/c 30 team", "FROM scratch\n")

    assert built == "gcr.io/p/x:1@sha256:1"
    assert notebook.asked == [("gs://b/c", "gcr.io/p/x:1", "FROM scratch\n", 30, "team")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x:1", (None, 600, None)),
        ("x:1 gs://b", ("gs://b", 600, None)),
        ("x:1 gs://b 5", ("gs://b", 5, None)),
        ("x:1 5 team", (None, 5, "team")),
        ("x:1 team", (None, 600, "team")),
    ],
)
def test_all_but_the_image_can_be_left_out(notebook: Any, line: str, expected: tuple[Any, ...]) -> None:
    notebook.docker(line, "FROM scratch\n")

    staging, image, _, seconds, namespace = notebook.asked[0]
    assert image == "x:1"
    assert (staging, seconds, namespace) == expected


@pytest.mark.parametrize("line", ["", "x:1 gs://b 5 team more", "x:1 team 5"])
def test_a_line_that_can_not_be_read_is_told_with_the_usage(notebook: Any, line: str) -> None:
    with pytest.raises(UsageError, match=r"%%docker can't read .*Write %%docker IMAGE \[gs://BUCKET/PATH\]"):
        notebook.docker(line, "FROM scratch\n")


def test_an_empty_cell_is_refused(notebook: Any) -> None:
    with pytest.raises(UsageError, match="has no Dockerfile"):
        notebook.docker("x:1", "  \n")
