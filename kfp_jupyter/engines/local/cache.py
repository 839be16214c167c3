"""Outputs of earlier steps, found again by what went in."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local.outputs import Outputs, copy
from kfp_jupyter.engines.local.staging import Job
from kfp_jupyter.engines.local.store import RunDirectory, replace

_ENABLED = "pipelines.kubeflow.org/enable_caching"
_STALENESS = "pipelines.kubeflow.org/max_cache_staleness"
_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = {"years": 31536000, "months": 2592000, "weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60}


class Cache:
    """An index of successful steps, kept beside the runs whose files it points at.

    Args:
        root: The folder of runs.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder = root / ".cache"

    def key(self, job: Job, template: Mapping[str, Any], environment: str) -> str:
        """Return what a step's outputs are found by; empty for a step that doesn't want to be found.

        Args:
            job: The step.
            template: Its template with tags replaced and paths as declared.
            environment: A word that changes with the interpreter and its packages.
        """
        metadata = job.template.get("metadata") or {}
        if str((metadata.get("labels") or {}).get(_ENABLED)).lower() != "true" or max_age(metadata) == 0:
            return ""
        container = template["container"]
        inputs = (template.get("inputs") or {}).get("artifacts") or ()
        facts = {
            "command": [container.get("command"), container.get("args"), container.get("env"), container.get("image")],
            "isolated": job.isolated,
            "environment": environment,
            # A consumer finds an output under its name, so outputs of another name are other outputs.
            "outputs": template.get("outputs"),
            "inputs": [[artifact["name"], artifact.get("path"), artifact.get("raw")] for artifact in inputs],
            "content": {name: digest(source) for name, source in sorted(job.artifacts.items())},
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def fetch(self, key: str, template: Mapping[str, Any], directory: Path) -> Outputs | None:
        """Copy outputs and log of an earlier step into a node's directory; None if there is none, or none young enough.

        Args:
            key: What `key` returned.
            template: The step's template.
            directory: The node's.
        """
        try:
            entry = json.loads(self._file(key).read_bytes())
        except (OSError, ValueError):
            return None
        age = max_age(template.get("metadata") or {})
        if age is not None and time.time() - entry["time"] > age:
            return None
        earlier = RunDirectory(self._root / entry["run"]).node(entry["node"])
        found = {name: (earlier / path, directory / path) for name, path in entry["artifacts"].items()}
        if not earlier.is_dir() or not all(source.exists() for source, _ in found.values()):
            return None
        for source, target in found.values():
            if not target.exists():
                copy(source, target)
        if (earlier / "main.log").exists():
            copy(earlier / "main.log", directory / "main.log")
        return Outputs(entry["parameters"], {name: target for name, (_, target) in found.items()})

    def store(self, key: str, run: str, node: str, outputs: Outputs) -> None:
        """Note where a successful step's outputs are."""
        directory = RunDirectory(self._root / run).node(node)
        artifacts = {name: str(path.relative_to(directory)) for name, path in outputs.artifacts.items()}
        entry = {"run": run, "node": node, "time": time.time(), "parameters": dict(outputs.parameters)}
        file = self._file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, json.dumps(entry | {"artifacts": artifacts}).encode())

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def max_age(metadata: Mapping[str, Any]) -> float | None:
    """Return how many seconds old outputs may be that a step accepts; None for any age, 0 for none.

    Args:
        metadata: The ``metadata`` of its template.
    """
    text = (metadata.get("annotations") or {}).get(_STALENESS)
    if not text:
        return None
    match = _DURATION.fullmatch(str(text))
    if match is None:
        # Not a duration: better run once more than take what was not wanted.
        return 0.0
    parts = {name: float(number) for name, number in match.groupdict().items() if number}
    return sum(number * _SECONDS.get(name, 1) for name, number in parts.items())


def digest(source: Path | bytes) -> str:
    """Return a digest of a file, of a directory with all in it, or of bytes."""
    result = hashlib.sha256()
    if isinstance(source, bytes):
        result.update(source)
    elif source.is_dir():
        for folder, folders, files in os.walk(source):
            folders.sort()
            for name in sorted((*folders, *files)):
                path = Path(folder, name)
                result.update(f"\0{path.relative_to(source)}\0".encode(errors="surrogateescape"))
                if path.is_file():
                    result.update(digest(path).encode())
    else:
        with source.open("rb") as file:
            while block := file.read(1 << 20):
                result.update(block)
    return result.hexdigest()
