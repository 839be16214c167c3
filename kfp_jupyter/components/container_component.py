"""An image and a command → a component; ``{x}`` in a word is an input, or the path of an input or output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kfp_jupyter.components.component import Component
from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.components.signature import FunctionInterface
from kfp_jupyter.components.structures import (
    CommandPart,
    ConcatPlaceholder,
    ContainerSpec,
    IfPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
)
from kfp_jupyter.errors import ComponentError

# ``{{x}}`` is the text {x}; ``${x}`` is left to the program, which may be a shell.
_MARK = re.compile(r"\{\{(?P<text>\w+)\}\}|(?<!\$)\{(?P<name>[^\W\d]\w*)\}")


def component_from_image(declaration: Declaration, command: Sequence[str], args: Sequence[str]) -> Component:
    """Return the component of a container that needs no code of the notebook.

    Args:
        declaration: What its magic line says.
        command: The program and its first words.
        args: What follows.

    Raises:
        ComponentError: The command uses a name that isn't declared, or doesn't use one that is.
    """
    interface = declaration.interface()
    line = _Line(declaration, interface)
    container = ContainerSpec(declaration.image, tuple(line.parts(command)), tuple(line.parts(args)) or None)
    line.check_all_named()
    return declaration.component(interface, container)


class _Line:
    """Reads the words of a command line.

    Args:
        declaration: What the magic line says.
        interface: Inputs and outputs.
    """

    def __init__(self, declaration: Declaration, interface: FunctionInterface) -> None:
        self._declaration = declaration
        self._named: set[str] = set()
        self._placeholders: dict[str, CommandPart] = {
            i.spec.name: InputValuePlaceholder(i.spec.name) if i.style == "value" else InputPathPlaceholder(i.spec.name)
            for i in interface.inputs
        }
        for output in interface.outputs:
            if output.spec.name in self._placeholders:
                raise self._error(f"{output.spec.name!r} is an input and an output.", "Rename one.")
            self._placeholders[output.spec.name] = OutputPathPlaceholder(output.spec.name)
        self._optional = {i.spec.name for i in interface.inputs if i.spec.optional and i.spec.default is None}

    def parts(self, words: Sequence[str]) -> Iterator[CommandPart]:
        """Yield the words with placeholders; a word with an optional input is left out if the input isn't given."""
        waiting: str | None = None
        for word in words:
            names = [match["name"] for match in _MARK.finditer(word) if match["name"]]
            optional = [name for name in names if name in self._optional]
            part = self._part(word)
            if optional:
                # The option before it, as in `--rate {rate}`, goes with it.
                goes_with = waiting if waiting is not None and word == f"{{{names[0]}}}" else None
                if waiting is not None and goes_with is None:
                    yield waiting
                waiting = None
                yield _if_present(optional, part if goes_with is None else (goes_with, part))
                continue
            if waiting is not None:
                yield waiting
            waiting = part if isinstance(part, str) and part.startswith("-") else None
            if waiting is None:
                yield part
        if waiting is not None:
            yield waiting

    def _part(self, word: str) -> CommandPart:
        pieces: list[CommandPart] = []
        text, end = "", 0
        for match in _MARK.finditer(word):
            text += word[end : match.start()]
            end = match.end()
            if match["text"]:
                text += f"{{{match['text']}}}"
                continue
            pieces += [text] if text else []
            pieces.append(self._placeholder(match["name"]))
            text = ""
        text += word[end:]
        pieces += [text] if text or not pieces else []
        return pieces[0] if len(pieces) == 1 else ConcatPlaceholder(tuple(pieces))

    def _placeholder(self, name: str) -> CommandPart:
        if name not in self._placeholders:
            known = ", ".join(self._placeholders) or "none"
            raise self._error(
                f"The command names {{{name}}}, which is neither an input nor an output (declared: {known}).",
                f"Declare it in inputs= or outputs=, or write {{{{{name}}}}} for the text itself.",
            )
        self._named.add(name)
        return self._placeholders[name]

    def check_all_named(self) -> None:
        for name, placeholder in self._placeholders.items():
            if name not in self._named:
                kind = "output" if isinstance(placeholder, OutputPathPlaceholder) else "input"
                raise self._error(
                    f"The command doesn't use the {kind} {name!r}.", f"Write {{{name}}} where it belongs."
                )

    def _error(self, message: str, remedy: str) -> ComponentError:
        return ComponentError(message, remedy=remedy, position=self._declaration.line)


def _if_present(names: Sequence[str], then: CommandPart | tuple[CommandPart, ...]) -> CommandPart:
    first, *others = names
    inner = _if_present(others, then) if others else then
    return IfPlaceholder(IfPlaceholderStructure(IsPresentPlaceholder(first), inner))
