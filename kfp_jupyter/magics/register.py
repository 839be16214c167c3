"""``%load_ext kfp_jupyter``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from IPython.core.magic import no_var_expand

from kfp_jupyter.magics import component, component_line, kfp, kfp_completion, kfp_hint, pipeline, submit_comm
from kfp_jupyter.magics.arguments import help_of
from kfp_jupyter.magics.completion import Offers, install, option_offers
from kfp_jupyter.magics.interrupts import telling_interrupts
from kfp_jupyter.magics.session import Session
from kfp_jupyter.magics.tracebacks import redact_threads, without_credentials

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell) -> Session:
    """Give a shell the magics and a session of its own; return the session.

    Args:
        shell: The shell of the notebook.
    """
    session = Session.of(shell)
    offers: dict[str, Offers] = {
        component.MAGIC: lambda _: option_offers(component.OPTIONS),
        component_line.MAGIC: functools.partial(component_line.offers, session),
        pipeline.MAGIC: lambda _: option_offers(pipeline.OPTIONS),
        kfp.MAGIC: functools.partial(kfp_completion.offers, session),
    }
    for kind, magic, run, text in (
        ("cell", component.MAGIC, component.component, help_of(component.OPTIONS)),
        ("line", component_line.MAGIC, component_line.component_line, component_line.HELP),
        ("cell", pipeline.MAGIC, pipeline.pipeline, help_of(pipeline.OPTIONS)),
        ("line", kfp.MAGIC, kfp.kfp, kfp.help_text()),
    ):
        function: Any = telling_interrupts(magic, without_credentials(shell, functools.partial(run, session)))
        # Under `python -OO` there are no docstrings; what the words mean is still told.
        function.__doc__ = "\n\n".join(filter(None, ((run.__doc__ or "").partition("\n")[0], text)))
        # Braces and dollars of declarations, commands and JSON are their own; the magic expands the other values.
        no_var_expand(function)
        shell.register_magic_function(function, kind, magic.lstrip("%"))
    redact_threads()
    install(shell, offers)
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
