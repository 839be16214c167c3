"""``dsl-compile``, with the options of KFP v1's command.

Source: ``kfp/compiler/main.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from kfp_jupyter.cli.pipeline_file import pipeline_in
from kfp_jupyter.cli.report_errors import report_errors
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl import PipelineExecutionMode
from kfp_jupyter.errors import UsageError

MODE_VARIABLE = "KF_PIPELINES_COMPILER_MODE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code.

    Args:
        arguments: The command line without the program's name; this process's own unless given.
    """
    options = _parser().parse_args(arguments)

    def command() -> int:
        mode = _mode(options.mode or os.environ.get(MODE_VARIABLE) or "V1")
        compile_pyfile(options.py, options.function, options.output, not options.disable_type_check, mode)
        return 0

    return report_errors(command)


def compile_pyfile(
    pyfile: str,
    function_name: str | None,
    output_path: str,
    type_check: bool,
    mode: PipelineExecutionMode = PipelineExecutionMode.V1_LEGACY,
) -> None:
    """Compile a pipeline of a file into a package.

    Args:
        pyfile: The file.
        function_name: Name of the pipeline's function; None when there is one pipeline.
        output_path: The package, ending in .yaml, .zip or .tar.gz.
        type_check: Whether types that don't fit are an error.
        mode: V1_LEGACY, the only one there is.

    Raises:
        KfpJupyterError: Something in the file is wrong, or it has no such pipeline.
    """
    with pipeline_in(pyfile, function_name) as pipeline:
        Compiler(mode).compile(pipeline, output_path, type_check=type_check)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("dsl-compile", description="Compile a pipeline of KFP v1 to an Argo Workflow.")
    parser.add_argument("--py", required=True, metavar="FILE", help="the Python file with the pipeline")
    parser.add_argument("--function", metavar="NAME", help="the pipeline's function, if the file has several pipelines")
    parser.add_argument("--namespace", help="ignored; accepted for compatibility with KFP v1")
    parser.add_argument("--output", required=True, metavar="FILE", help="the file to write: .yaml, .zip or .tar.gz")
    parser.add_argument("--disable-type-check", action="store_true", help="warn of type mismatches instead of failing")
    parser.add_argument("--mode", help=f"V1_LEGACY, the only mode; may also be set with {MODE_VARIABLE}")
    return parser


def _mode(name: str) -> PipelineExecutionMode:
    if name not in ("V1", "V1_LEGACY"):
        raise UsageError(f"The mode {name!r} can't be compiled.", remedy="Use V1_LEGACY.")
    return PipelineExecutionMode.V1_LEGACY


if __name__ == "__main__":
    sys.exit(main())
