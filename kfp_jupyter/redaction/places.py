"""Texts in the place of a credential: in headers, in addresses, behind names such as ``password=``."""

from __future__ import annotations

import functools
import re

from kfp_jupyter.redaction.known import REDACTED

_NAMES = (
    r"[\w.-]{0,50}(?:token|passwords?|passwd|passphrase"
    r"|(?:secret|access|api|private|account|encryption|subscription)[_-]?key(?:[_-]?id)?"
    r"|client[_-]?secret|client[_-]?key[_-]?data)"
)
"""Names of fields and options whose values are credentials."""

_OFTEN = r"[\w.-]{0,50}(?:secret|pwd|_pass|credentials?|session(?:[_-]?id)?|auth)"
"""Names whose values are credentials if they look like one."""

IN_QUERIES = (
    rf"(?:{_NAMES}|[\w-]*(?:signature|credential)|secret|sig|key|pwd|pass|auth|code|jwt|sid|sas|hmac|bearer|assertion"
    r"|session(?:[_-]?id)?)"
)
"""Names of parameters of addresses whose values are credentials; ``sig`` is Azure's, ``X-Amz-Signature`` Amazon's."""

_HEADERS = (
    r"\b(?:(?:proxy-|x-)?authorization|(?:set-)?cookie|(?:auth|private|job|amz-security)-token"
    r"|x-[\w-]{0,50}(?:token|key|secret|password)|ocp-apim-subscription-key)"
)

_PART = r"[\w-]+=(?:\"[^\"]*\"|[^\s,'\"]+)"
"""A part of a header's value: ``Signature=…``."""

_WEBHOOKS = (
    r"://hooks\.slack\.com/\w+/|/api/webhooks/\d+/|webhook\.office\.com/\w+/|://api\.telegram\.org/(?:file/)?bot"
)

_QUOTED = r"(?:\\.|(?!\2).)+"
"""The rest of a text that the quote of the second group begins."""

_PLAIN = r"(?:(?:None|True|False|null|\d{1,5})\b(?![\w.-])|<\w+>|\[\w+\]|…|\*\*\*)"
"""Numbers and marks that language models have under such names, such as ``max_token=4096``; ``token=…`` of remedies."""

_WRAPPED = r"(?:(?:bytes|bytearray|str|\w{0,30}secret\w{0,30})\(|\[)?[bfru]{0,2}"
"""What may be between ``=`` and a quoted text."""

_VALUE = r"(?=[\w+/=~-]*\d)[\w+/=~-]{8,}(?![\w.(\[])"
"""A word with a digit, which is no path, call or index."""

_RANDOM = rf"(?!/)(?-i:(?=[\w+/=~-]*[A-Z])){_VALUE}"
"""A word that looks generated: with a digit and a capital letter."""

