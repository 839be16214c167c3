"""Tab behind a magic: only what may stand there, each with its kind.

It is a matcher of IPython's completer (`IPython.core.completer`, version 2 of its interface), which silences the
others, such as the one that offers Python's keywords, where it has something to offer.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher

from kfp_jupyter.magics.arguments import LANGUAGES, Option, flag, language

_MAGIC = re.compile(r"\s*(%%?\w+)\s+")
_IDENTIFIER = "kfp_jupyter"


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """Something that may stand behind a magic.

    Attributes:
        text: What is typed; an option ends in ``=``.
        kind: What it is, in a word.
        values: What may stand behind the ``=`` of an option.
    """

    text: str
    kind: str
    values: tuple[str, ...] = ()


class Files:
    """Stands for the names of files, which IPython's own matcher knows."""


FILES = Files()

Offers = Callable[[list[str]], "Sequence[Offer] | Files"]
"""What may stand behind the words that stand behind a magic already."""


def option_offers(options: Sequence[Option]) -> list[Offer]:
    """Return the keys of a magic."""
    return [Offer(f"{option.name}=", "option", _values(option)) for option in options]


def _values(option: Option) -> tuple[str, ...]:
    return ("true", "false") if option.read is flag else LANGUAGES if option.read is language else ()


def install(shell: Any, magics: Mapping[str, Offers]) -> None:
    """Complete behind magics from now on, in place of what an earlier call has installed.

    Args:
        shell: The shell.
        magics: By magic with its percent signs.
    """

    def complete(context: CompletionContext) -> Any:
        return _completions(shell, magics, context)

    matcher = context_matcher(identifier=_IDENTIFIER, priority=1000)(complete)
    others = [m for m in shell.Completer.custom_matchers if getattr(m, "matcher_identifier", "") != _IDENTIFIER]
    shell.Completer.custom_matchers = [*others, matcher]


def _completions(shell: Any, magics: Mapping[str, Offers], context: CompletionContext) -> Any:
    nothing: dict[str, Any] = {"completions": []}
    text = context.text_until_cursor
    magic = _MAGIC.match(text)
    if magic is None or magic[1] not in magics or (magic[1].startswith("%%") and context.cursor_line != 0):
        return nothing
    rest = text[magic.end() :]
    stem = "" if rest[-1:].isspace() else rest[len(rest) - len(rest.split(" ")[-1]) :]
    try:
        before = shlex.split(rest[: len(rest) - len(stem)])
    except ValueError:
        # Inside quotes: what stands there is the author's own.
        return nothing
    offers = magics[magic[1]](before)
    if isinstance(offers, Files):
        return {**shell.Completer.file_matcher(context), "suppress": True}
    fragment, fitting = _fitting(offers, before, stem)
    return {
        "completions": [SimpleCompletion(text, type=kind) for text, kind in fitting],
        "matched_fragment": fragment,
        "ordered": True,
        "suppress": True,
    }


def _fitting(offers: Sequence[Offer], before: Sequence[str], stem: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the part of the text that is replaced, and what fits it, with its kind."""
    key, equals, value = stem.partition("=")
    if equals:
        option = next((offer for offer in offers if offer.text == f"{key.lstrip('-')}="), None)
        values = option.values if option else ()
        return value, [(text, "value") for text in values if text.startswith(value)]
    dashes = stem[: len(stem) - len(stem.lstrip("-"))]
    given = {word.lstrip("-").partition("=")[0] for word in before if "=" in word or word.startswith("-")}
    return stem, list(_begun(offers, given, stem.removeprefix(dashes), dashes))


def _begun(offers: Sequence[Offer], given: set[str], stem: str, dashes: str) -> Iterator[tuple[str, str]]:
    for offer in offers:
        is_option = offer.text.endswith("=")
        if offer.text.startswith(stem) and (is_option or not dashes) and offer.text.rstrip("=") not in given:
            yield (f"--{offer.text.rstrip('=')}" if dashes else offer.text), offer.kind
