"""``%load_ext kfp_jupyter``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from IPython.core.magic import no_var_expand

from kfp_jupyter.engines.registry import ENGINES
from kfp_jupyter.magics import component, component_line, kfp, kfp_hint, pipeline, schedule, submit_comm
from kfp_jupyter.magics.arguments import help_of, option_words
from kfp_jupyter.magics.completion import complete
from kfp_jupyter.magics.session import Session
from kfp_jupyter.magics.tracebacks import without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell) -> Session:
    """Give a shell the magics and a session of its own; return the session.

    Args:
        shell: The shell of the notebook.
    """
    session = Session.of(shell)
    for kind, magic, run, words, text in (
        ("cell", component.MAGIC, component.component, option_words(component.OPTIONS), help_of(component.OPTIONS)),
        ("line", component_line.MAGIC, component_line.component_line, component_line.WORDS, component_line.HELP),
        ("cell", pipeline.MAGIC, pipeline.pipeline, option_words(pipeline.OPTIONS), help_of(pipeline.OPTIONS)),
        ("line", kfp.MAGIC, kfp.kfp, functools.partial(_behind_kfp, session), kfp.help_text()),
    ):
        function: Any = without_credentials(shell, functools.partial(run, session))
        function.__doc__ = f"{(run.__doc__ or '').splitlines()[0]}\n\n{text}"
        if magic != kfp.MAGIC:
            # Braces and dollars of declarations and commands are their own; the magic expands the other values.
            no_var_expand(function)
        shell.register_magic_function(function, kind, magic.lstrip("%"))
        shell.set_hook("complete_command", complete(words), str_key=magic)
    if empty_cell not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(empty_cell)
    if kfp_hint.show not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", kfp_hint.show)
    if hasattr(shell, "kernel"):
        submit_comm.listen(session)
    return session


def empty_cell(lines: list[str]) -> list[str]:
    """Return a cell's lines, with an empty one below a lone ``%%component``: IPython runs no magic on nothing."""
    if lines and lines[0].startswith(f"{component.MAGIC} ") and not "".join(lines[1:]):
        return [f"{lines[0].rstrip()}\n", "\n"]
    return lines


def _behind_kfp(session: Session, before: list[str]) -> Sequence[str]:
    if not before:
        return list(kfp.SUBCOMMANDS)
    if before in (["engine"], ["doctor"]):
        return list(ENGINES)
    if before[0] == "schedule":
        return schedule.completions(session, before[1:])
    return list(session.pipelines) if before[0] in kfp.OF_PIPELINES and len(before) == 1 else []
