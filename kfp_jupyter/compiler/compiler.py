"""`Compiler`, with KFP v1's names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from kfp_jupyter.compiler.text import to_yaml
from kfp_jupyter.compiler.workflow import create_workflow
from kfp_jupyter.dsl.pipeline import Pipeline
from kfp_jupyter.errors import CompileError


class Compiler:
    """Compiles pipelines to Argo Workflows in the KFP v1 dialect.

    Args:
        clock: Gives the compilation time that is noted in the Workflow.
    """

    def __init__(self, clock: Callable[[], datetime] = datetime.now) -> None:
        self._clock = clock

    def workflow(self, pipeline_func: Pipeline | Callable[..., Any]) -> dict[str, Any]:
        """Return a pipeline's Workflow as plain data.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it.
        """
        pipeline = pipeline_func if isinstance(pipeline_func, Pipeline) else Pipeline(pipeline_func)
        return create_workflow(pipeline.graph(), self._clock())

    def compile(self, pipeline_func: Pipeline | Callable[..., Any], package_path: str | os.PathLike[str]) -> None:
        """Compile a pipeline into a file.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.
            package_path: The file to write, ending in .yaml or .yml; a file of that name is replaced.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it, or the file can't be written.
        """
        write_package(to_yaml(self.workflow(pipeline_func)), Path(package_path))


def write_package(text: str, path: Path) -> None:
    """Write a compiled Workflow; where that fails, an older file of the name stays as it was.

    Raises:
        CompileError: The ending is unknown, or the file can't be written.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise CompileError(f"A package can't be written to {str(path)!r}.", remedy="Let its name end in .yaml.")
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        written = Path(file.name)
        written.chmod(0o644)
        written.replace(path)
    except OSError as error:
        raise CompileError(f"The package {str(path)!r} can't be written: {error.strerror or error}.") from None
