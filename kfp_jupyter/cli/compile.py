"""``kfp-jupyter compile``: a Python file → a package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kfp_jupyter.cli.pipeline_file import pipeline_in
from kfp_jupyter.cli.report_errors import say, say_notes
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.package import write_package
from kfp_jupyter.compiler.yaml_writer import to_yaml


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", help="the Python file with the pipeline")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file to write: .yaml, .zip or .tar.gz; - for standard output"
    )
    parser.add_argument("--function", metavar="NAME", help="the pipeline's function, if the file has several pipelines")
    parser.add_argument("--compact", action="store_true", help="one template per component, for large pipelines")
    parser.add_argument("--disable-type-check", action="store_true", help="warn of type mismatches instead of failing")


def run(options: argparse.Namespace) -> int:
    """Compile a file with the command's options.

    Raises:
        KfpJupyterError: Something in the file is wrong, or the package can't be written.
    """
    with pipeline_in(options.file, options.function) as pipeline:
        compiler = Compiler(compact=options.compact)
        compiled = compiler.compiled(pipeline, type_check=not options.disable_type_check)
    say_notes(compiled.notes)
    workflow, text = compiled.workflow, to_yaml(compiled.workflow)
    if options.output == "-":
        sys.stdout.write(text)
        return 0
    output = options.output or f"{Path(options.file).stem}.yaml"
    write_package(text, output)
    say(f"{output}: {len(workflow['spec']['templates'])} templates, {len(text.encode()):,} bytes of YAML")
    return 0