_PLACES = (
    # user:password@ of an address: in its authority, or behind a password that has a slash in it.
    r"(://)[^\s/?#'\"<>]{0,999}(?=@)",
    r"(://)[^\s/?#:@'\"<>\[]{0,99}:(?!\d+[/?#])[^\s@'\"<>]{0,999}(?=@)",
    # Addresses that are credentials: of webhooks of Slack, Discord, Teams, and of bots of Telegram.
    rf"({_WEBHOOKS})[\w/@:-]+",
    # Headers: quoted, as a pair, or up to where their values end, which may have several parts.
    rf"({_HEADERS}['\"]?\s*[:=]\s*b?(['\"])){_QUOTED}",
    rf"(\(\s*b?['\"]{_HEADERS}['\"],\s*b?(['\"])){_QUOTED}",
    rf"(\b(?:proxy-|x-)?authorization\s*[:=]\s*)(?!\*\*\*)(?:[\w-]+ +)?(?:{_PART}(?:, *{_PART})*|[^\s'\",;]+)",
    rf"({_HEADERS}\s*:\s*)(?!\*\*\*)[^\s;'\"\[{{]+(?:;\s*[^\s;'\"]+(?:=[^\s;'\"]*)?)*",
    r"(\bcookies?['\"]?\s*[:=]\s*)\{[^{}]*\}",
    r"(<cookie [^\s=<>]+=)[^\s<>]+",
    rf"(b?(['\"])(?-i:Bearer|Basic|Token|Negotiate|Digest) ){_QUOTED}",
    r"(\b(?-i:Bearer) +)(?!tokens?\b|realm\b|auth)[^\s'\",;]+",
    # User and password given to a program or a library.
    r"((?<!\S)(?:-u|--user|--proxy-user)[ =]['\"]?)(?!\d+:\d+\b)[^\s:'\"]+:[^\s'\"]{6,}",
    rf"(\b(?:auth\s*=\s*|HTTP\w{{0,20}}Auth)\(\s*b?['\"][^'\"]*['\"],\s*b?(['\"])){_QUOTED}",
    r"(['\"]auth['\"]\s*:\s*['\"])[\w+/=]{8,}",
    # Parameters of addresses, also where only the end of an address is quoted.
    rf"([?&;]{IN_QUERIES}=)[^\s&#'\"<>]+",
    # key=value, where the value isn't a call or the like; --key value, "key": "value", and a line of YAML or INI.
    rf"(?<![\w.-])({_NAMES} ?= ?{_WRAPPED}(['\"]{{3}}|['\"]))(?!{_PLAIN}){_QUOTED}",
    rf"(?<![\w.-])({_NAMES}=)(?!{_PLAIN}|[\w.]*[(\[]|[bfru]{{0,2}}['\"])[^\s'\"&,;()\[\]{{}}]+",
    rf"(?<![\w.-])({_NAMES} += +)(?!{_PLAIN}){_VALUE}",
    rf"(?<!\S)(--{_NAMES} )(?!{_PLAIN})[^\s'\"-][^\s'\"]*",
    rf"(['\"]{_NAMES}['\"]\s*:\s*{_WRAPPED}(['\"]))(?!{_PLAIN}){_QUOTED}",
    rf"(\\+['\"]{_NAMES}\\+['\"]\s*:\s*\\+['\"])(?!{_PLAIN})[^'\"\\]+",
    rf"(?<![\w.'\"-])({_NAMES}: +)(?=\S*\d)[\w+/=.~-]{{8,}}",
    rf"(?<![\w.'\"-])(?<!expected )({_NAMES}: +(['\"]))(?!{_PLAIN})(?=(?:(?!\2)\S)*\d)(?:(?!\2)\S){{6,}}(?=\2)",
    r"(\b(?:password|passwd|passphrase): +(['\"]))(?:(?!\2)\S){4,}(?=\2)",
    rf"(?<![\w.'\"-])({_OFTEN} ?[=:] ?b?['\"]?){_RANDOM}",
    rf"(['\"]{_OFTEN}['\"]\s*:\s*['\"]){_RANDOM}",
    # In a sentence: the token 'x', password is "x", API key provided: x.
    rf"(\b(?:token|password|passwd|api[ _-]?key)(?: is| was| provided)*:? (['\"])){_RANDOM}(?=\2)",
    r"(\bapi[ _-]?key provided: )[^\s'\"*]+",
)

_HINT = re.compile(
    "://|token|pass|key|secret|cookie|auth|bearer|basic|negotiate|digest|credential|session|pwd|-u|--user|[?&;][a-z-]+=",
    re.IGNORECASE,
)
"""What a text has at least where something of `_PLACES` is in it: most texts have nothing of it."""


@functools.cache
def _places() -> tuple[re.Pattern[str], ...]:
    # They take 10 ms, and few texts need them.
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PLACES)


def without_places(text: str) -> str:
    """Return a text with ``***`` in place of texts where a credential is expected.

    Args:
        text: The text.
    """
    if not _HINT.search(text):
        return text
    for pattern in _places():
        text = pattern.sub(rf"\g<1>{REDACTED}", text)
    return text
