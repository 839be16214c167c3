"""``%kfp doctor`` in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.capabilities import Finding, Severity
from kfp_jupyter.engines.local.engine import LocalEngine
from tests.magics.conftest import Notebook


def found(monkeypatch: pytest.MonkeyPatch, *findings: Finding | Exception) -> None:
    def examine(_: Any) -> Iterator[Finding]:
        for finding in findings:
            if isinstance(finding, Exception):
                raise finding
            yield finding

    monkeypatch.setattr(LocalEngine, "examine", examine)


def test_the_local_engine_is_looked_at(notebook: Notebook) -> None:
    ran = notebook.run("%kfp doctor local")
    assert ran.error is None
    assert ran.text.startswith("Engine local: ")
    assert "✓  Python" in ran.text


def test_without_a_name_every_engine_is_looked_at(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    text = notebook.run("%kfp doctor").text
    assert "Engine local: " in text
    assert "Engine argo: runs won't work" in text
    assert "✗  API" in text
    assert "→ Set KUBECONFIG" in text


def test_good_lines_are_short_and_others_have_their_remedy(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    found(
        monkeypatch,
        Finding("this", Severity.OK, "is well"),
        Finding("that", Severity.WARNING, "is not <b>well</b>", "Mend it."),
    )
    ran = notebook.run("%kfp doctor local")
    assert ran.text.splitlines() == [
        "Engine local: runs work; 1 of 2 checks need attention",
        "     what  state",
        "  ✓  this  is well",
        "  !  that  is not <b>well</b>",
        "           → Mend it.",
    ]
    assert "&lt;b&gt;well" in ran.shown[0]["text/html"]


def test_an_engine_that_breaks_while_it_is_looked_at_is_a_line_too(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch, Finding("this", Severity.OK, "is well"), RuntimeError("broken"))
    ran = notebook.run("%kfp doctor local")
    assert ran.error is None
    assert "✗  engine  RuntimeError: broken" in ran.text


def test_an_engine_that_does_not_exist_is_an_error(notebook: Notebook) -> None:
    assert "There are local, argo" in notebook.fails("%kfp doctor nope")
