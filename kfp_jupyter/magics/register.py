"""``%load_ext kfp_jupyter``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from kfp_jupyter.magics import component, kfp, pipeline, submit_comm
from kfp_jupyter.magics.arguments import help_of, option_words
from kfp_jupyter.magics.completion import complete
from kfp_jupyter.magics.session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell) -> Session:
    """Give a shell the magics and a session of its own; return the session.

    Args:
        shell: The shell of the notebook.
    """
    session = Session.of(shell)
    for kind, magic, run, words, text in (
        ("cell", component.MAGIC, component.component, option_words(component.OPTIONS), help_of(component.OPTIONS)),
        ("cell", pipeline.MAGIC, pipeline.pipeline, option_words(pipeline.OPTIONS), help_of(pipeline.OPTIONS)),
        ("line", kfp.MAGIC, kfp.kfp, list(kfp.SUBCOMMANDS), kfp.help_text()),
    ):
        function: Any = functools.partial(run, session)
        function.__doc__ = f"{(run.__doc__ or '').splitlines()[0]}\n\n{text}"
        shell.register_magic_function(function, kind, magic.lstrip("%"))
        shell.set_hook("complete_command", complete(words), str_key=magic)
    if hasattr(shell, "kernel"):
        submit_comm.listen(session)
    return session
