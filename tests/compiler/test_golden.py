"""Every golden pipeline compiles to what kfp 1.8.24 makes of it.

``pytest tests/compiler --regenerate`` asks kfp again.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from kfp_jupyter.compiler import Compiler
from tests.compiler.equality import comparable
from tests.oracle import Kfp

GOLDEN = Path(__file__).parents[1] / "golden"
SOURCES = sorted(GOLDEN.rglob("*.py"))
# The same values, many times faster; it comes with nearly every PyYAML.
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.load(text, LOADER)
    return workflow


def ask_again(kfp: Kfp, source: Path) -> None:
    """Write what kfp makes of a pipeline beside it, unless that is there already but for the time."""
    golden = source.with_suffix(".yaml")
    text = kfp.package(source)
    if not golden.exists() or comparable(load(golden.read_text(encoding="utf-8"))) != comparable(load(text)):
        golden.write_text(text, encoding="utf-8")


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(GOLDEN).with_suffix("")))
def test_a_pipeline_compiles_as_kfp_compiles_it(
    source: Path, regenerate: bool, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if regenerate:
        ask_again(request.getfixturevalue("kfp"), source)
    # Files that the pipeline names are beside it.
    monkeypatch.chdir(source.parent)
    names = runpy.run_path(str(source))
    options = {"pipeline_conf": names["conf"]} if "conf" in names else {}
    package = tmp_path / "package.yaml"
    Compiler().compile(names["pipeline"], str(package), **options)
    golden = source.with_suffix(".yaml")
    assert comparable(load(package.read_text(encoding="utf-8"))) == comparable(load(golden.read_text(encoding="utf-8")))


def test_every_golden_pipeline_says_what_it_shows() -> None:
    assert [path for path in SOURCES if not path.read_text(encoding="utf-8").startswith('"""')] == []


def test_every_golden_workflow_has_its_pipeline() -> None:
    pipelines = {path.with_suffix(".yaml") for path in SOURCES}
    # Components that pipelines load from files are no workflows.
    workflows = {path for path in GOLDEN.rglob("*.yaml") if not f".{path.name}".endswith(".component.yaml")}
    assert workflows == pipelines
