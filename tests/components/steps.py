"""Components run as a container would run them."""

from __future__ import annotations

import subprocess
import sys
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
    line = command_line(component.component_spec, arguments)
    outputs = {name: tmp_path / name / "data" for name in line.output_paths}
    words = [*line.command, *line.args]
    for name, path in line.output_paths.items():
        words = [str(outputs[name]) if word == path else word for word in words]
    for name, path in line.input_paths.items():
        words = [arguments[name] if word == path else word for word in words]
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    done = subprocess.run(words, capture_output=True, text=True, env=env, cwd=tmp_path, check=False, timeout=60)
    return Done(done.returncode, done.stdout + done.stderr, outputs)
