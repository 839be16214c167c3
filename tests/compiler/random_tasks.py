"""Random values and tasks of pipelines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from tests.compiler.random_words import NAMES, TEXTS, Reference, Scope

T = TypeVar("T")


class TaskAuthor:
    """Writes tasks into a program, asking hypothesis for every decision; what it asks for first is the simplest.

    Args:
        draw: Takes a value of a strategy.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._tasks_left = draw(st.integers(3, 14))
        self._number = 0

    def _pick(self, choices: Sequence[T]) -> T:
        return self._draw(st.sampled_from(choices))

    def _chance(self, one_in: int) -> bool:
        return self._draw(st.integers(1, one_in)) == one_in

    def _variable(self, kind: str) -> str:
        self._number += 1
        return f"{kind}_{self._number}"

    # Values

    def _text(self, scope: Scope, prefix: str = "") -> str:
        """Return a text that may hold references after a prefix."""
        references = self._draw(st.lists(st.sampled_from(scope.values), max_size=3)) if scope.values else []
        if not references:
            return repr(self._pick(TEXTS))
        joint = self._pick(("-", " and ", "/", ""))
        fields = joint.join("{" + value.text + "}" for value in references)
        end = self._pick(("", "!", " {{}}"))
        return f"f'{prefix}{fields}{end}'"

    def _reference(self, scope: Scope, fits: Callable[[Reference], bool] = lambda _: True) -> str | None:
        """Return a reference that fits, where there is one."""
        fitting = [value for value in scope.values if fits(value)]
        return self._pick(fitting).text if fitting else None

    def _value(self, scope: Scope) -> str:
        """Return an argument of any kind for an input without a type."""
        kind = self._pick(("reference", "reference", "reference", "text", "constant", "list", "record"))
        reference = self._reference(scope) or "'none'"
        if kind == "reference":
            return reference
        if kind == "constant":
            return repr(self._pick((1, -2.5, True, [1, "a", None], {"b": 1, "a": []}, *TEXTS)))
        if kind == "list":
            return f"[{reference}, 1, 'x']"
        if kind == "record":
            return "{" + f"'key': {reference}, 'more': [{self._text(scope)}]" + "}"
        return self._text(scope)

    def _file(self, scope: Scope, used: set[str]) -> str:
        """Return an argument for an input that is a file; each reference is used once in a task."""

        def fits(value: Reference) -> bool:
            inside = scope.path[: len(value.home)] == value.home
            return value.text not in used and (value.kind != "resource" or inside)

        reference = self._reference(scope, fits)
        if reference is None or self._chance(4):
            # A text that is a reference and no more would be that file again.
            return self._text(scope, prefix="file: ")
        used.add(reference)
        return reference

    def _part(self, scope: Scope) -> str:
        """Return a text or a reference for a part of a Kubernetes object."""
        reference = self._reference(scope, lambda value: not value.whole)
        return reference if reference and self._chance(2) else self._text(scope)

    # Tasks

    def _task(self, scope: Scope, must_use: str | None = None) -> None:
        """Write a task.

        Args:
            scope: Where.
            must_use: A reference that has to be its argument.
        """
        if must_use:
            self._finish(scope, "say", f"say_op({must_use})", ("said",))
        elif scope.volumes and self._chance(3):
            self._container(scope)
        else:
            self._pick((self._say, self._say, self._read, self._split, self._merge, self._count, self._container))(
                scope
            )

    def _finish(self, scope: Scope, kind: str, call: str, outputs: Sequence[str], source: str = "output") -> str:
        """Write a task's line, and note what it makes."""
        self._tasks_left -= 1
        name = self._variable(kind)
        settings = self._settings(scope, container=source == "output")
        scope.write(f"{name} = {call}{settings}{self._after(scope)}")
        single = len(outputs) == 1
        output_type = "Integer" if kind == "count" else None
        for output in outputs:
            text = f"{name}.output" if single else f'{name}.outputs["{output}"]'
            scope.references.append(Reference(text, scope.path, source, type=output_type))
        scope.handles.append(name)
        return name

    def _say(self, scope: Scope) -> None:
        self._finish(scope, "say", f"say_op({self._value(scope)})", ("said",))

    def _read(self, scope: Scope) -> None:
        used: set[str] = set()
        arguments = [self._file(scope, used)]
        if self._chance(2):
            arguments.append(f"label={self._value(scope)}")
        if self._chance(3):
            arguments.append(f"note={self._file(scope, used)}")
        self._finish(scope, "read", f"read_op({', '.join(arguments)})", ("report",))

    def _split(self, scope: Scope) -> None:
        self._finish(scope, "split", f"split_op({self._value(scope)})", ("left", "Right Half", "items"))

    def _merge(self, scope: Scope) -> None:
        used: set[str] = set()
        first, second = self._file(scope, used), self._file(scope, used)
        self._finish(scope, "merge", f"merge_op({first}, {second})", ("merged",))

    def _count(self, scope: Scope) -> None:
        text = self._reference(scope, lambda value: value.type in (None, "String")) or self._text(scope)
        times = self._reference(scope, lambda value: value.type in (None, "Integer"))
        arguments = f"{text}, {times}" if times and self._chance(2) else text
        self._finish(scope, "count", f"count_words({arguments})", ("Output",))

    def _container(self, scope: Scope) -> None:
        arguments = [self._value(scope) for _ in range(self._draw(st.integers(0, 3)))]
        if self._chance(3):
            arguments.append(f"dsl.InputArgumentPath({self._file(scope, set())}, 'given file')")
        outputs = ("answer", "Log File", "size")[: self._draw(st.integers(0, 3))]
        files = ", ".join(f"'{output}': '/out/{number}'" for number, output in enumerate(outputs))
        volume = self._pick(scope.volumes) if scope.volumes and self._chance(2) else None
        mount = f", pvolumes={{'/data': {volume}}}" if volume else ""
        call = (
            f"dsl.ContainerOp(name={self._pick(NAMES)!r}, image='busybox', arguments=[{', '.join(arguments)}], "
            f"file_outputs={{{files}}}{mount})"
        )
        name = self._finish(scope, "container", call, outputs)
        if volume:
            scope.volumes.append(f"{name}.pvolume")

    def _volume(self, scope: Scope) -> None:
        given = self._reference(scope, lambda value: not value.whole) if self._chance(2) else None
        size = given or "'1Gi'"
        call = f"dsl.VolumeOp(name='disk', resource_name={self._text(scope)}, size={size})"
        name = self._finish(scope, "disk", call, ("name", "size", "manifest"), "resource")
        scope.volumes.append(f"{name}.volume")
        if self._chance(2):
            self._container(scope)

    def _resource(self, scope: Scope) -> None:
        manifest = (
            "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'generateName': 'made-'}, "
            f"'data': {{'a': {self._value(scope)}, 'b': {self._text(scope)}}}}}"
        )
        action = self._pick(("create", "apply", "patch"))
        call = (
            f"dsl.ResourceOp(name='Config map', action={action!r}, k8s_resource={manifest}, "
            "attribute_outputs={'state': '{.data.a}'})"
        )
        self._finish(scope, "config", call, ("name", "manifest", "state"), "resource")

    def _settings(self, scope: Scope, container: bool = True) -> str:
        """Return calls that set something on a task."""
        if not self._chance(3):
            return ""
        note = self._reference(scope) or "'n'"
        choices = [
            ".set_retry(2)",
            ".set_retry(5, policy='Always')",
            ".set_display_name('Étape \"one\"')",
            ".set_caching_options(False)",
            ".set_timeout(60)",
            f".add_pod_label('team', {self._text(scope)})",
            f".add_pod_annotation('note', {note})",
            f".add_node_selector_constraint('pool', {self._part(scope)})",
            ".add_toleration(k8s.V1Toleration(key='gpu', operator='Exists'))",
        ]
        if container:
            limit = self._reference(scope, lambda value: not value.whole) or "'1Gi'"
            choices += [
                ".set_memory_limit('1Gi')",
                f".set_memory_request({limit})",
                f".set_cpu_limit({limit})",
                ".set_gpu_limit(1)",
                f".add_env_variable(k8s.V1EnvVar(name='MODE', value={self._part(scope)}))",
            ]
        return "".join(self._draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3, unique=True)))

    def _after(self, scope: Scope) -> str:
        if not scope.handles or not self._chance(4):
            return ""
        handles = self._draw(st.lists(st.sampled_from(scope.handles), min_size=1, max_size=2, unique=True))
        return f".after({', '.join(handles)})"
