"""``kfp-jupyter``: compile and run pipelines from a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from kfp_jupyter.cli import compile as compile_command
from kfp_jupyter.cli import run, version
from kfp_jupyter.cli.report_errors import report_errors

_COMMANDS = {
    "compile": (compile_command, "compile a pipeline to an Argo Workflow"),
    "run": (run, "run a pipeline on this machine"),
    "version": (version, "show the version"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, and return the exit code.

    Args:
        arguments: The command line without the program's name; this process's own unless given.
    """
    parser = argparse.ArgumentParser(
        "kfp-jupyter", description="Compile KFP v1 pipelines, and run them on this machine."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (command, what) in _COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=what, description=f"{what.capitalize()}."))
    options = parser.parse_args(arguments)
    return report_errors(lambda: _COMMANDS[options.command][0].run(options))
