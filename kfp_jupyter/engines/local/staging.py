"""Template and inputs of a step → what is started, and the files it finds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local.command import Command, parse_command
from kfp_jupyter.engines.local.outputs import copy
from kfp_jupyter.engines.local.path_map import PathMap
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow import tags
from kfp_jupyter.workflow.dialect import ISOLATED
from kfp_jupyter.workflow.values import WORD_LIMIT, json_parameters


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One step to run.

    Attributes:
        node_id: Its node.
        template: Its template, as the Workflow has it.
        parameters: Values of its input parameters.
        artifacts: Its input artifacts: files or directories to copy, or content.
        variables: What tags mean that aren't about this template (``workflow.name``, …).
    """

    node_id: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    artifacts: Mapping[str, Path | bytes]
    variables: Mapping[str, str]

    @property
    def isolated(self) -> bool:
        """Whether it sees nothing of the notebook's packages."""
        metadata = section(self.template, "metadata")
        return str(section(metadata, "annotations").get(ISOLATED)).lower() == "true"


@dataclasses.dataclass(frozen=True, slots=True)
class Staged:
    """A step, ready to start.

    Attributes:
        command: What it does; its words and program have no tags any more, and paths of this machine.
        env: Environment variables of its template.
        cwd: Directory to start in.
        paths: Where its declared paths are.
        template: Its template with tags replaced and paths as declared.
    """

    command: Command
    env: Mapping[str, str]
    cwd: Path
    paths: PathMap
    template: Mapping[str, Any]


def resolve(job: Job) -> dict[str, Any]:
    """Return a step's template with tags replaced and paths as declared: what a cluster would run."""
    resolved: dict[str, Any] = _substitute(job.template, _variables(job, None))
    return resolved


def stage(job: Job, directory: Path) -> Staged:
    """Make a step's directories and return what to start in them.

    Args:
        job: The step.
        directory: Its node's.

    Raises:
        EngineError: An argument is nothing the system passes to a program.
    """
    work = directory / "work"
    paths = PathMap(_declared(job.template), directory / "fs", work)
    work.mkdir()
    template = resolve(job)
    variables = _variables(job, paths)

    def text(value: str) -> str:
        # At once: a value that happens to look like a declared path arrives unchanged, and so does a path with braces.
        return paths.translate(value, lambda part: tags.substitute(part, variables))

    container = job.template["container"]
    words = [_word(word) for word in (*(container.get("command") or ()), *(container.get("args") or ()))]
    env = {variable["name"]: _word(variable.get("value")) for variable in entries(container, "env")}
    for word in (*words, *env.values()):
        _check_word(word, text(word), job)
    command = parse_command(words)
    program = None if command.program is None else command.plain_program(text(command.program))
    packages = tuple(tags.substitute(package, variables) for package in command.packages)
    command = dataclasses.replace(command, argv=tuple(map(text, command.argv)), packages=packages, program=program)
    _write_inputs(job, template, paths)
    _make_parents(template, paths)
    return Staged(command, {name: text(value) for name, value in env.items()}, work, paths, template)


def _word(value: Any) -> str:
    """YAML may have made a number of it."""
    return "" if value is None else str(value)


def _declared(template: Mapping[str, Any]) -> Iterator[str]:
    inputs, outputs = section(template, "inputs"), section(template, "outputs")
    for artifact in (*entries(inputs, "artifacts"), *entries(outputs, "artifacts")):
        if artifact.get("path"):
            yield artifact["path"]
    for parameter in entries(outputs, "parameters"):
        if section(parameter, "valueFrom").get("path"):
            yield parameter["valueFrom"]["path"]


def _variables(job: Job, paths: PathMap | None) -> dict[str, str]:
    """Return what tags mean in the template; paths as declared, or where they are."""
    variables = dict(job.variables) | {f"inputs.parameters.{name}": value for name, value in job.parameters.items()}
    variables["inputs.parameters"] = json_parameters(job.parameters)
    inputs, outputs = section(job.template, "inputs"), section(job.template, "outputs")
    places = {f"inputs.artifacts.{a['name']}.path": a.get("path") for a in entries(inputs, "artifacts")}
    places |= {f"outputs.artifacts.{a['name']}.path": a.get("path") for a in entries(outputs, "artifacts")}
    for parameter in entries(outputs, "parameters"):
        places[f"outputs.parameters.{parameter['name']}.path"] = section(parameter, "valueFrom").get("path")
    for name, path in places.items():
        if path:
            declared = tags.substitute(path, variables)
            variables[name] = str(paths.locate(declared)) if paths else declared
    return variables


def _substitute(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return tags.substitute(value, variables)
    if isinstance(value, Mapping):
        return {key: inner if key == "metadata" else _substitute(inner, variables) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_substitute(inner, variables) for inner in value]
    return value


def _check_word(written: str, text: str, job: Job) -> None:
    """Refuse what the system wouldn't pass to a program, naming the input at fault."""
    names = [name.removeprefix("inputs.parameters.") for name in tags.names(written)]
    values = {name: job.parameters[name] for name in names if name in job.parameters}
    try:
        size = len(text.encode(errors="surrogateescape"))
    except UnicodeEncodeError:
        size = -1
    if size < 0 or "\0" in text:
        guilty = next((f"input {name!r}" for name, value in values.items() if not value.isprintable()), "argument")
        raise EngineError(
            f"The {guilty} contains a character (NUL or an unpaired surrogate) that can't be passed to a program."
        )
    if size <= WORD_LIMIT:
        return
    name = max(values, key=lambda key: len(values[key]), default="")
    what, size = (f"The input {name!r}", len(values[name].encode())) if name else ("An argument of the step", size)
    raise EngineError(
        f"{what} has {size:,} bytes; as an argument a program takes {WORD_LIMIT:,} at most.",
        remedy="Read it as a file: annotate the component's input with InputPath." if name else "",
    )


def _write_inputs(job: Job, template: Mapping[str, Any], paths: PathMap) -> None:
    for artifact in entries(template, "inputs", "artifacts"):
        source = job.artifacts.get(artifact["name"])
        if source is None and artifact.get("raw"):
            source = str(artifact["raw"].get("data", "")).encode(errors="surrogatepass")
        if source is not None:
            copy(source, paths.locate(artifact["path"]))
        elif not artifact.get("optional"):
            raise EngineError(f"The input {artifact['name']!r} has no file: the step that produces it didn't write it.")


def _make_parents(template: Mapping[str, Any], paths: PathMap) -> None:
    """Make what Argo mounts: the directory around every declared output."""
    for path in _declared({"outputs": template.get("outputs")}):
        paths.locate(path).parent.mkdir(parents=True, exist_ok=True)
