"""``%%pipeline``: the cell becomes a pipeline, and its graph is drawn."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.compiler import write_package
from kfp_jupyter.compiler.text import to_yaml
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.errors import PACKAGE_DIR, ComponentError, KfpJupyterError, PipelineError, position_of
from kfp_jupyter.magics.arguments import Option, parse, text
from kfp_jupyter.magics.session import Session

MAGIC = "%%pipeline"

OPTIONS = (
    Option("name", text, "", "the pipeline's name for people"),
    Option("description", text, "", "what it is for"),
    Option("function", text, "", "which function of the cell"),
    Option("output", text, "", "file to write the compiled Workflow to"),
)


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

    values = parse(MAGIC, line, OPTIONS)
    made = _pipeline_of(session, cell, values)

    def workflow() -> Mapping[str, Any]:
        return compiled(made)

    if values["output"]:
        write_package(to_yaml(workflow()), Path(values["output"]).expanduser())
    view = RunView(workflow, session.engines(), session.engine_name, on_submit=session.add_run)
    session.add_pipeline(made.function.__name__, made, view)
    view.show()


def _pipeline_of(session: Session, cell: str, values: Mapping[str, Any]) -> Pipeline:
    try:
        source = CellSource(cell, session.cell_label)
        chosen = source.choose(values["function"], "pipeline")
    except ComponentError as error:
        raise PipelineError(error.message, remedy=error.remedy, position=error.position) from None
    function = _run(source, chosen.name, session.shell.user_ns)
    if isinstance(function, Pipeline):
        return Pipeline(
            function.function, values["name"] or function.name, values["description"] or function.description
        )
    return Pipeline(function, values["name"], values["description"])


def _run(source: CellSource, name: str, namespace: dict[str, Any]) -> Any:
    """Run the cell in the notebook's namespace; return its function, leaving what had that name before in place."""
    before = {name: namespace[name]} if name in namespace else {}
    exec(compile(source.tree, source.file, "exec", dont_inherit=True), namespace)  # noqa: S102  (the cell's purpose)
    function = namespace.pop(name)
    namespace.update(before)
    return function


def compiled(pipeline: Pipeline) -> Mapping[str, Any]:
    """Return a pipeline's Workflow, made with the components as they are now.

    Raises:
        PipelineError: The wiring is wrong, or a name isn't defined.
    """
    try:
        return Compiler().workflow(pipeline)
    except KfpJupyterError:
        raise
    except Exception as error:  # noqa: BLE001  (the author's code may raise anything; it is said at its line)
        raise _at_authors_line(error) from None


def _at_authors_line(error: Exception) -> PipelineError:
    """Return the error of a pipeline function with its line, and its calls from there on if there are any."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(PACKAGE_DIR)]
    position = position_of(frames[0].filename, frames[0].lineno or 1) if frames else None
    if isinstance(error, NameError) and len(frames) == 1:
        message = f"The name {error.name!r} is not defined in this notebook."
        return PipelineError(message, remedy="Run the cell that defines it first.", position=position)
    said = "".join(traceback.format_exception_only(error)).strip()
    calls = "".join(traceback.format_list(frames[1:])).rstrip()
    return PipelineError(f"The pipeline function raised {said}" + (f"\n{calls}\n" if calls else ""), position=position)
