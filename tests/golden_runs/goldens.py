"""The golden pipelines, as this package compiles them."""

from __future__ import annotations

import os
import runpy
import tempfile
import warnings
from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.compiler import Compiler

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = sorted(str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.py"))
"""What they are called: ``loops/nested_static``."""


def compiled(name: str) -> dict[str, Any]:
    """Return the Workflow of a golden pipeline."""
    source = GOLDEN / f"{name}.py"
    here = Path.cwd()
    # Files that the pipeline names are beside it.
    os.chdir(source.parent)
    try:
        with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
            warnings.simplefilter("ignore")
            names = runpy.run_path(str(source))
            options = {"pipeline_conf": names["conf"]} if "conf" in names else {}
            package = Path(folder, "package.yaml")
            Compiler().compile(names["pipeline"], str(package), **options)
            workflow: dict[str, Any] = yaml.safe_load(package.read_text(encoding="utf-8"))
            return workflow
    finally:
        os.chdir(here)
