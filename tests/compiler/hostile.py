"""Texts that some YAML parser takes for something else, or for its own syntax."""

from __future__ import annotations

_NUMBERS = """
0 007 0o7 0x1f 0b101 0x 0o 1_000 1_ _1 1__0 1. .5 -.5 +.5 -1 +1 -0 1e 1e3 1E3 .e3 1.5e3 1e+3 -1e-3 1.0e+22 1:2
12:30:45 12:30:45.5 190:20:30 .inf -.inf +.INF .Inf .nan .NaN .NAN inf nan NaN Infinity 0x1p3 1d 1f 12h 10Gi 1.8.24
2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00 2001-12-15T02:59:43Z 99999999999999999999 9223372036854775808 1e400
"""
_WORDS = r"""
y Y n N yes Yes YES yEs no No NO on On ON off Off OFF true True TRUE tRue false False FALSE null Null NULL nUll ~ None
<< = ? - : ! & * | > % @ ` , [ ] { } # ' " --- ... -- .. . ---- !!str !!int &a *a [] {} [a] {a} |- >+ %YAML @a `a`
<<: =: ?a -a :a a: a:b a# #a a,b $0 $(x) {{x}} {{inputs.parameters.a}} ----output-paths ---a ...a -ec --a a-- \ \n \x41
a\ '' "" 'a' "a" it's 'tis
"""
_PHRASES = r"""
--- a|... a|- a|? a|: a|a: b|a: |a :b|a : b|a #b|a# b|# a|%YAML 1.1|- - a|a - b|a? b|<< : a|! a|& a|* a|> a|a, b
[a, b]|{a: b}|'a' b|"a" b|it's: #1|a\ b|1 000|2001-12-14 21:59:43.10 -5| |  | a|a | a |a  b
"""
_LINES = r"""
\n|\n\n|a\n|\na|a\nb|a\n\n|a\n\nb|a\n\n\n|\n\na| a\nb|a\n b|a\n  \nb|  \na|a \nb|a\n |a\n  \n|\n a| \n|\n |a\n\n\n b\n\n
\t|a\tb|\ta|a\t|a \t|a:\tb|a\t#b|-\ta|a\n\t|\ta\nb|a\n\tb|\n\ta|\t\n|a\n\t\nb|# a\nb|a\n# b|a\n#|#\n#|---\na|a\n---\nb
a\n...\n|- a\n- b|a: b\nc: d|%a\nb|>\na|\r|a\r|a\rb|a\r\nb|a\nb\r\n|key:\n  - x\n|a\n\xa0\n|''\n''|"\n"
"""
_CHARACTERS = [
    *range(0x20), *range(0x7F, 0xA1), 0xAD, 0x200B, 0x200E, 0x2027, 0x2028, 0x2029, 0x202A, 0x202E, 0x3000, 0xD7FF,
    0xE000, 0xFDD0, 0xFEFE, 0xFEFF, 0xFF00, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x1FFFE, 0x10FFFF,
]  # fmt: skip

KINDS: dict[str, list[str]] = {
    "numbers": _NUMBERS.split(),
    "words": ["", *_WORDS.split()],
    "phrases": [text for line in _PHRASES.strip("\n").split("\n") for text in line.split("|")],
    "lines": [
        text.encode().decode("unicode_escape") for line in _LINES.strip("\n").split("\n") for text in line.split("|")
    ],
    "characters": [
        text for c in map(chr, _CHARACTERS) for text in (c, f"a{c}b", f"{c}a", f"a{c}", f"a\n{c}\nb", f"a {c} b")
    ],
    "prose": ["äöü", "日本語", "😀", "é: à", "naïve #1", "👩‍👩‍👧", "עברית", "ｆｕｌｌ"],
}
"""What is hostile about them, and they."""

HOSTILE = [text for kind in KINDS.values() for text in kind]

PIECES = [*": #-?|>'\"\\%@`~,[]{}&*!=<.ayn0159+_eExo\t\n\r😀é\x85\ufeff", "\n\n", "\n  ", "---", "..."]
"""What random texts are put together of."""
