"""Plays the small Workflows of these tests for the memory engine: a DAG's steps, one after the other."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.memory import MemoryRun
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.runs import Phase
from kfp_jupyter.workflow.dialect import MAIN_LOGS

POLL = 0.01


def play(run: MemoryRun) -> None:
    """Run the tasks in the order in which they are written, those that have succeeded before left out."""
    stop, done = run.stop, set(run.state.nodes)
    templates = {template["name"]: template for template in entries(run.workflow, "spec", "templates")}
    dag = templates[run.workflow["spec"]["entrypoint"]]
    for task in entries(dag, "dag", "tasks"):
        if task["name"] in done:
            continue
        if not _Step(run, task, templates[task["template"]]).succeeds(stop):
            run.finish(Phase.FAILED, f"child {task['name']!r} failed")
            return
    run.finish(Phase.SUCCEEDED)


class _Step:
    def __init__(self, run: MemoryRun, task: Mapping[str, Any], template: Mapping[str, Any]) -> None:
        self._run, self._name, self._template = run, str(task["name"]), template
        values = {f"inputs.parameters.{name}": value for name, value in run.arguments.items()}
        values |= {f"workflow.parameters.{name}": value for name, value in run.arguments.items()}
        values |= {"workflow.name": run.state.name, "workflow.uid": run.workflow["metadata"]["uid"]}
        values["pod.name"] = f"{run.state.name}-{self._name}"
        self._values = values
        given = entries(task, "arguments", "parameters")
        self._inputs = {str(p["name"]): self._filled(str(p["value"])) for p in given}
        self._values = values | {f"inputs.parameters.{name}": value for name, value in self._inputs.items()}

    def succeeds(self, stop: threading.Event) -> bool:
        """Run it, and report what it does."""
        self._run.step(self._name, Phase.RUNNING, inputs=self._inputs)
        with tempfile.TemporaryDirectory() as folder:
            code = self._ran(Path(folder), stop)
            if code:
                self._run.step(self._name, Phase.FAILED, message=f"Error (exit code {code})", exit_code=code)
                return False
            files = {
                str(a["name"]): self._own(Path(folder), a["path"])
                for a in entries(self._template, "outputs", "artifacts")
            }
            for name, file in files.items():
                self._run.artifact(self._name, name, file.read_bytes())
            outputs = {
                str(p["name"]): self._own(Path(folder), p["valueFrom"]["path"]).read_text()
                for p in entries(self._template, "outputs", "parameters")
            }
            written = (*files, MAIN_LOGS)
            self._run.step(self._name, Phase.SUCCEEDED, outputs=outputs, output_artifacts=written, exit_code=0)
        return True

    def _ran(self, folder: Path, stop: threading.Event) -> int:
        """Run its program, and return its exit code."""
        raw = {a["name"]: a["raw"]["data"] for a in entries(self._run.workflow, "spec", "arguments", "artifacts")}
        for artifact in entries(self._template, "inputs", "artifacts"):
            file = self._own(folder, artifact["path"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self._filled(raw[artifact["name"]]))
        container = self._template["container"]
        declared = [a["path"] for part in ("inputs", "outputs") for a in entries(self._template, part, "artifacts")]
        words = [self._filled(word) for word in container.get("args", ())]
        words = [str(self._own(folder, word)) if word in declared else word for word in words]
        program = [sys.executable, "-u", "-c", container["command"][-1], *words]
        with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            killer = threading.Thread(target=_kill_when, args=(process, stop))
            killer.start()
            for line in process.stdout or ():
                self._run.log(self._name, line)
            code = process.wait()
        killer.join()
        return code

    def _own(self, folder: Path, path: str) -> Path:
        return folder / path.lstrip("/")

    def _filled(self, text: str) -> str:
        """Return a text with values in the place of the tags that are known, those inside of values too."""
        before = ""
        while before != text:
            before = text
            for name, value in self._values.items():
                text = text.replace("{{" + name + "}}", value)
        return text


def _kill_when(process: subprocess.Popen[str], stop: threading.Event) -> None:
    while process.poll() is None:
        if stop.wait(POLL):
            process.kill()
            return
