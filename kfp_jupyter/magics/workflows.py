"""``%kfp compile, show, view``: a pipeline's Workflow in a file and on the screen, and its view once more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.display import display

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.package import write_package
from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics.notes import PipelineNotes
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.listing import Listing, Listings
from kfp_jupyter.widget.workflow_text import WorkflowSize, WorkflowText


def compile_to_file(session: Session, words: list[str]) -> None:
    """Write a pipeline's Workflow to a file.

    Args:
        session: The notebook's.
        words: The pipeline's name and the file.

    Raises:
        UsageError: There is no such pipeline.
        CompileError: No Workflow can be made of it, or the file can't be written.
    """
    if len(words) != 2:
        raise unknown_pipeline(session, "compile takes a pipeline's name and a file (.yaml, .zip or .tar.gz)")
    workflow = workflow_of(session, "compile", words[0])
    text, path = to_yaml(workflow), Path(words[1]).expanduser()
    write_package(text, path)
    display(Listings([Listing(str(path), (), (), str(WorkflowSize.of(workflow, text)))]))


def show(session: Session, words: list[str]) -> None:
    """Show a pipeline's Workflow.

    Args:
        session: The notebook's.
        words: The pipeline's name.

    Raises:
        UsageError: There is no such pipeline.
        CompileError: No Workflow can be made of it.
    """
    if len(words) != 1:
        raise unknown_pipeline(session, "show takes the name of a pipeline")
    display(WorkflowText(workflow_of(session, "show", words[0])))


def view(session: Session, words: list[str]) -> None:
    """Show a pipeline's view once more, with the run that is in it.

    Args:
        session: The notebook's.
        words: The pipeline's name.

    Raises:
        UsageError: No ``%%pipeline`` cell of this notebook made such a pipeline.
    """
    if len(words) != 1:
        raise unknown_pipeline(session, "view takes the name of a pipeline")
    if words[0] not in session.pipelines:
        raise unknown_pipeline(session, f"view: no %%pipeline cell of this notebook defines {words[0]!r}")
    shown = session.pipelines[words[0]].view
    session.shown.add(shown)
    shown.show()


def unknown_pipeline(session: Session, what: str) -> UsageError:
    """Return the error of a subcommand that wasn't given a pipeline.

    Args:
        session: The notebook's session.
        what: What was asked for, for the message.
    """
    known = ", ".join(session.pipelines) or "none yet"
    return UsageError(f"%kfp {what}.", remedy=f"This notebook's pipelines: {known}.")


def workflow_of(session: Session, subcommand: str, name: str) -> Mapping[str, Any]:
    """Compile a pipeline of a %%pipeline cell, or one that a plain cell made with ``@dsl.pipeline``.

    Args:
        session: The notebook's.
        subcommand: Who asks.
        name: The pipeline's.

    Raises:
        UsageError: There is no such pipeline.
        CompileError: No Workflow can be made of it.
    """
    entry = session.pipelines.get(name)
    if entry is not None:
        return entry.compile().workflow
    made = session.shell.user_ns.get(name)
    if not isinstance(made, Pipeline):
        raise unknown_pipeline(session, f"{subcommand}: this notebook has no pipeline {name!r}")
    notes = PipelineNotes()
    compiled = Compiler().compiled_to_submit(made)
    notes.take(compiled.notes)
    if notes:
        notes.show()
    return compiled.workflow
