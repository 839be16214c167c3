"""What a component's cell shows: a compact card."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from kfp_jupyter.components import Component
from kfp_jupyter.components.structures import ComponentSpec, ContainerImplementation, InputSpec, OutputSpec
from kfp_jupyter.components.types import shown
from kfp_jupyter.printable import one_line, printable
from kfp_jupyter.redaction import redact
from kfp_jupyter.widget.text import escape

_CARD = (
    "display:inline-block;border:1px solid var(--jp-border-color1,#bdbdbd);border-left:4px solid #5e7ce0;"
    "border-radius:6px;padding:8px 14px;line-height:1.5;font-family:var(--jp-ui-font-family,sans-serif);"
    "font-size:13px;color:var(--jp-ui-font-color1,#212121);background:var(--jp-layout-color1,#fff);max-width:760px"
)
MAX_ENTRY = 2000
"""Characters of an entry that the card as text shows; an image's name or an input with its default."""

_FAINT = "color:var(--jp-ui-font-color2,#616161)"
_NAME = "font-family:var(--jp-code-font-family,monospace);font-size:12px"


@dataclasses.dataclass(frozen=True, slots=True)
class ComponentCard:
    """Name, inputs, outputs, image and packages of a component.

    Attributes:
        component: The component.
        packages: What is installed before its steps.
        missing: Modules it imports that are not installed in the notebook.
    """

    component: Component
    packages: Sequence[str] = ()
    missing: Sequence[str] = ()

    def rows(self) -> list[tuple[str, list[str]]]:
        """Return titles and the entries behind them, as text."""
        spec, settings = self.component.component_spec, self.component.settings
        limits = [f"cpu {settings.cpu}"] if settings.cpu else []
        limits += [f"memory {settings.memory}"] if settings.memory else []
        limits += [f"gpu {settings.gpu[1]} ({settings.gpu[0]})"] if settings.gpu else []
        container = getattr(spec.implementation, "container", None)
        return [
            ("inputs", [_input(i) for i in spec.inputs] or ["none"]),
            ("outputs", [_output(o) for o in spec.outputs] or ["none"]),
            *_runs(spec),
            *([("packages", list(map(redact, self.packages)))] if self.packages else []),
            *([("limits", limits)] if limits else []),
            *([("retry", [f"up to {settings.retry} times"])] if settings.retry else []),
            *([("timeout", [f"{settings.timeout} s"])] if settings.timeout else []),
            *([("env", list(container.env))] if container and container.env else []),
            *_pairs("labels", spec.labels),
            *_pairs("node", settings.node_selector),
            *([("isolated", ["without the notebook's packages"])] if settings.isolated else []),
            *([] if settings.cache else [("cache", ["off"])]),
            *([("not here", [_missing(module, self.packages) for module in self.missing])] if self.missing else []),
        ]

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}

    def html(self) -> str:
        """Return the card as HTML, all text escaped."""
        spec = self.component.component_spec
        description = f'<div style="{_FAINT}">{escape(spec.description)}</div>' if spec.description else ""
        rows = "".join(
            f'<div><span style="{_FAINT};display:inline-block;min-width:72px">{title}</span>'
            + ", ".join(f'<span style="{_NAME}">{escape(entry)}</span>' for entry in entries)
            + "</div>"
            for title, entries in self.rows()
        )
        title = f'<b>{escape(spec.title)}</b> <span style="{_FAINT};{_NAME}">{escape(self.component.__name__)}</span>'
        return f'<div class="kfp-jupyter-card" style="{_CARD}"><div>{title}</div>{description}{rows}</div>'

    def text(self) -> str:
        """Return the card as text."""
        lines = [printable(f"Component {self.component.name!r}")]
        lines += [
            f"  {title}: {', '.join(one_line(entry, MAX_ENTRY) for entry in entries)}" for title, entries in self.rows()
        ]
        return "\n".join(lines)


def _runs(spec: ComponentSpec) -> list[tuple[str, list[str]]]:
    """What a component is made of: an image, or tasks of other components."""
    made_of = spec.implementation
    if isinstance(made_of, ContainerImplementation):
        return [("image", [made_of.container.image])]
    return [("tasks", list(made_of.graph.tasks))] if made_of else []


def _pairs(title: str, pairs: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    return [(title, [f"{name}={value}" for name, value in pairs.items()])] if pairs else []


def _missing(module: str, packages: Sequence[str]) -> str:
    """Return a module that isn't here and what brings it to the step."""
    if canonicalize_name(module) in map(_name, packages):
        return f"{module} (packages= installs it in the step)"
    return f"{module} (the image or {'one of ' if packages else ''}packages= must provide it)"


def _name(requirement: str) -> str:
    try:
        return canonicalize_name(Requirement(requirement).name)
    except InvalidRequirement:  # an address or a path, which says no name for sure
        return ""


def _input(spec: InputSpec) -> str:
    kind = f": {shown(spec.type)}" if spec.type else ""
    default = f" = {_short(str(spec.default))}" if spec.default is not None else " (optional)" if spec.optional else ""
    return f"{spec.name}{kind}{default}"


def _output(spec: OutputSpec) -> str:
    return f"{spec.name}: {shown(spec.type)}" if spec.type else spec.name


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:29] + "…") if not text.isalnum() else text
