"""The form on screen: a field a parameter, a sentence below a field whose content is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets

from kfp_jupyter.errors import UsageError
from kfp_jupyter.naming import closest
from kfp_jupyter.parsing.truth import truth_of
from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.form import Field, read_entry
from kfp_jupyter.widget.text import escape

MAX_LABEL, MAX_TOOLTIP = 200, 600


class FormBox(ipywidgets.HBox):
    """The pipeline's parameters to fill in."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("kfp-jupyter-form")
        self._fields: dict[str, _FieldBox] = {}

    def load(self, fields: list[Field]) -> None:
        """Show these fields; what was entered in a field that stays the same is kept."""
        kept = {name: box for name, box in self._fields.items() if box.field in fields}
        old = [box for name, box in self._fields.items() if name not in kept]
        self._fields = {field.name: kept.get(field.name) or _FieldBox(field) for field in fields}
        self.children = tuple(self._fields.values())
        for box in old:
            box.close()

    @property
    def problem(self) -> str:
        """What was wrong when the arguments were last read; empty where nothing was."""
        return " ".join(box.problem for box in self._fields.values() if box.problem)

    def arguments(self, given: Mapping[str, str] | None = None) -> dict[str, str] | None:
        """Return the arguments as text; None where some content is wrong, which is then said beside the field.

        Args:
            given: Values by parameter, put into the fields first.

        Raises:
            UsageError: There is no such parameter, or a value is not of its type; the fields are as before then.
        """
        for name, text in (given or {}).items():
            if name not in self._fields:
                nearest = closest(name, self._fields)
                remedy = f"It has {', '.join(self._fields) or 'none'}."
                remedy = f"Did you mean {nearest}?" if nearest else remedy
                raise UsageError(f"The pipeline has no parameter {name!r}.", remedy=remedy)
            if problem := read_entry(self._fields[name].field, text).problem:
                raise UsageError(problem)
        for name, text in (given or {}).items():
            self._fields[name].fill(text)
        read = {name: box.read() for name, box in self._fields.items()}
        if None in read.values():
            return None
        return {name: text for name, text in read.items() if text is not None}


class _FieldBox(ipywidgets.VBox):
    def __init__(self, field: Field) -> None:
        self.field = field
        self.problem = ""
        self._input = _input(field)
        self._problem = ipywidgets.HTML()
        self._problem.add_class("kfp-jupyter-field-problem")
        super().__init__([self._input, self._problem])
        self.add_class("kfp-jupyter-field")
        self._input.observe(self._on_change, names="value")

    def fill(self, text: str) -> None:
        """Put a text that can be read into the field."""
        is_box = isinstance(self._input, ipywidgets.Checkbox)
        self._input.value = truth_of(text) if is_box else text

    def read(self) -> str | None:
        """Return the argument, or None after saying what is wrong."""
        entry = read_entry(self.field, self._input.value)
        self.problem = entry.problem
        self._problem.value = f'<span role="alert">{escape(entry.problem)}</span>' if entry.problem else ""
        return None if entry.problem else entry.text

    def _on_change(self, _change: object) -> None:
        if self._problem.value:
            self.read()


def _input(field: Field) -> ipywidgets.DOMWidget:
    label = f"{field.name} ({field.type})" if field.kind != "text" or field.type != "String" else field.name
    label = one_line(label, MAX_LABEL)
    shared = {
        "description": label,
        "tooltip": one_line(field.description, MAX_TOOLTIP) or label,
        "style": {"description_width": "initial"},
    }
    value = field.value or ""
    if field.kind == "boolean" and (field.value is None or truth_of(value or "") is not None):
        return ipywidgets.Checkbox(value=bool(truth_of(value or "")), indent=False, **shared)
    if field.kind in ("object", "array") or "\n" in value:
        return ipywidgets.Textarea(value=value, rows=2, continuous_update=False, **shared)
    return ipywidgets.Text(value=value, continuous_update=False, **shared)
