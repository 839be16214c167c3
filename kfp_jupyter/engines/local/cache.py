"""Outputs of earlier steps, found again by what went in."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.outputs import Outputs, copy
from kfp_jupyter.engines.local.staging import Job
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import CACHING, MAX_CACHE_STALENESS
from kfp_jupyter.workflow.values import PARAMETER_LIMIT

_ENTRY_LIMIT = 64 * 1024 * 1024
_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = {"years": 31536000, "months": 2592000, "weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60}


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    """Where the outputs of a step are.

    Attributes:
        run: Id of its run.
        node: Id of its node.
        time: When it ended, seconds since 1970.
        parameters: Output parameters: name to value.
        artifacts: Output artifacts: name to path in the node's directory.
    """

    run: str
    node: str
    time: float
    parameters: Mapping[str, str]
    artifacts: Mapping[str, str]

    @classmethod
    def parse(cls, written: Any) -> _Entry:
        """Return the entry that a file holds.

        Raises:
            ValueError: It holds something else.
        """
        fields = [field.name for field in dataclasses.fields(cls)]
        if not isinstance(written, dict) or sorted(written) != sorted(fields):
            raise ValueError
        entry = cls(**written)
        texts: list[Any] = [entry.run, entry.node]
        for mapping in (entry.parameters, entry.artifacts):
            texts += [*mapping, *mapping.values()] if isinstance(mapping, dict) else [None]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError
        for text in texts:
            text.encode()
        try:
            return dataclasses.replace(entry, time=float(entry.time))
        except (TypeError, OverflowError):
            raise ValueError from None

    def fits(self, template: Mapping[str, Any]) -> bool:
        """Whether it has what a step declares to write, and nothing else."""
        declared = template.get("outputs") or {}
        artifacts = {artifact["name"]: artifact for artifact in declared.get("artifacts") or ()}
        needed = {name for name, artifact in artifacts.items() if not artifact.get("optional")}
        return (
            set(self.parameters) == {parameter["name"] for parameter in declared.get("parameters") or ()}
            and needed <= set(self.artifacts) <= set(artifacts)
            and all(len(value.encode()) <= PARAMETER_LIMIT for value in self.parameters.values())
        )


class Cache:
    """An index of successful steps, kept beside the runs whose files it points at.

    Args:
        root: The folder of runs.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def key(self, job: Job, template: Mapping[str, Any], environment: str) -> str:
        """Return what a step's outputs are found by; empty for a step that doesn't want to be found.

        Args:
            job: The step.
            template: Its template with tags replaced and paths as declared.
            environment: A word that changes with the interpreter and its packages.
        """
        metadata = section(job.template, "metadata")
        if str(section(metadata, "labels").get(CACHING)).lower() != "true" or max_age(metadata) == 0:
            return ""
        container = template["container"]
        inputs = entries(template, "inputs", "artifacts")
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
            return self._fetch(key, template, directory)
        except safe_paths.OutsideError:
            # Not written by this package: as good as none, and replaced by what the step does now.
            return None

    def _fetch(self, key: str, template: Mapping[str, Any], directory: Path) -> Outputs | None:
        entry = self._entry(key)
        age = max_age(section(template, "metadata"))
        if entry is None or not entry.fits(template) or (age is not None and time.time() - entry.time > age):
            return None
        try:
            run = RunDirectory(safe_paths.child(self._root, entry.run))
            earlier = run.node(entry.node)
            found = {
                name: (safe_paths.within(earlier, path), safe_paths.within(directory, path))
                for name, path in entry.artifacts.items()
            }
            if not earlier.is_dir() or not all(source.exists() for source, _ in found.values()):
                return None
        except OSError:
            # Such as a name that no file system takes.
            return None
        for source, target in found.values():
            if not target.exists():
                copy(source, target)
        if run.log(entry.node).exists():
            copy(run.log(entry.node), directory / "main.log")
        return Outputs(entry.parameters, {name: target for name, (_, target) in found.items()})

    def _entry(self, key: str) -> _Entry | None:
        """Return what is noted under a key; None if there is nothing, or nothing that an entry could be."""
        try:
            return _Entry.parse(read_json(safe_paths.read(self._file(key), _ENTRY_LIMIT)))
        except (OSError, ValueError, UnreadableError, EngineError):
            return None

    def store(self, key: str, run: str, node: str, outputs: Outputs) -> None:
        """Note where a successful step's outputs are.

        Where that can't be written (in a folder that others share, another's index), the step runs again next time.

        Args:
            key: Key of the step.
            run: Id of the run.
            node: Id of the node.
            outputs: What the step wrote.
        """
        with contextlib.suppress(OSError, safe_paths.OutsideError):
            self._store(key, run, node, outputs)

    def _store(self, key: str, run: str, node: str, outputs: Outputs) -> None:
        directory = RunDirectory(self._root / run).node(node)
        artifacts = {name: str(path.relative_to(directory)) for name, path in outputs.artifacts.items()}
        entry = {"run": run, "node": node, "time": time.time(), "parameters": dict(outputs.parameters)}
        file = self._file(key)
        for folder in (file.parent.parent, file.parent):
            # Another run may be faster.
            with contextlib.suppress(FileExistsError):
                safe_paths.make_folder(folder)
        safe_paths.replace(file, json.dumps(entry | {"artifacts": artifacts}).encode())

    def _file(self, key: str) -> Path:
        return safe_paths.child(safe_paths.child(safe_paths.child(self._root, ".cache"), key[:2]), f"{key}.json")


def max_age(metadata: Mapping[str, Any]) -> float | None:
    """Return how many seconds old outputs may be that a step accepts; None for any age, 0 for none.

    Args:
        metadata: The ``metadata`` of its template.
    """
    text = section(metadata, "annotations").get(MAX_CACHE_STALENESS)
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
                if path.is_symlink():
                    result.update(os.fsencode(path.readlink()))
                elif path.is_file():
                    result.update(digest(path).encode())
    else:
        with os.fdopen(safe_paths.open_regular(Path(os.path.realpath(source)), os.O_RDONLY), "rb") as file:
            while block := file.read(1 << 20):
                result.update(block)
    return result.hexdigest()
