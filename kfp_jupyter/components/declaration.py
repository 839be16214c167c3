"""The declaration of a component on a magic line: for scripts and containers, which have no signature."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any

from kfp_jupyter.components.annotations import as_file_annotation
from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.signature import FunctionInterface, interface_of
from kfp_jupyter.components.structures import ComponentSpec, ContainerImplementation, ContainerSpec
from kfp_jupyter.errors import ComponentError, Position


@dataclasses.dataclass(frozen=True, slots=True)
class Declaration:
    """What a magic line declares about a component.

    Attributes:
        name: Its title.
        bound: The Python name it is bound to.
        inputs: Its inputs; a default makes one optional.
        outputs: Its outputs.
        image: Image to run it in.
        line: The magic line.
        packages: Requirements that pip installs before.
        description: Its description.
        settings: Settings of its tasks.
    """

    name: str
    bound: str
    inputs: Sequence[inspect.Parameter]
    outputs: Sequence[inspect.Parameter]
    image: str
    line: Position
    packages: Sequence[str] = ()
    description: str = ""
    settings: StepSettings = dataclasses.field(default_factory=StepSettings)

    def interface(self) -> FunctionInterface:
        """Return the inputs and outputs, under exactly the names that are declared and in that order.

        Raises:
            ComponentError: A default isn't of its input's type, or a file has the name of an input.
        """
        files = [o for o in self.outputs if is_file(o)]
        for name in sorted({i.name for i in self.inputs} & {o.name for o in files}):
            message = f"{name!r} is declared both as an input and as the file of an output."
            raise ComponentError(message, remedy="Rename one.", position=self.line)
        returned = {o.name: _annotation(o) for o in self.outputs if not is_file(o)}
        function = types.FunctionType(_NOTHING, {}, self.bound)
        function.__doc__ = self.description or None
        function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # inspect reads it
            [p.replace(kind=p.KEYWORD_ONLY, annotation=_annotation(p)) for p in (*self.inputs, *files)],
            return_annotation=returned or None,
        )
        try:
            found = interface_of(function, {})
        except ComponentError as error:
            raise ComponentError(error.message, remedy=error.remedy, position=self.line) from None
        # A function's parameter train_path takes the input train; what is declared here is the input itself.
        inputs = [dataclasses.replace(i, spec=dataclasses.replace(i.spec, name=i.parameter)) for i in found.inputs]
        outputs = {
            name: dataclasses.replace(o, spec=dataclasses.replace(o.spec, name=name))
            for name, o in zip([*(f.name for f in files), *returned], found.outputs, strict=True)
        }
        return FunctionInterface(tuple(inputs), tuple(outputs[o.name] for o in self.outputs), False, found.description)

    def component(
        self, interface: FunctionInterface, container: ContainerSpec, call: Callable[..., Any] | None = None
    ) -> Component:
        """Return the component.

        Args:
            interface: Its inputs and outputs.
            container: The container that runs.
            call: The function that a call outside a pipeline runs; None for none.
        """
        spec = ComponentSpec(
            name=self.name,
            description=interface.description,
            inputs=tuple(i.spec for i in interface.inputs),
            outputs=tuple(o.spec for o in interface.outputs),
            implementation=ContainerImplementation(container),
        )
        made = Component(spec, call, self.settings)
        made.__name__ = self.bound
        return made


def is_file(parameter: inspect.Parameter) -> bool:
    """Whether a declared input or output is a file rather than a value."""
    return as_file_annotation(parameter.annotation) is not None


def _annotation(parameter: inspect.Parameter) -> Any:
    return None if parameter.annotation is parameter.empty else parameter.annotation


_NOTHING = compile("lambda: None", "<declared>", "eval", dont_inherit=True).co_consts[0]
