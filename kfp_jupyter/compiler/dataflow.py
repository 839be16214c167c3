"""The groups around every task and group, and what is passed from group to group.

A DAG of Argo sees only its own inputs and the outputs of its own tasks. So a value is passed up through the groups
around its producer, and down through those around its consumer; both paths end in the innermost group around both.

Source: ``_get_inputs_outputs`` and ``_get_dependencies`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.dsl.graph import Group, Loop, PipelineGraph
from kfp_jupyter.dsl.groups import comparisons
from kfp_jupyter.dsl.placeholders import Reference, references
from kfp_jupyter.dsl.tracing import line_position
from kfp_jupyter.errors import CompileError, Position

Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A group and its path.

    Attributes:
        key: Its name; for a recursion, a name of its own.
        group: The group.
        path: Keys of the groups around it, outermost first, and its own.
    """

    key: str
    group: Group
    path: Path


class Dataflow:
    """The inputs and outputs of every task and group of a pipeline.

    Args:
        graph: The pipeline.
        root: Name of the group that holds all others.

    Attributes:
        members: All groups by key, outer ones first.
        children: By key: the groups directly in a group.
        inputs: By key: name of an input → the task or group beside it that provides it; None for the group around it.
        outputs: By key: name of a group's output → the task or group in it that provides it.
        depends: By key: keys beside it that must be done first.
    """

    def __init__(self, graph: PipelineGraph, root: str) -> None:
        self._tasks = graph.tasks
        self.members: dict[str, Member] = {}
        self.children: dict[str, list[Member]] = {}
        self._paths: dict[str, Path] = {}
        self._loops: dict[str, Reference] = {}
        self._index(dataclasses.replace(graph.root, name=root), ())
        self.inputs: dict[str, dict[str, str | None]] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.depends: dict[str, set[str]] = {}
        self._items = {item.name for item in self._loops.values()}
        for member in self.members.values():
            self._take_of_group(member)
        tests = {key: list(self._tests(member)) for key, member in self.members.items()}
        for member in self.members.values():
            conditions = [ref for key in member.path for ref in tests[key]] if len(member.path) > 1 else []
            for name in member.group.tasks:
                path = (*member.path, name)
                for reference in (*graph.tasks[name].references, *conditions):
                    self._take(reference, path)
                self._wait(graph.tasks[name].after, path)
            if member.group.recursion is not None:
                for _, passed in member.group.recursion:
                    self._take(passed, member.path)

    def _index(self, group: Group, around: Path) -> None:
        key = group.name if group.recursion is None else f"{group.name}#{len(self.members)}"
        path = (*around, key)
        self.members[key] = Member(key, group, path)
        self.children[key] = []
        if around:
            self.children[around[-1]].append(self.members[key])
        self._paths.setdefault(group.name, path)
        if group.loop is not None:
            self._loops[key] = group.loop.item
        for name in group.tasks:
            self._paths[name] = (*path, name)
        for inner in group.groups:
            self._index(inner, path)

    def is_item(self, member: Member, name: str) -> bool:
        """Whether an input of a group is the item of its own loop, or a key of that item.

        Args:
            member: The group.
            name: Name of one of its inputs.
        """
        loop = member.group.loop
        return loop is not None and (name == full_name(loop.item) or name.startswith(f"{full_name(loop.item)}-subvar-"))

    def is_loop_item(self, reference: Reference) -> bool:
        """Whether a reference is the item of some loop, or a key of one."""
        return reference.name.partition("-subvar-")[0] in self._items

    def wanted_around(self) -> Iterator[tuple[str, Reference]]:
        """Yield the references that groups' conditions and loops use in the group around them, with the group's key."""
        for member in self.members.values():
            for reference in self._tests(member):
                yield member.key, reference
            for reference in loop_sources(member.group.loop) if member.group.loop else ():
                # A pipeline parameter is seen everywhere.
                if reference.task or self.is_loop_item(reference):
                    yield member.key, reference

    def _tests(self, member: Member) -> Iterator[Reference]:
        if member.group.condition is not None:
            for comparison in comparisons(member.group.condition):
                for operand in (comparison.operand1, comparison.operand2):
                    yield from (operand,) if isinstance(operand, Reference) else references(operand)

    def _take_of_group(self, member: Member) -> None:
        for reference in self._tests(member):
            self._take(reference, member.path)
        if member.group.loop is not None:
            for reference in loop_sources(member.group.loop):
                self._take(reference, member.path, around=True)
        self._wait(member.group.after, member.path)

    def _take(self, reference: Reference, path: Path, *, around: bool = False) -> None:
        """Pass a value to the last group or task of a path.

        Args:
            reference: The value.
            path: The groups around the consumer, and the consumer.
            around: Whether it is taken in the group around the last, not in the last itself.
        """
        name = full_name(reference)
        loop = self._maker(reference, path[:-1] if around else path)
        if loop is None and self.is_loop_item(reference):
            raise CompileError(
                f"The item of a loop is used outside of the loop, in {path[-1]!r}.",
                remedy="Use it inside `with dsl.ParallelFor(...) as item`.",
                position=self._position(path[-1]),
            )
        if loop is not None or not reference.task:
            for key in path[loop or 0 :]:
                self.inputs.setdefault(key, {}).setdefault(name, None)
        if reference.task:
            up, down = self._apart(reference.task, path)
            self.depends.setdefault(down[0], set()).add(up[0])
            if loop is None:
                self.inputs.setdefault(down[0], {})[name] = up[0]
                for key in down[1:]:
                    self.inputs.setdefault(key, {}).setdefault(name, None)
                for key, inner in itertools.pairwise(up):
                    self.outputs.setdefault(key, {})[name] = inner

    def _position(self, key: str) -> Position | None:
        return line_position(self._tasks[key].line) if key in self._tasks else self.members[key].group.position

    def _maker(self, reference: Reference, path: Path) -> int | None:
        """Return the index in a path of the loop whose item the reference is."""
        for place in range(len(path) - 1, -1, -1):
            item = self._loops.get(path[place])
            if item is None or item.task != reference.task:
                continue
            if reference.name == item.name or reference.name.startswith(f"{item.name}-subvar-"):
                return place
        return None

    def _wait(self, names: tuple[str, ...], path: Path) -> None:
        for name in names:
            up, down = self._apart(name, path)
            self.depends.setdefault(down[0], set()).add(up[0])

    def _apart(self, name: str, path: Path) -> tuple[Path, Path]:
        """Return the parts of two paths behind their common beginning."""
        other = self._paths[name]
        common = 0
        for mine, theirs in zip(path, other, strict=False):
            if mine != theirs:
                break
            common += 1
        return other[common:], path[common:]


def loop_sources(loop: Loop) -> Iterator[Reference]:
    """Yield the references in a loop's items, or the one that provides them."""
    if isinstance(loop.items, Reference):
        return iter((loop.items,))
    return references(loop.items)
