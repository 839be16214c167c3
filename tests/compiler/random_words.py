"""What random pipelines are made of: their components, parameters and texts, and what is known at one place of one."""

from __future__ import annotations

from dataclasses import dataclass, field

Path = tuple[int, ...]

PRELUDE = '''\
from kubernetes import client as k8s

from kfp_jupyter import components, dsl


def component(name, inputs, outputs, arguments):
    """A component without types."""
    return components.load_component_from_text(
        f"{{name: {name}, inputs: [{inputs}], outputs: [{outputs}],"
        f" implementation: {{container: {{image: 'alpine:3.19', command: [run], args: [{arguments}]}}}}}}"
    )


say_op = component("Say", "{name: text}", "{name: said}", "{inputValue: text}, {outputPath: said}")
read_op = component(
    "Read file",
    "{name: file}, {name: label, default: none}, {name: note, optional: true}",
    "{name: report}",
    "{inputPath: file}, {concat: ['--label=', {inputValue: label}]},"
    " {if: {cond: {isPresent: note}, then: [{inputPath: note}], else: none}}, {outputPath: report}",
)
split_op = component(
    "Split",
    "{name: text}",
    "{name: left}, {name: Right Half}, {name: items}",
    "{inputValue: text}, {outputPath: left}, {outputPath: Right Half}, {outputPath: items}",
)
merge_op = component(
    "Merge",
    "{name: first}, {name: second}",
    "{name: merged}",
    "{inputPath: first}, {inputPath: second}, {outputPath: merged}",
)


@components.create_component_from_func
def count_words(text: str, times: int = 2) -> int:
    """Count words."""
    return len(text.split()) * times
'''

PARAMETERS = {
    "title": "='news'",
    "Owner": "='me'",
    "limit": ": int = 3",
    "rate": ": float = 0.5",
    "dry_run": ": bool = False",
    "folder": ": str = '/data'",
    "notes": "=None",
    "options": "={'deep': [1, None]}",
    "shops": "=['a', 'b']",
    "tables": ": list = [{'size': 1, 'colour': 'red'}]",
}
LISTS = ("shops", "tables")
TYPES = {"limit": "Integer", "rate": "Float", "dry_run": "Boolean", "folder": "String", "tables": "JsonArray"}
TEXTS = (
    "plain",
    "two words",
    "it's",
    'a "quoted" one',
    "ünï",
    "",
    "{braces}",
    "{{workflow.name}}",
    "5",
    "# no: comment",
)
LOOPS = ("[1, 2, 3]", "['a', 'b c']", "[0.5, True, None, 'x']", "[[1, 2], ['y']]")
RECORDS = (
    "[{'size': 1, 'colour': 'red'}, {'size': 2, 'colour': 'blue'}]",
    "[{'size': [1, {'a': 2}], 'colour': \"it's\"}]",
)
NAMES = ("Container step", "say", "UPPER case", "read_file", "Cut & paste, Co.", "say 2")
DEPTH = 4


@dataclass(frozen=True)
class Reference:
    """A value that is known when the pipeline runs.

    Attributes:
        text: The expression that means it.
        home: The groups around the place where it is made, outermost first.
        kind: Where it comes from: parameter, argument (of a graph component), item, output or resource.
        whole: It is the whole item of a loop, which kfp can't take as a part of Kubernetes objects.
        type: Its type, where it has one.
    """

    text: str
    home: Path
    kind: str
    whole: bool = False
    type: str | None = None


@dataclass(frozen=True)
class Scope:
    """What may be used at one place of the program; the lists are shared with the scopes inside of it.

    Attributes:
        path: The groups around, outermost first.
        kinds: Their kinds.
        indent: How far lines are moved in.
        references: Values made so far; those of closed groups stay.
        items: Items of the loops around.
        looped: Parameters that the loops around go through.
        handles: Tasks and closed groups that others may wait for.
        volumes: Volumes to mount.
        lines: Where the text goes.
    """

    path: Path
    kinds: tuple[str, ...]
    indent: int
    references: list[Reference]
    lines: list[str]
    items: tuple[Reference, ...] = ()
    looped: frozenset[str] = frozenset()
    handles: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)

    @property
    def values(self) -> list[Reference]:
        """Everything that may be referred to here."""
        return [*self.references, *self.items]

    def write(self, line: str) -> None:
        """Add a line to the program."""
        self.lines.append(" " * self.indent + line)
