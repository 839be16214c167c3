"""A task that runs a container.

Source: ``ContainerOp`` in ``kfp/dsl/_container_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kfp_jupyter.components.arguments import input_path, output_path
from kfp_jupyter.components.component import python_name
from kfp_jupyter.components.structures import CachingStrategySpec, ComponentSpec, ExecutionOptionsSpec
from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.container import Container, UserContainer, words
from kfp_jupyter.dsl.future_value import FutureValueAttributeError
from kfp_jupyter.dsl.graph import Use
from kfp_jupyter.dsl.kubernetes_types import text_of
from kfp_jupyter.dsl.outputs import Outputs, ui_output
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.errors import PipelineError, author_position
from kfp_jupyter.naming import closest

if TYPE_CHECKING:
    from typing_extensions import Self


class InputArgumentPath:
    """Data that a task reads from a file; on a command line it is replaced by the file's path.

    Args:
        argument: The data: an output, a parameter or text.
        input: Name of the input; made up unless given.
        path: Where the program finds it; made from the name unless given.

    Example:
        dsl.ContainerOp(
            name="Count words",
            image="alpine:3.19",
            command=["wc", "-w", dsl.InputArgumentPath(prepare().output)],
        )
    """

    def __init__(self, argument: Any, input: Any = None, path: str | None = None) -> None:
        self.argument = argument
        self.input = input
        self.path = path


class ContainerOp(BaseOp):
    """A task that runs a container.

    Args:
        name: What its name is made from; a number is added where another task has it.
        image: Name of the image.
        command: The program and its first words; None for the image's own.
        arguments: What follows; None for the image's own.
        init_containers: Containers that run before it.
        sidecars: Containers that run beside it.
        container_kwargs: Other fields of the container, by the names of the Kubernetes client.
        artifact_argument_paths: Data that is put into files whose paths aren't on the command line.
        file_outputs: Output name to the path that the program writes.
        output_artifact_paths: Artifact name to path, for artifacts that no task takes.
        is_exit_handler: Not used; `dsl.ExitHandler` says so.
        pvolumes: Mount path to volume.

    Raises:
        PipelineError: An argument can't be used.

    Example:
        task = dsl.ContainerOp(
            name="Greet",
            image="alpine:3.19",
            command=["sh", "-c", "echo hello > /tmp/text"],
            file_outputs={"text": "/tmp/text"},
        )
        deploy(task.outputs["text"])
    """

    _execution_options: ExecutionOptionsSpec | None = None
    component: Use | None = None
    isolated = False
    pvolume: Any = None

    def __init__(  # noqa: PLR0913, PLR0917  (KFP v1's signature)
        self,
        name: str,
        image: Any,
        command: Any = None,
        arguments: Any = None,
        init_containers: list[UserContainer] | None = None,
        sidecars: list[UserContainer] | None = None,
        container_kwargs: dict[str, Any] | None = None,
        artifact_argument_paths: list[InputArgumentPath] | None = None,
        file_outputs: Mapping[str, str] | None = None,
        output_artifact_paths: Mapping[str, str] | None = None,
        is_exit_handler: bool = False,
        pvolumes: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(name, init_containers, sidecars, is_exit_handler)
        self.input_artifact_paths: dict[str, str] = {}
        self.artifact_arguments: dict[str, str] = {}
        for argument in artifact_argument_paths or ():
            self._path_of(argument)
        self._container = Container(image, self._words(command), self._words(arguments), **(container_kwargs or {}))
        self.output_artifact_paths = _paths(output_artifact_paths, "output_artifact_paths", self.name)
        self.file_outputs: dict[str, str] = {}
        for output, path in _paths(file_outputs, "file_outputs", self.name).items():
            shown = ui_output(output)
            (self.output_artifact_paths if shown else self.file_outputs)[shown or output] = path
        self.outputs: Outputs = Outputs(self.name, {o: PipelineParam(o, self.name) for o in self.file_outputs})
        self.pvolumes: dict[str, Any] = {}
        if pvolumes:
            self.add_pvolumes(pvolumes)

    def __getattr__(self, name: str) -> Any:
        """The container's own methods, which KFP v1 lets one call on the task; they return the task."""
        method = None if name.startswith("_") else getattr(Container, name, None)
        if not callable(method):
            raise self._no_attribute(name)
        container = self.container

        def on_container(*args: Any, **kwargs: Any) -> Any:
            result = method(container, *args, **kwargs)
            return self if result is container else result

        return on_container

    def _no_attribute(self, name: str) -> AttributeError:
        outputs = self.__dict__.get("outputs", {})
        if name.startswith("_") or not outputs:
            return AttributeError(f"The task {self.__dict__.get('name')!r} has no attribute {name!r}.")
        shown = [f'.outputs["{output}"]' for output in outputs]
        named = [text for text, output in zip(shown, outputs, strict=True) if name in (output, python_name(output))]
        near = None if named else closest(name, [*dir(type(self)), *dir(Container)])
        remedy = f"Did you mean {near}?" if near else f"Its outputs are {', '.join(shown)}."
        return FutureValueAttributeError(
            f"The task {self.name!r} has no attribute {name!r}.",
            remedy=f"Its output of that name is {named[0]}." if named else remedy,
            position=author_position(),
        )

    def __getitem__(self, name: Any) -> Any:
        raise PipelineError(
            f"The task {self.name!r} can't be indexed.",
            remedy=f"Its outputs are {', '.join(f'.outputs[{output!r}]' for output in self.outputs) or 'none'}.",
            position=author_position(),
        )

    @property
    def container(self) -> Container:
        """The container, to set what `ContainerOp` itself has no method for."""
        return self._container

    @property
    def output(self) -> PipelineParam:
        """The task's only output.

        Raises:
            PipelineError: It has none, or several.
        """
        return self.outputs.only()

    @property
    def execution_options(self) -> ExecutionOptionsSpec:
        """How the task is run; ``caching_strategy.max_cache_staleness`` says how old a cached result may be."""
        if self._execution_options is None:
            self._execution_options = ExecutionOptionsSpec(caching_strategy=CachingStrategySpec())
        return self._execution_options

    @execution_options.setter
    def execution_options(self, options: ExecutionOptionsSpec) -> None:
        self._execution_options = options

    @property
    def image(self) -> Any:
        """Name of the image."""
        return self.container.image

    @image.setter
    def image(self, image: Any) -> None:
        self.container.image = image

    @property
    def env_variables(self) -> list[Any] | None:
        """The container's environment variables."""
        return self.container.env

    @env_variables.setter
    def env_variables(self, variables: list[Any] | None) -> None:
        self.container.env = variables

    @property
    def command(self) -> list[str] | None:
        """The program and its first words."""
        return self.container.command

    @command.setter
    def command(self, command: Any) -> None:
        self.container.command = words(command)

    @property
    def arguments(self) -> list[str] | None:
        """What follows the command."""
        return self.container.args

    @arguments.setter
    def arguments(self, arguments: Any) -> None:
        self.container.args = words(arguments)

    def add_pvolumes(self, pvolumes: Mapping[str, Any]) -> Self:
        """Mount volumes and wait for the tasks that wrote them; return the task.

        Args:
            pvolumes: Mount path to volume, such as ``VolumeOp.volume`` or another task's ``pvolume``.
        """
        # The Kubernetes client costs 0.4 s; only pipelines with volumes pay it.
        from kfp_jupyter.dsl.pipeline_volume import mounted  # noqa: PLC0415  (lazy, see above)

        for mount_path, volume in (pvolumes or {}).items():
            self.pvolumes[mount_path], mount = mounted(self, mount_path, volume)
            self.add_volume(self.pvolumes[mount_path])
            self.container.add_volume_mount(mount)
        self.pvolume = next(iter(self.pvolumes.values())) if len(self.pvolumes) == 1 else None
        return self

    def _fields(self) -> list[Any]:
        return [*super()._fields(), self.container, self.artifact_arguments]

    def _words(self, line: Any) -> list[str] | None:
        """The words of a command line, with paths in the place of what is read from them."""
        if type(line) is list:
            return [word if type(word) is str else self._word(word) for word in line]
        if isinstance(line, Sequence) and not isinstance(line, str):
            return [self._word(word) for word in line]
        return None if line is None else [self._word(line)]

    def _word(self, word: Any) -> str:
        return self._path_of(word) if isinstance(word, InputArgumentPath) else str(word)

    def _path_of(self, argument: InputArgumentPath) -> str:
        name = getattr(argument.input, "name", argument.input) or f"input-{len(self.artifact_arguments)}"
        path = str(
            text_of(argument.path, f"the path of the input {name!r} of the task {self.name!r}") or input_path(name)
        )
        self.input_artifact_paths[name] = path
        self.artifact_arguments[name] = str(argument.argument)
        return path

    def _set_metadata(self, metadata: ComponentSpec) -> None:
        """Let the task have the outputs that a component declares: what `dsl.component` does."""
        for output in metadata.outputs:
            if output.name in self.outputs:
                self.outputs[output.name]._type = output.type
                continue
            if output.name not in self.file_outputs:
                shown = ui_output(output.name)
                path = shown and self.output_artifact_paths.get(shown)
                (self.output_artifact_paths if shown else self.file_outputs)[shown or output.name] = (
                    path or output_path(output.name)
                )
            if not ui_output(output.name):
                self.outputs[output.name] = PipelineParam(output.name, self.name, param_type=output.type)


def _paths(paths: Any, argument: str, task: str) -> dict[str, str]:
    if not paths:
        return {}
    if type(paths) is not dict and not isinstance(paths, Mapping):
        raise PipelineError(
            f"{argument} of the task {task!r} is {paths!r:.80}, a {type(paths).__name__}.",
            remedy='Pass a mapping of each output\'s name to its path, such as {"model": "/tmp/model"}.',
            position=author_position(),
        )
    return {
        str(text_of(name, f"the name of an output of the task {task!r}")): str(
            text_of(path, f"the path of the output {name!r} of the task {task!r}")
        )
        for name, path in paths.items()
    }
