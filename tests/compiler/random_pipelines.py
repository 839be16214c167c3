"""Random pipelines, as the text of programs.

They hold what kfp 1.8.24 compiles without loss. Of some programs it quietly makes workflows that can't run, and such
are not grown here:

- a loop over the item of another loop, and items of a written list that hold the item of another loop;
- a loop inside a loop over the same parameter;
- a loop over an output that was made in another group (kfp refuses most of them), but for a loop that stands
  directly in a subgraph, whose first task then uses the item;
- in a graph component: names from outside it, loops over its arguments, two calls of itself, one value for two
  arguments, and a second use of it;
- the same file for two inputs of one task, and an input that is both a value and a file;
- a loop over an output whose name has a space, and most uses of outputs of a task whose name has other letters than
  English ones;
- conditions and loops without a task;
- references in display names, time limits and affinities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from tests.compiler.random_tasks import TaskAuthor
from tests.compiler.random_words import DEPTH, LISTS, LOOPS, PARAMETERS, PRELUDE, RECORDS, TYPES, Reference, Scope


class PipelineAuthor(TaskAuthor):
    """Writes a program: parameters, groups of every kind and what is in them.

    Args:
        draw: Takes a value of a strategy.
        careless: Leave out some of the rules above: loops go through values of any place, groups and tasks may wait
            for groups that they are in, and the task at the end gives a value.
    """

    def __init__(self, draw: st.DrawFn, careless: bool) -> None:
        super().__init__(draw)
        self._careless = careless
        self._functions: list[str] = []

    def program(self) -> str:
        """Return the text of a program that defines ``pipeline``."""
        names = self._draw(st.lists(st.sampled_from(list(PARAMETERS)), min_size=2, max_size=5, unique=True))
        lines: list[str] = []
        parameters = [Reference(name, (), "parameter", type=TYPES.get(name)) for name in names]
        scope = Scope((), (), 4, parameters, lines)
        if self._chance(3):
            end = self._variable("end")
            scope.write(f"{end} = say_op({self._value(scope)}){self._settings(scope)}")
            scope.write(f"with dsl.ExitHandler({end}):")
            scope = replace(scope, path=(0,), kinds=("exit_handler",), indent=8)
            if self._careless:
                scope.references.append(Reference(f"{end}.output", (), "output"))
        self._block(scope, at_least=2)
        while self._tasks_left > 0 and self._draw(st.integers(0, 9)):
            self._statement(scope)
        signature = ", ".join(name + PARAMETERS[name] for name in names)
        name = self._pick(("Random pipeline", "say", "Größe_2.0"))
        head = [f"\n\n@dsl.pipeline(name={name!r})", f"def pipeline({signature}):"]
        return "\n".join([PRELUDE, *self._functions, *head, *lines]) + "\n"

    def _block(self, scope: Scope, at_least: int = 1) -> None:
        self._task(scope)
        for _ in range(self._draw(st.integers(at_least - 1, 2))):
            self._statement(scope)

    def _statement(self, scope: Scope) -> None:
        """Write a task, or a group where there is room for one."""
        kinds: list[Callable[[Scope], None]] = [self._task] * 6 + [self._volume, self._resource]
        if len(scope.path) < DEPTH and self._tasks_left > 0:
            kinds += [self._condition, self._loop] * 4 + [self._subgraph, self._subgraph]
            if any(value.kind != "item" for value in scope.values):
                kinds += [self._graph] * 3
        self._pick(kinds)(scope)

    def _inside(self, scope: Scope, kind: str) -> Scope:
        self._number += 1
        return replace(scope, path=(*scope.path, self._number), kinds=(*scope.kinds, kind), indent=scope.indent + 4)

    def _group(self, scope: Scope, name: str, inside: Scope) -> None:
        """Write what is in a group; when it is closed, others may wait for it."""
        if self._careless:
            scope.handles.append(name)
        self._block(inside)
        if not self._careless:
            scope.handles.append(name)

    def _test(self, scope: Scope, references: Sequence[Reference]) -> str:
        """Return a comparison of references with constants or each other."""
        operator = self._pick(("==", "!=", "<", "<=", ">", ">="))
        left = self._pick(references).text
        if self._chance(3):
            return f"{left} {operator} {self._pick(scope.values).text}"
        constant = repr(self._pick(("done", 5, 0.5, True, "it's", "")))
        return f"{constant} {operator} {left}" if self._chance(4) else f"{left} {operator} {constant}"

    def _condition(self, scope: Scope) -> None:
        test = self._test(scope, scope.values)
        name = self._variable("condition")
        label = f", name={self._variable('case')!r}" if self._chance(4) else ""
        scope.write(f"with dsl.Condition({test}{label}){self._after(scope)} as {name}:")
        self._group(scope, name, self._inside(scope, "condition"))

    def _subgraph(self, scope: Scope) -> None:
        name = self._variable("subgraph")
        scope.write(f"with dsl.SubGraph(parallelism={self._draw(st.integers(1, 3))}){self._after(scope)} as {name}:")
        self._group(scope, name, self._inside(scope, "subgraph"))

    def _loop(self, scope: Scope) -> None:
        in_graph, in_subgraph = "graph" in scope.kinds, scope.kinds[-1:] == ("subgraph",)
        level = scope.path[:-1] if in_subgraph else scope.path
        # kfp can't loop over an output whose name needs another spelling.
        made = [value for value in scope.references if value.home == level and " " not in value.text]
        outputs = scope.values if self._careless else [value for value in made if value.kind in ("output", "resource")]
        parameters = [value for value in scope.references if value.kind == "parameter"]
        lists = [value for value in parameters if value.text in LISTS and value.text not in scope.looped]
        kinds = ["static", "records"] + ["output"] * 2 * bool(outputs)
        kinds += [] if in_graph else ["parameter"] * 3 * bool(lists) + ["mixed"] * bool(parameters)
        kind = self._pick(kinds)
        looped, must_use = scope.looped, False
        if kind == "output":
            source, must_use = self._pick(outputs).text, in_subgraph
        elif kind == "parameter":
            source = self._pick(lists).text
            looped |= {source}
        elif kind == "mixed":
            parts = parameters if in_subgraph else parameters + outputs
            source = f"['x', {self._pick(parts).text}, f'{{{self._pick(parts).text}}}!']"
        else:
            source = self._pick(LOOPS if kind == "static" else RECORDS)
        parallelism = f", parallelism={self._draw(st.integers(1, 3))}" if self._chance(3) else ""
        item, name = self._variable("item"), self._variable("loop")
        scope.write(f"{name} = dsl.ParallelFor({source}{parallelism}){self._after(scope)}")
        scope.write(f"with {name} as {item}:")
        inside = self._inside(scope, "for_loop")
        items = [Reference(item, inside.path, "item", whole=True)]
        if kind not in ("static", "mixed"):
            items += [Reference(f"{item}.{part}", inside.path, "item") for part in ("size", "colour")]
        inside = replace(inside, items=(*scope.items, *items), looped=looped)
        if must_use:
            self._task(inside, must_use=item)
        self._group(scope, name, inside)

    def _graph(self, scope: Scope) -> None:
        """Write a graph component and a call of it."""
        given = [value for value in scope.references if value.kind != "item"]
        distinct = st.lists(st.sampled_from(given), min_size=1, max_size=3, unique_by=lambda value: value.text)
        arguments = self._draw(distinct)
        function, name = self._variable("repeat"), self._variable("graph")
        lines: list[str] = []
        path = (*scope.path, self._number)
        names = [f"argument_{number}" for number in range(len(arguments))]
        bound = zip(names, arguments, strict=True)
        known = [Reference(text, path, "argument", type=value.type) for text, value in bound]
        body = Scope(path, (*scope.kinds, "graph"), 4, known, lines)
        self._block(body)
        if not self._chance(4):
            self._repeat(body, function, len(arguments))
        self._functions += ["\n\n@dsl.graph_component", f"def {function}({', '.join(names)}):", *lines]
        scope.write(f"{name} = {function}({', '.join(value.text for value in arguments)})")
        scope.handles.append(name)

    def _repeat(self, body: Scope, function: str, count: int) -> None:
        """End a graph component with a condition in which it calls itself."""
        tested = self._variable("tested")
        body.write(f"{tested} = say_op({self._value(body)})")
        made = Reference(f"{tested}.output", body.path, "output")
        body.references.append(made)
        body.write(f"with dsl.Condition({made.text} {self._pick(('==', '!=', '<'))} 'done'):")
        inside = self._inside(body, "condition")
        usable = [value.text for value in body.references if value.home == body.path]
        handed = self._draw(st.permutations(usable))[:count]
        if self._chance(2):
            self._task(inside)
        inside.write(f"{function}({', '.join(handed)})")


@st.composite
def programs(draw: st.DrawFn, *, careless: bool = False) -> str:
    """Texts of programs that define ``pipeline``.

    Args:
        draw: Given by hypothesis.
        careless: Break some of the rules above.
    """
    return PipelineAuthor(draw, careless).program()
