"""Random pipelines compile to what kfp 1.8.24 makes of them."""

from __future__ import annotations

import contextlib
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, note, seed, settings

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import KfpJupyterError
from tests.compiler.equality import comparable
from tests.compiler.random_pipelines import programs
from tests.oracle import Kfp, KfpRefusedError

# Each shard starts hypothesis from a seed of its own, so that workers share the work and runs repeat each other.
SHARDS = 4
EXAMPLES = 200
DISTINCT = 100
# Seeds are fixed and nothing is kept between runs: a failure here is a failure everywhere.
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Here:
    """Compiles programs with this package.

    Args:
        directory: Holds their files, from which the sources of functions are read.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._number = 0

    def workflow(self, source: str) -> Any:
        self._number += 1
        program = self._directory / f"pipeline_{self._number}.py"
        program.write_text(source, encoding="utf-8")
        package = program.with_suffix(".yaml")
        Compiler().compile(runpy.run_path(str(program))["pipeline"], str(package))
        return yaml.load(package.read_text(encoding="utf-8"), LOADER)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_pipelines_compile_as_kfp_compiles_them(shard: int, kfp: Kfp, tmp_path: Path) -> None:
    here = Here(tmp_path)
    seen: set[str] = set()

    @seed(shard)
    @SETTINGS
    @given(source=programs())
    def agree(source: str) -> None:
        if source in seen:
            return
        note(source)
        try:
            theirs = kfp.workflow(source)
        except KfpRefusedError:
            # What kfp refuses, this package may know how to compile, but it has to refuse in words of its own.
            with contextlib.suppress(KfpJupyterError):
                here.workflow(source)
        else:
            assert comparable(here.workflow(source)) == comparable(theirs)
        seen.add(source)

    agree()
    assert len(seen) >= DISTINCT


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_careless_pipelines_compile_or_are_refused_in_words_of_our_own(tmp_path: Path) -> None:
    here = Here(tmp_path)

    @seed(0)
    @SETTINGS
    @given(source=programs(careless=True))
    def end_well(source: str) -> None:
        note(source)
        with contextlib.suppress(KfpJupyterError):
            here.workflow(source)

    end_well()
