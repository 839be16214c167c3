"""Who takes what by value, and who as a file.

An output is handed on as a parameter only where somebody down the line wants its value: a parameter of Argo is small,
a file is not. So the wish is followed from those who have it up to those who make the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.compiler.scopes import Member, Scopes
from kfp_jupyter.compiler.templates import Body
from kfp_jupyter.dsl.text import Reference

Port = tuple[str, str]
"""Name of a template, name of an input or output of it."""


class Consumption:
    """What of every template is wanted by value and what as a file.

    Attributes:
        values: Inputs wanted by value.
        files: Inputs wanted as a file.
        output_values: Outputs wanted by value.
        output_files: Outputs wanted as a file.
    """

    def __init__(self, scopes: Scopes, bodies: Mapping[str, Body], direct: Iterable[tuple[str, Reference]]) -> None:
        self.values: set[Port] = set()
        self.files: set[Port] = set()
        self.output_values: set[Port] = set()
        self.output_files: set[Port] = set()
        self._from_around: dict[Port, list[Port]] = {}
        self._from_beside: dict[Port, list[Port]] = {}
        for member in scopes.members.values():
            self._index(scopes, member)
        for task, body in bodies.items():
            for name in body.values:
                self._want((task, name), self.values, self.output_values)
            for file in body.files:
                if file.source is not None:
                    self._want((task, full_name(file.source)), self.files, self.output_files)
        for key, reference in direct:
            self._want_beside(scopes, key, full_name(reference))

    def _index(self, scopes: Scopes, member: Member) -> None:
        """Note where everything in a group gets its inputs from."""
        if len(member.path) > 1:
            self._link(scopes, member, member.path[-2])
        for name in member.group.tasks:
            for taken, source in scopes.inputs.get(name, {}).items():
                self._add((name, taken), (member.group.name, taken), source)

    def _link(self, scopes: Scopes, member: Member, around: str) -> None:
        group = member.group
        taken = scopes.inputs.get(member.key, {})
        outer = scopes.members[around].group.name
        if group.recursion is not None:
            for known, passed in group.recursion:
                name = full_name(passed)
                if name in taken:
                    self._add((group.name, full_name(known)), (outer, name), taken[name])
            return
        for name, source in taken.items():
            if not scopes.is_item(member, name):
                self._add((group.name, name), (outer, name), source)

    def _add(self, port: Port, around: Port, source: str | None) -> None:
        if source is None:
            self._from_around.setdefault(port, []).append(around)
        else:
            self._from_beside.setdefault(port, []).append((source, around[1]))

    def _want_beside(self, scopes: Scopes, key: str, name: str) -> None:
        """What a group's own condition or loop wants is seen by the group around it."""
        source = scopes.inputs.get(key, {}).get(name)
        if source is not None:
            self.output_values.add((source, name))
        else:
            around = scopes.members[scopes.members[key].path[-2]].group.name
            self._want((around, name), self.values, self.output_values)

    def _want(self, port: Port, inputs: set[Port], outputs: set[Port]) -> None:
        waiting = [port]
        while waiting:
            port = waiting.pop()
            if port not in inputs:
                inputs.add(port)
                waiting += self._from_around.get(port, ())
                outputs.update(self._from_beside.get(port, ()))
