"""``kfp-jupyter version``."""

from __future__ import annotations

import argparse
import platform

from kfp_jupyter._version import __version__
from kfp_jupyter.cli.report_errors import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: none."""


def run(_options: argparse.Namespace) -> int:
    """Print the versions of this package and of Python."""
    say(f"kfp_jupyter {__version__} on Python {platform.python_version()}")
    return 0
