"""Which inputs and outputs are passed by value, and which as artifacts.

An output is passed as a parameter only where a task further down uses its value: Argo limits the size of a parameter,
but not that of an artifact. So each use is traced back to the task that produces the value.

Source: ``fix_big_data_passing`` in ``kfp/compiler/_data_passing_rewriter.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kfp_jupyter.compiler.dataflow import Dataflow, Member
from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.compiler.templates import Body
from kfp_jupyter.dsl.placeholders import Reference

Port = tuple[str, str]
"""Name of a template, name of an input or output of it."""


class DataPassing:
    """The inputs and outputs of all templates that are passed by value, and those that are passed as artifacts.

    Attributes:
        inputs_by_value: Inputs that are parameters.
        inputs_by_artifact: Inputs that are artifacts.
        outputs_by_value: Outputs that are parameters.
        outputs_by_artifact: Outputs that are artifacts.
    """

    def __init__(self, dataflow: Dataflow, bodies: Mapping[str, Body], direct: Iterable[tuple[str, Reference]]) -> None:
        self.inputs_by_value: set[Port] = set()
        self.inputs_by_artifact: set[Port] = set()
        self.outputs_by_value: set[Port] = set()
        self.outputs_by_artifact: set[Port] = set()
        self._from_around: dict[Port, list[Port]] = {}
        self._from_beside: dict[Port, list[Port]] = {}
        for member in dataflow.members.values():
            self._index(dataflow, member)
        for task, body in bodies.items():
            for name in body.values:
                self._want((task, name), self.inputs_by_value, self.outputs_by_value)
            for file in body.files:
                if file.source is not None:
                    self._want((task, full_name(file.source)), self.inputs_by_artifact, self.outputs_by_artifact)
        for key, reference in direct:
            self._want_beside(dataflow, key, full_name(reference))

    def _index(self, dataflow: Dataflow, member: Member) -> None:
        """Record where everything in a group gets its inputs from."""
        if len(member.path) > 1:
            self._link(dataflow, member, member.path[-2])
        for name in member.group.tasks:
            for taken, source in dataflow.inputs.get(name, {}).items():
                self._add((name, taken), (member.group.name, taken), source)

    def _link(self, dataflow: Dataflow, member: Member, around: str) -> None:
        group = member.group
        taken = dataflow.inputs.get(member.key, {})
        outer = dataflow.members[around].group.name
        if group.recursion is not None:
            for known, passed in group.recursion:
                name = full_name(passed)
                if name in taken:
                    self._add((group.name, full_name(known)), (outer, name), taken[name])
            return
        for name, source in taken.items():
            if not dataflow.is_item(member, name):
                self._add((group.name, name), (outer, name), source)

    def _add(self, port: Port, around: Port, source: str | None) -> None:
        if source is None:
            self._from_around.setdefault(port, []).append(around)
        else:
            self._from_beside.setdefault(port, []).append((source, around[1]))

    def _want_beside(self, dataflow: Dataflow, key: str, name: str) -> None:
        """Mark what a group's own condition or loop uses: it is evaluated in the group around it."""
        source = dataflow.inputs.get(key, {}).get(name)
        if source is not None:
            self.outputs_by_value.add((source, name))
        else:
            around = dataflow.members[dataflow.members[key].path[-2]].group.name
            self._want((around, name), self.inputs_by_value, self.outputs_by_value)

    def _want(self, port: Port, inputs: set[Port], outputs: set[Port]) -> None:
        waiting = [port]
        while waiting:
            port = waiting.pop()
            if port not in inputs:
                inputs.add(port)
                waiting += self._from_around.get(port, ())
                outputs.update(self._from_beside.get(port, ()))
