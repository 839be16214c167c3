"""A Workflow to read: YAML, highlighted, a fold for each template."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pygments import formatters, highlight, lexers, style, token

from kfp_jupyter.compiler.limits import OBJECT_LIMIT
from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.engines.base import Workflow
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.printable import count, one_line, printable
from kfp_jupyter.redaction import redact
from kfp_jupyter.widget.text import escape
from kfp_jupyter.workflow.titles import pipeline_name

COLOURED = 150_000
"""Characters of YAML that are highlighted; a larger Workflow is shown in one colour."""

SHOWN = 2_000_000
"""Characters of YAML that are shown at all; a notebook with more gets slow."""

NOTED = 0.5
"""The size is shown as a share of Kubernetes' limit from this share on."""

_BLOCK = (
    "margin:2px 0 6px;padding:6px 10px;overflow:auto;max-height:480px;line-height:1.35;font-size:12px;"
    "font-family:var(--jp-code-font-family,monospace);color:var(--jp-content-font-color1,inherit);"
    "background:var(--jp-cell-editor-background,transparent);border:1px solid var(--jp-border-color2,#8888)"
)
_HEAD = "font-family:var(--jp-ui-font-family,sans-serif);font-size:13px;color:var(--jp-ui-font-color1,inherit)"
_FAINT = "color:var(--jp-ui-font-color2,inherit)"


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowSize:
    """How large a Workflow is.

    Attributes:
        yaml: Bytes of its YAML.
        templates: How many templates it has.
        stored: Bytes of its JSON, which is what Kubernetes keeps.
    """

    yaml: int
    templates: int
    stored: int

    @classmethod
    def of(cls, workflow: Workflow, text: str) -> WorkflowSize:
        """Return the size of a Workflow, given its YAML too.

        Args:
            workflow: The Workflow.
            text: Its YAML.
        """
        stored = json.dumps(workflow, separators=(",", ":"), ensure_ascii=False)
        return cls(len(text.encode()), len(workflow["spec"]["templates"]), len(stored.encode()))

    def __str__(self) -> str:
        said = f"{self.yaml / 1000:,.1f} KB, {count(self.templates, 'template')}"
        share = self.stored / OBJECT_LIMIT
        return f"{said}, {share:.0%} of the 1.5 MiB that Kubernetes accepts" if share > NOTED else said


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowText:
    """What ``%kfp show`` shows.

    Attributes:
        workflow: The Workflow.
    """

    workflow: Workflow

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, str]:
        text = to_yaml(self.workflow)
        title, size = pipeline_name(self.workflow), str(WorkflowSize.of(self.workflow, text))
        plain = (
            text if len(text) <= SHOWN else (f"{text[:SHOWN]}\n# truncated: %kfp compile writes all of it to a file\n")
        )
        plain = printable(redact(f"# {one_line(title, 200)}: {size}\n{plain}"))
        return {"text/html": self._html(title, size, text), "text/plain": plain}

    def _html(self, title: str, size: str, text: str) -> str:
        coloured = len(text) <= COLOURED
        spec = self.workflow["spec"]
        around = {**self.workflow, "spec": {key: value for key, value in spec.items() if key != "templates"}}
        parts = [
            f'<div style="{_HEAD}"><b>{escape(title)}</b> <span style="{_FAINT}">{escape(size)}</span></div>',
            _block(to_yaml(around), coloured=coloured),
            *_folds(spec["templates"], coloured=coloured),
        ]
        return f'<div class="kfp-jupyter-yaml">{"".join(parts)}</div>'


def _folds(templates: list[Mapping[str, Any]], *, coloured: bool) -> Iterator[str]:
    left = SHOWN
    for number, template in enumerate(templates):
        text = to_yaml(template)
        left -= len(text)
        if left < 0:
            rest = count(len(templates) - number, "more template")
            yield f'<div style="{_HEAD}">and {rest}; <code>%kfp compile</code> writes all of them to a file.</div>'
            return
        summary = f'<b>{escape(template["name"])}</b> <span style="{_FAINT}">{escape(_what(template))}</span>'
        yield f'<details><summary style="{_HEAD}">{summary}</summary>{_block(text, coloured=coloured)}</details>'


def _what(template: Mapping[str, Any]) -> str:
    """Return in a few words what a template does."""
    if "dag" in template:
        return count(len(entries(template["dag"], "tasks")), "task")
    if "resource" in template:
        return f"{template['resource'].get('action', '')} a resource"
    return str(section(template, "container").get("image", ""))


def _block(text: str, *, coloured: bool) -> str:
    text = printable(redact(text))
    body = highlight(text, lexers.YamlLexer(), _formatter()) if coloured else escape(text)
    return f'<pre style="{_BLOCK}">{body}</pre>'


class _Colours(style.Style):
    """JupyterLab's own colours of code; elsewhere such as can be read on light and on dark ground."""

    styles: ClassVar[dict[Any, str]] = {
        token.Name.Tag: "var(--jp-mirror-editor-tag-color,#3f8f4f)",
        token.Name: "var(--jp-mirror-editor-variable-2-color,#5a7fc0)",
        token.String: "var(--jp-mirror-editor-string-color,#c0564a)",
        token.Literal.Scalar: "",
        token.Number: "var(--jp-mirror-editor-number-color,#2f8f7f)",
        token.Keyword: "var(--jp-mirror-editor-keyword-color,#9060c0)",
        token.Comment: "var(--jp-mirror-editor-comment-color,#808080)",
        token.Punctuation: "var(--jp-mirror-editor-punctuation-color,#808080)",
    }


@functools.cache
def _formatter() -> Any:
    return formatters.HtmlFormatter(nowrap=True, noclasses=True, style=_Colours)
