"""``python -m kfp_jupyter.compat script.py``: a script runs with ``import kfp`` finding this package."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from kfp_jupyter.compat.scripts import read_script, run_module, run_script
from kfp_jupyter.errors import UsageError

USAGE = """\
usage: python -m kfp_jupyter.compat SCRIPT [ARGUMENT ...]
       python -m kfp_jupyter.compat -m MODULE [ARGUMENT ...]

Run a program as python does, with `import kfp` finding kfp_jupyter."""


def main(arguments: Sequence[str]) -> None:
    """Run what the command line says.

    Args:
        arguments: The command line after the name of this module.
    """
    if arguments and arguments[0] in ("-h", "--help"):
        sys.stdout.write(f"{USAGE}\n")
    elif not arguments or (arguments[0].startswith("-") and (arguments[0] != "-m" or len(arguments) < 2)):
        sys.stderr.write(f"{USAGE}\n")
        sys.exit(2)
    elif arguments[0] == "-m":
        run_module(arguments[1], arguments[2:])
    else:
        _run_script(arguments[0], arguments[1:])


def _run_script(path: str, arguments: Sequence[str]) -> None:
    try:
        source = read_script(path)
    except UsageError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
    run_script(path, source, arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
