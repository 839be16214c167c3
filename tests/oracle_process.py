"""Compiles with kfp what comes in on standard input, one JSON object a line; the answers go out the same way.

`tests.oracle` starts it in an environment that holds kfp 1.8.24. A request has the program's text (``source``), the
name of its file (``file``) and whether the package's text is asked for (``text``) or the Workflow as data. The answer
has ``text`` or ``workflow``, or ``error`` with what kfp said.
"""

from __future__ import annotations

import importlib
import json
import linecache
import os
import sys
import tempfile
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

MODULE = "pipeline_under_test"


def namespace_of(source: str, file: str) -> dict[str, Any]:
    """Run a program as a module of its own, whose functions' sources can be read."""
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)
    module = types.ModuleType(MODULE)
    module.__file__ = file
    sys.modules[MODULE] = module
    exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def package_text(compiler: Any, pipeline: Any, conf: Any) -> str:
    """Return what kfp writes into a package."""
    with tempfile.TemporaryDirectory() as directory:
        package = Path(directory) / "package.yaml"
        compiler.compile(pipeline, str(package), pipeline_conf=conf)
        return package.read_text()


def workflow_data(compiler: Any, pipeline: Any, conf: Any) -> Any:
    """Return the Workflow without the detour through YAML, which costs kfp most of its time."""
    workflow = compiler._create_workflow(pipeline, pipeline_conf=conf)
    if "{{pipelineparam" in json.dumps(workflow):
        raise RuntimeError("Internal compiler error: Found unresolved PipelineParam.")
    return workflow


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Compile one program."""
    # Files that the program names are beside it.
    os.chdir(request["directory"])
    compiler_module = importlib.import_module("kfp.compiler")
    try:
        names = namespace_of(request["source"], request["file"])
        if request["text"]:
            return {"text": package_text(compiler_module.Compiler(), names["pipeline"], names.get("conf"))}
        return {"workflow": workflow_data(compiler_module.Compiler(), names["pipeline"], names.get("conf"))}
    except Exception as error:  # noqa: BLE001  whatever kfp or the program raises is the answer
        return {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def main() -> None:
    """Answer until there are no more requests."""
    # kfp prints, and so may pipelines: only answers may go where the other side reads.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    # Python looks beside a script first, where folders of tests have the names of libraries.
    sys.path.remove(str(Path(__file__).parent))
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
