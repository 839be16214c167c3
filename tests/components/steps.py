"""Components run as a container would run them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kfp_jupyter.components import Component
from kfp_jupyter.components.arguments import command_line


class Done(NamedTuple):
    """A step that has run.

    Attributes:
        code: Its exit code.
        text: What it printed.
        outputs: Where it left its outputs, by name.
    """

    code: int
    text: str
    outputs: dict[str, Path]


def run(component: Component, tmp_path: Path, **arguments: str) -> Done:
    """Run the component's command with its outputs below a directory; inputs are passed as they are."""
    return run_on(sys.executable, component, tmp_path, arguments)


def run_on(
    python: str,
    component: Component,
    tmp_path: Path,
    arguments: Mapping[str, str],
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run the component's command where ``python3`` is a certain interpreter.

    Args:
        python: Path of the interpreter.
        component: The component.
        tmp_path: Where it runs and leaves its outputs.
        arguments: Its inputs, passed as they are.
        env: Further environment variables.
    """
    line = command_line(component.component_spec, arguments)
    outputs = {name: tmp_path / name / "data" for name in line.output_paths}
    words = [*line.command, *line.args]
    for name, path in line.output_paths.items():
        words = [str(outputs[name]) if word == path else word for word in words]
    for name, path in line.input_paths.items():
        words = [arguments[name] if word == path else word for word in words]
    programs = tmp_path / "bin"
    programs.mkdir(exist_ok=True)
    if not (programs / "python3").exists():
        # A link would hide from an interpreter the environment that it belongs to.
        (programs / "python3").write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
        (programs / "python3").chmod(0o755)
    env = {"PATH": f"{programs}:/usr/bin:/bin", "TMPDIR": str(tmp_path), **(env or {})}
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", env=env, cwd=tmp_path, check=False, timeout=60
    )
    return Done(done.returncode, done.stdout + done.stderr, outputs)
