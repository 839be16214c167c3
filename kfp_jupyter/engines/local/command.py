"""Recognises the two shell wrappings that kfp's compiler puts around a Python program.

A recognised wrapping is undone: packages become an environment, the program becomes a file, and Python is
started without a shell. Anything else runs as it is written.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Sequence

_PIP = re.compile(
    r"\(PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location (?P<packages>.+)"
    r" \|\| PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location (?P=packages)"
    r' --user\) && "\$0" "\$@"',
    re.DOTALL,
)
_LAUNCHER = re.compile(
    r'program_path=\$\(mktemp\)\nprintf "%s" "\$0"'
    r"(?: \| sed 's/\{(?P<mark>[A-Za-z0-9_]+)/\{/g')?"
    r' > "\$program_path"\n'
    r'python3 -u "\$program_path" "\$@"\n'
)


@dataclasses.dataclass(frozen=True, slots=True)
class Command:
    """What a container's command and args mean.

    Attributes:
        argv: The words to start; with a program, the words behind it.
        packages: Requirements that the command installs first.
        program: Source text that Python runs; None where the words are started as they are.
        mark: Word that stands behind every ``{`` of the program that another ``{`` follows; empty if there is none.
    """

    argv: tuple[str, ...]
    packages: tuple[str, ...] = ()
    program: str | None = None
    mark: str = ""

    def plain_program(self, text: str) -> str:
        """Return a program's text (tags replaced or not) without the mark."""
        return text.replace("{" + self.mark, "{") if self.mark else text


def parse_command(argv: Sequence[str]) -> Command:
    """Return what a command does.

    Args:
        argv: ``command`` and ``args`` of a container, as the template writes them.
    """
    packages, rest = _packages(tuple(argv))
    if len(rest) > 3 and rest[0] == "sh" and rest[1] == "-ec":
        launcher = _LAUNCHER.fullmatch(rest[2])
        if launcher:
            return Command(rest[4:], packages, rest[3], launcher["mark"] or "")
    return Command(rest, packages)


def _packages(argv: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(argv) > 3 and argv[:2] == ("sh", "-c"):
        match = _PIP.fullmatch(argv[2])
        words = _words(match["packages"]) if match else ()
        if words:
            return words, argv[3:]
    return (), argv


def _words(text: str) -> tuple[str, ...]:
    """Split quoted requirements; none when the text holds options or anything a shell would do more with."""
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        return ()
    quoted = " ".join(map(repr, words)) == text or shlex.join(words) == text
    return words if quoted and not any(word.startswith("-") for word in words) else ()
