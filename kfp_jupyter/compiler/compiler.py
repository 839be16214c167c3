"""`Compiler`, with KFP v1's names.

Source: ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

from kfp_jupyter.compiler.limits import OBJECT_LIMIT, made_compact, stored_size, too_large
from kfp_jupyter.compiler.package import write_package
from kfp_jupyter.compiler.workflow import create_workflow
from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.dsl import PipelineExecutionMode
from kfp_jupyter.dsl.graph import PipelineGraph
from kfp_jupyter.dsl.notes import Note, show
from kfp_jupyter.dsl.pipeline import Pipeline
from kfp_jupyter.dsl.pipeline_conf import PipelineConf
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.errors import CompileError, author_position


@dataclasses.dataclass(frozen=True, slots=True)
class Compiled:
    """The result of compiling a pipeline.

    Attributes:
        workflow: The Workflow as plain data.
        notes: Warnings for the author.
        graph: The graph that it was compiled from.
    """

    workflow: dict[str, Any]
    notes: tuple[Note, ...]
    graph: PipelineGraph


_type_check: ContextVar[bool] = ContextVar("whether types are checked in Compiler.compile", default=True)
"""No argument: the methods that add-ons put their own in the place of take those of KFP v1, and this isn't one."""


class Compiler:
    """Compiles pipelines to Argo Workflows in the KFP v1 dialect.

    Args:
        mode: V1_LEGACY, the only supported mode.
        launcher_image: Ignored; for compatibility with KFP v1.
        compact: Whether tasks of one component share a template, as pipelines of hundreds of tasks need.
        clock: Gives the compilation time that is noted in the Workflow.

    Raises:
        CompileError: Another mode was asked for.
    """

    def __init__(
        self,
        mode: PipelineExecutionMode = PipelineExecutionMode.V1_LEGACY,
        launcher_image: str | None = None,  # noqa: ARG002  (KFP v1's signature)
        *,
        compact: bool = False,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        if mode is not PipelineExecutionMode.V1_LEGACY:
            raise CompileError(
                f"The mode {getattr(mode, 'name', mode)} can't be compiled: like kfp 1.8.24, "
                "this package compiles only V1_LEGACY.",
                remedy="Remove the mode.",
                position=author_position(),
            )
        self._compact = compact
        self._clock = clock

    def compiled(
        self,
        pipeline_func: Pipeline | Callable[..., Any],
        *,
        type_check: bool = True,
        pipeline_conf: PipelineConf | None = None,
    ) -> Compiled:
        """Return a pipeline's Workflow and the notes on it.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.
            type_check: Whether types that don't fit are an error; otherwise they are a note.
            pipeline_conf: Settings that replace those the pipeline makes itself.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it.
        """
        with _no_collection():
            return self._compiled(Pipeline.of(pipeline_func).graph(pipeline_conf, type_check=type_check))

    def compiled_to_submit(self, pipeline_func: Pipeline | Callable[..., Any]) -> Compiled:
        """Return a pipeline's Workflow in a form that a cluster can store, and the notes on it.

        If the normal form would be too large, it is in the compact form, and a note says so.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it.
        """
        with _no_collection():
            graph = Pipeline.of(pipeline_func).graph()
            if not self._compact:
                workflow = create_workflow(graph, self._clock())
                size = stored_size(workflow)
                if size <= OBJECT_LIMIT:
                    return Compiled(workflow, graph.notes, graph)
                graph = dataclasses.replace(graph, notes=(*graph.notes, made_compact(size)))
            workflow = create_workflow(graph, self._clock(), compact=True)
            return Compiled(workflow, (*graph.notes, *too_large(workflow, compact=True)), graph)

    def workflow(
        self,
        pipeline_func: Pipeline | Callable[..., Any],
        *,
        type_check: bool = True,
        pipeline_conf: PipelineConf | None = None,
    ) -> dict[str, Any]:
        """Return a pipeline's Workflow as plain data, its notes as Python's warnings; see `compiled`.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.
            type_check: Whether types that don't fit are an error; otherwise they are a note.
            pipeline_conf: Settings that replace those the pipeline makes itself.
        """
        return _with_warnings(self.compiled(pipeline_func, type_check=type_check, pipeline_conf=pipeline_conf))

    def create_workflow(
        self,
        pipeline_func: Pipeline | Callable[..., Any],
        pipeline_name: str | None = None,
        pipeline_description: str | None = None,
        params_list: Sequence[PipelineParam] | None = None,
        pipeline_conf: PipelineConf | None = None,
    ) -> dict[str, Any]:
        """Return a pipeline's Workflow as plain data; the name and arguments of KFP v1.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.
            pipeline_name: Name to give it in place of its own.
            pipeline_description: Description to give it in place of its own.
            params_list: Further parameters of the pipeline, with their defaults.
            pipeline_conf: Settings that replace those the pipeline makes itself.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it.
        """
        pipeline = own = Pipeline.of(pipeline_func)
        if pipeline_name or pipeline_description:
            pipeline = Pipeline(
                own.function, pipeline_name or own.name, pipeline_description or own.description, own.pipeline_root
            )
        with _no_collection():
            graph = pipeline.graph(pipeline_conf, type_check=_type_check.get(), extra=params_list or ())
            return _with_warnings(self._compiled(graph))

    _create_workflow = create_workflow

    def compile(
        self,
        pipeline_func: Pipeline | Callable[..., Any],
        package_path: str | os.PathLike[str],
        type_check: bool = True,
        pipeline_conf: PipelineConf | None = None,
    ) -> None:
        """Compile a pipeline into a file.

        Args:
            pipeline_func: A pipeline, or a function as `dsl.pipeline` takes it.
            package_path: The file to write, ending in .yaml, .zip or .tar.gz; a file of that name is replaced.
            type_check: Whether types that don't fit are an error; otherwise they are a warning.
            pipeline_conf: Settings that replace those the pipeline makes itself.

        Raises:
            PipelineError: The wiring is wrong.
            CompileError: No Workflow can be made of it, or the file can't be written.
        """
        token = _type_check.set(type_check)
        try:
            self._create_and_write_workflow(
                pipeline_func=pipeline_func, pipeline_conf=pipeline_conf, package_path=package_path
            )
        finally:
            _type_check.reset(token)

    # Add-ons of KFP v1 put methods of their own in the place of these.
    def _create_and_write_workflow(
        self,
        pipeline_func: Pipeline | Callable[..., Any],
        pipeline_name: str | None = None,
        pipeline_description: str | None = None,
        params_list: Sequence[PipelineParam] | None = None,
        pipeline_conf: PipelineConf | None = None,
        package_path: str | os.PathLike[str] | None = None,
    ) -> None:
        given = (pipeline_func, pipeline_name, pipeline_description, params_list, pipeline_conf)
        self._write_workflow(self._create_workflow(*given), package_path)

    @staticmethod
    def _write_workflow(workflow: dict[str, Any], package_path: str | os.PathLike[str] | None = None) -> str | None:
        with _no_collection():
            text = to_yaml(workflow)
        if package_path is None:
            return text
        write_package(text, Path(package_path))
        return None

    def _compiled(self, graph: PipelineGraph) -> Compiled:
        workflow = create_workflow(graph, self._clock(), compact=self._compact)
        return Compiled(workflow, (*graph.notes, *too_large(workflow, compact=self._compact)), graph)


def _with_warnings(made: Compiled) -> dict[str, Any]:
    """Show the notes as Python's warnings; return the Workflow."""
    show(made.notes)
    return made.workflow


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause Python's garbage collector: a compilation makes many objects and no cycles.

    At 10,000 tasks the collector would take two fifths of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
