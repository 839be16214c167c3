"""``%%pipeline``: the cell becomes a pipeline, and its graph is drawn."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.compiler import Compiled
from kfp_jupyter.compiler.package import write_package
from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.dsl.pipeline import at_authors_line
from kfp_jupyter.errors import ComponentError, KfpJupyterError, PipelineError, Position, UsageError
from kfp_jupyter.magics import declarations
from kfp_jupyter.magics.answer_in_time import answer_in_time
from kfp_jupyter.magics.arguments import Option, flag, identifier, parse, text
from kfp_jupyter.magics.bound_names import bound_name, title_from_comment, title_from_text
from kfp_jupyter.magics.function_cell import pipeline_of_function
from kfp_jupyter.magics.notes import PipelineNotes, show_notes
from kfp_jupyter.magics.session import Session
from kfp_jupyter.magics.statement_cell import has_statements, pipeline_function
from kfp_jupyter.workflow.task_order import in_order

MAGIC = "%%pipeline"

OPTIONS = (
    Option("name", text, "", "display name of the pipeline"),
    Option("as", identifier, "", "Python name, also used by %kfp; derived from name= by default"),
    Option("description", text, "", "description of the pipeline"),
    Option("function", text, "", "which function of the cell to use"),
    Option("params", text, None, 'parameters of a cell without a function: "a: float = 7, b = 8"', code=True),
    Option("compact", flag, False, "one template per component, for pipelines of hundreds of tasks"),
    Option("replace", flag, False, "replace another cell's pipeline without a note"),
    Option("output", text, "", "file to write the compiled Workflow to"),
)

_LISTED = 20
"""Runs that are looked through for those that go on."""

_UNNAMED = re.compile(r"pipeline_\d+")


def pipeline(session: Session, line: str, cell: str) -> None:
    """Make a pipeline of a cell, bind its name and show its graph; nothing runs.

    Args:
        session: The notebook's.
        line: What stands behind the magic.
        cell: What stands below it.

    Raises:
        KfpJupyterError: With the line of the cell at fault.
    """
    # ipywidgets and ipycytoscape cost half a second; a notebook pays it at its first graph, not at %load_ext.
    from kfp_jupyter.widget.run_view import RunView  # noqa: PLC0415  (lazy, see above)

    place = Position(session.cell_label, 1, f"{MAGIC} {line}".rstrip())
    values = parse(MAGIC, line, OPTIONS, session.expand, place)
    made = _pipeline_of(session, cell, values, place)
    notes = PipelineNotes()

    def compiled() -> Compiled:
        try:
            found = Compiler(compact=values["compact"]).compiled_to_submit(made)
        except (Exception, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001  such as SystemExit: the kernel doesn't end with a cell
            raise at_authors_line(error, "The pipeline function") from None
        notes.take(found.notes)
        return found

    def drawn(found: Compiled) -> Mapping[str, Any]:
        return in_order(found.workflow, list(found.graph.tasks))

    try:
        first = compiled()
    except KfpJupyterError as error:
        error.position = error.position or place
        raise
    if values["output"]:
        write_package(to_yaml(first.workflow), Path(values["output"]).expanduser())
    view = RunView(
        lambda: drawn(compiled()),
        session.engines(),
        session.engine_name,
        workflow=drawn(first),
        on_submit=session.add_run,
    )
    bound = values["as"] or made.__name__
    others = [] if bound in session.pipelines else _of_other_kernels(session, made.name)
    show_notes([*session.add_pipeline(bound, made, view, compiled, replace=values["replace"]), *others], place)
    if notes:
        notes.show()
        view.show()
    else:
        view.show()
        notes.show()


def _of_other_kernels(session: Session, pipeline: str) -> list[str]:
    """Return what to tell of a pipeline's runs that go on and that this kernel doesn't know, as after a restart."""
    listed = answer_in_time(lambda: session.engine().runs(_LISTED)) or ()
    runs = [run.ref for run in listed if run.pipeline == pipeline and not run.phase.finished]
    return [
        f"The run {run.id} of this pipeline, which another kernel has started, is still running: %kfp attach "
        f"{run.id} shows it."
        for run in runs
        if run not in session.runs
    ]


def _pipeline_of(session: Session, cell: str, values: Mapping[str, Any], place: Position) -> Pipeline:
    try:
        source = CellSource(cell, session.cell_label)
        decorated = list(_decorated(source))
        if values["params"] is not None and values["function"]:
            raise UsageError(
                "params= makes the whole cell the pipeline, so function= has no effect here.",
                remedy="Remove one.",
                position=place,
            )
        named = values["function"] or decorated
        if values["params"] is not None or (not named and has_statements(source)):
            return _of_statements(session, source, values, place)
        name = values["function"] or (decorated[0] if len(decorated) == 1 else "")
        chosen = source.choose(name, "pipeline")
    except ComponentError as error:
        if error.position and error.position.text.lstrip().startswith(("%", "!")) and error.position.line > 1:
            message, remedy = (
                ("The cell of a pipeline can't contain a notebook command."),
                "Move it to a cell of its own.",
            )
            raise PipelineError(message, remedy=remedy, position=error.position) from None
        raise PipelineError(error.message, remedy=error.remedy, position=error.position) from None
    made = pipeline_of_function(source, chosen.name, session.shell.user_ns)
    return Pipeline(
        made.function, values["name"] or made.name, values["description"] or made.description, made.pipeline_root
    )


def _decorated(source: CellSource) -> Iterator[str]:
    """Yield the functions of a cell that its author calls pipelines."""
    for function in source.functions:
        for decorator in function.decorator_list:
            named = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(named, "attr", getattr(named, "id", "")) == "pipeline":
                yield function.name


def _of_statements(session: Session, source: CellSource, values: Mapping[str, Any], place: Position) -> Pipeline:
    """Return the pipeline of a cell's statements; its function has the name to bind."""
    namespace = session.shell.user_ns
    doc = ast.get_docstring(source.tree) or ""
    title = values["name"] or title_from_comment(source.body) or title_from_text(doc)
    bound = values["as"] or (bound_name(title, Pipeline, namespace, place) if title else _unnamed(session))
    parameters = declarations.parameters(values["params"] or "", namespace, place)
    function = pipeline_function(source, bound, parameters, namespace, "" if title == title_from_text(doc) else doc)
    made = Pipeline(function, title, values["description"] or None)
    try:
        wrong = made.wrong_defaults()
        if wrong:
            raise PipelineError(wrong[0].message, remedy="Change it, or the type.", position=place)
    except PipelineError as error:
        error.position = place
        raise
    return made


def _unnamed(session: Session) -> str:
    """Return the name of a pipeline that has none: that which its cell gave before, or one with the cell's number."""
    before = [name for name, entry in session.pipelines.items() if entry.cell_id == session.cell_id is not None]
    number = "".join(filter(str.isdigit, session.cell_label))
    return next(filter(_UNNAMED.fullmatch, before), f"pipeline_{number}")
