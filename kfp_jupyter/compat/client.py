"""KFP v1's client for runs on a cluster. Not available yet: using it is an error.

The names exist nevertheless: programs import them at the top and may never use them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from kfp_jupyter.errors import EngineError, author_position


class Client:
    """KFP v1's client.

    Raises:
        EngineError: Always, for there is none yet.
    """

    def __init__(self, *_args: object, **_options: object) -> None:
        _refuse("kfp.Client")


class LocalClient:
    """KFP v1's client for runs on one machine.

    Raises:
        EngineError: Always, for there is none.
    """

    def __init__(self, *_args: object, **_options: object) -> None:
        _refuse("kfp.LocalClient")


def run_pipeline_func_on_cluster(*_args: Any, **_options: Any) -> NoReturn:
    """Run a pipeline on a cluster.

    Raises:
        EngineError: Always, for there is no client yet.
    """
    _refuse("kfp.run_pipeline_func_on_cluster")


def run_pipeline_func_locally(*_args: Any, **_options: Any) -> NoReturn:
    """Run a pipeline on one machine.

    Raises:
        EngineError: Always, for there is no client yet.
    """
    _refuse("kfp.run_pipeline_func_locally")


def _refuse(name: str) -> NoReturn:
    raise EngineError(
        f"{name} is not available yet.",
        remedy="Compile the pipeline with kfp.compiler.Compiler and upload the file, "
        "or run it on this machine with `kfp-jupyter run FILE`.",
        position=author_position(),
    )
