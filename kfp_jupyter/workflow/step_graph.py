"""The graph of a pipeline as it is drawn: steps, their groups, and their order."""

from __future__ import annotations

import dataclasses
from functools import cached_property

from kfp_jupyter.workflow.titles import GroupKind

ON_EXIT = "onExit"
"""Path of what runs when the run ends; the word is Argo's."""


@dataclasses.dataclass(frozen=True, slots=True)
class StepNode:
    """One step to draw.

    Attributes:
        path: Task names from the root joined by dots, as `NodeState.path`; empty where the root itself is the step.
        label: Its title.
        template: Name of the template it runs.
        group: Path of the group that contains it; empty for none.
        test: Under which condition it runs, in words; empty for always.
        loop: What it is repeated for, in words; empty for no loop of its own.
        resource: What it does to which object of the cluster; empty for a step that runs a program.
        again: Path of the group that this step repeats; None for an ordinary step.
    """

    path: str
    label: str
    template: str
    group: str = ""
    test: str = ""
    loop: str = ""
    resource: str = ""
    again: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class GroupNode:
    """Several steps that belong together: a nested DAG.

    Attributes:
        path: As a step's.
        kind: What it is.
        name: The name that its author gave it; empty for none.
        template: Name of its template.
        group: Path of the group that contains it; empty for none.
        test: As a step's.
        loop: As a step's.
        followed_by: What runs after it whatever happens in it; empty for nothing.
        recursive: Whether a step in it runs the group again.
    """

    path: str
    kind: GroupKind
    name: str
    template: str
    group: str = ""
    test: str = ""
    loop: str = ""
    followed_by: str = ""
    recursive: bool = False

    @property
    def label(self) -> str:
        """Its kind and condition, in words."""
        parts = [f"Loop over {self.loop}"] if self.loop else []
        parts += [f"{'if' if parts else 'If'} {self.test}"] if self.test else []
        if self.followed_by:
            parts.append(f"Always followed by {self.followed_by}")
        if self.recursive:
            parts.append("Repeats")
        kinds = ", ".join(parts)
        if self.recursive and self.name:
            return f"{kinds}: {self.name}"
        return f"{kinds} ({self.name})" if kinds and self.name else kinds or self.name or "Group"

    @property
    def heading(self) -> str:
        """Its kind in words, without the condition: for groups whose condition is drawn on the edges into them."""
        if self.kind == "condition":
            return f"Then: {self.name}" if self.name else "Then"
        return dataclasses.replace(self, test="").label


Item = StepNode | GroupNode


@dataclasses.dataclass(frozen=True)
class StepGraph:
    """The steps of a pipeline and their order.

    Attributes:
        nodes: The steps, in the order the Workflow names them.
        edges: Pairs of paths of steps or groups in the same group: the first runs before the second.
        groups: The groups, each before those inside it.
        written: Whether the steps are in the order in which their author wrote them.
    """

    nodes: tuple[StepNode, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    groups: tuple[GroupNode, ...] = ()
    written: bool = False

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Groups and steps, the groups first."""
        return (*self.groups, *self.nodes)

    def node(self, path: str) -> StepNode | None:
        """Return the step with this path, if any."""
        return self._steps.get(path)

    def item(self, path: str) -> Item | None:
        """Return the step or group with this path, if any."""
        return self._steps.get(path) or self._groups.get(path)

    def members(self, group: str) -> tuple[Item, ...]:
        """Return the items directly in a group, in the order of the Workflow; the empty path is the pipeline itself."""
        return self._members.get(group, ())

    def title(self, group: GroupNode) -> str:
        """Return a group's title; without its condition, if that is drawn on the edges into it."""
        return group.heading if self.has_condition_on_edge(group) else group.label

    def has_condition_on_edge(self, item: Item) -> bool:
        """Whether the condition of a step or group is drawn on edges into it; otherwise it is in the title."""
        return bool(item.test) and item.path in self._entered

    def groups_around(self, path: str) -> list[GroupNode]:
        """Return the groups around a step or group, the innermost first."""
        item, found = self.item(path), []
        while item is not None and item.group:
            item = self._groups[item.group]
            found.append(item)
        return found

    @cached_property
    def _steps(self) -> dict[str, StepNode]:
        return {node.path: node for node in self.nodes}

    @cached_property
    def _groups(self) -> dict[str, GroupNode]:
        return {group.path: group for group in self.groups}

    @cached_property
    def _entered(self) -> frozenset[str]:
        return frozenset(target for _, target in self.edges)

    @cached_property
    def _members(self) -> dict[str, tuple[Item, ...]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.group, []).append(item)
        return {group: tuple(items) for group, items in found.items()}


def first_steps(graph: StepGraph, number: int) -> StepGraph:
    """Return the first steps of a graph, with the groups around them.

    Args:
        graph: The graph.
        number: How many steps to keep.
    """
    if len(graph.nodes) <= number:
        return graph
    nodes = graph.nodes[:number]
    around = {group.path for node in nodes for group in graph.groups_around(node.path)}
    known = around | {node.path for node in nodes}
    return StepGraph(
        nodes,
        tuple(e for e in graph.edges if known.issuperset(e)),
        tuple(g for g in graph.groups if g.path in around),
        graph.written,
    )
