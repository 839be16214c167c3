"""Resolves the components that a graph component refers to: each once, with all tasks counted before any is made.

Graphs that contain each other multiply: seven small files of ten tasks each expand to ten million tasks.
"""

from __future__ import annotations

from collections.abc import Mapping

from kfp_jupyter.components.component_finder import find_component
from kfp_jupyter.components.structures import ComponentReference, ComponentSpec, GraphImplementation
from kfp_jupyter.errors import ComponentError, author_position
from kfp_jupyter.parsing.limits import GRAPH_DEPTH, GRAPH_TASKS


class GraphResolver:
    """The components inside a graph component, at any depth.

    Args:
        root: The graph component.
        known: Components by task id of the root, where they need not be found.
    """

    def __init__(self, root: ComponentSpec, known: Mapping[str, ComponentSpec]) -> None:
        self._root = root
        self._known = known
        self._by_place: dict[tuple[str | None, ...], ComponentSpec] = {}
        self._by_digest: dict[str, ComponentSpec] = {}
        self._counts: dict[int, int] = {}

    def spec(self, graph: ComponentSpec, task_id: str, reference: ComponentReference) -> ComponentSpec:
        """Return the component of a task.

        Args:
            graph: The component whose task it is.
            task_id: The task.
            reference: What the task refers to.

        Raises:
            ComponentError: There is none.
        """
        known = self._known.get(task_id) if graph is self._root else None
        return reference.spec or known or self._found(reference)

    def _found(self, reference: ComponentReference) -> ComponentSpec:
        place = (reference.url, reference.name, reference.digest, reference.tag)
        if place not in self._by_place:
            component = find_component(reference)
            spec, digest = component.component_spec, component.reference.digest
            self._by_place[place] = self._by_digest.setdefault(digest, spec) if digest else spec
        return self._by_place[place]

    def check(self, reference: ComponentReference) -> None:
        """Check that the root doesn't contain itself, and doesn't expand to more tasks than the limit.

        Args:
            reference: Where the root came from.

        Raises:
            ComponentError: It does, or a component in it isn't found.
        """
        self._count(self._root, reference, ())

    def _count(self, spec: ComponentSpec, reference: ComponentReference, outer: tuple[int, ...]) -> int:
        """Return how many tasks a component expands to."""
        if not isinstance(spec.implementation, GraphImplementation):
            return 1
        # By identity: what has the same text is the same object, and comparing specs would walk through them.
        key = id(spec)
        if key not in self._counts:
            _check_nesting(spec, reference, key, outer)
            tasks = spec.implementation.graph.sorted_tasks()
            count = len(tasks)
            if count <= GRAPH_TASKS:  # otherwise their components need not even be found
                refers = {task_id: task.component_ref for task_id, task in tasks.items()}
                count = sum(self._count(self.spec(spec, t, ref), ref, (*outer, key)) for t, ref in refers.items())
            if count > GRAPH_TASKS:
                raise ComponentError(
                    f"{_called(spec, reference)} expands to {count:,} tasks, but the limit is {GRAPH_TASKS:,}.",
                    remedy="Reduce the tasks in it and in the graphs that its tasks refer to.",
                    position=author_position(),
                )
            # A graph without tasks counts too: what holds it many times takes its time all the same.
            self._counts[key] = max(count, 1)
        return self._counts[key]


def _check_nesting(spec: ComponentSpec, reference: ComponentReference, key: int, outer: tuple[int, ...]) -> None:
    if key in outer:
        where = reference.url or reference.name or "it"
        raise ComponentError(
            f"The graph component {spec.title!r} contains itself: a task of it, or of a graph inside it, refers to "
            f"{where} again.",
            remedy="Make the task refer to another component.",
            position=author_position(),
        )
    if len(outer) == GRAPH_DEPTH:
        raise ComponentError(
            f"{_called(spec, reference)} is nested more than {len(outer)} levels deep, which is the limit.",
            remedy="Move the tasks of an inner graph into the graph around it.",
            position=author_position(),
        )


def _called(spec: ComponentSpec, reference: ComponentReference) -> str:
    where = reference.url or reference.name
    return f"The graph component {spec.title!r}" + (f" of {where}" if where else "")
