"""A container of a pod, with the fields of Kubernetes' own definition and KFP v1's methods to set them.

The fields are those of ``io.k8s.api.core.v1.Container``. Objects of the Kubernetes client are accepted; the
client itself isn't needed.

Source: ``Container`` in ``kfp/dsl/_container_op.py`` of kfp 1.8.24;
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from kfp_jupyter.dsl.kubernetes_types import amount
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.to_json import is_kubernetes_object, params_in
from kfp_jupyter.errors import PipelineError, author_position
from kfp_jupyter.workflow.quantities import is_size

if TYPE_CHECKING:
    from typing_extensions import Self


FIELDS = {
    "args": "args",
    "command": "command",
    "env": "env",
    "env_from": "envFrom",
    "image": "image",
    "image_pull_policy": "imagePullPolicy",
    "lifecycle": "lifecycle",
    "liveness_probe": "livenessProbe",
    "ports": "ports",
    "readiness_probe": "readinessProbe",
    "resize_policy": "resizePolicy",
    "resources": "resources",
    "restart_policy": "restartPolicy",
    "security_context": "securityContext",
    "startup_probe": "startupProbe",
    "stdin": "stdin",
    "stdin_once": "stdinOnce",
    "termination_message_path": "terminationMessagePath",
    "termination_message_policy": "terminationMessagePolicy",
    "tty": "tty",
    "volume_devices": "volumeDevices",
    "volume_mounts": "volumeMounts",
    "working_dir": "workingDir",
}
"""Attribute to key of a container, but for its name."""

_VENDORS = ("nvidia", "amd")


class Resources:
    """The resource limits and requests of a container.

    Attributes:
        limits: By resource, in Kubernetes' notation.
        requests: By resource, in Kubernetes' notation.
    """

    attribute_map: ClassVar = {"limits": "limits", "requests": "requests"}

    def __init__(self) -> None:
        self.limits: dict[Any, Any] | None = None
        self.requests: dict[Any, Any] | None = None


class Container:
    """The container of a task.

    Args:
        image: Name of the image.
        command: The program and its first words; None for the image's own.
        args: What follows; None for the image's own.
        **fields: Other fields, by the names of the Kubernetes client.

    Raises:
        PipelineError: There is no such field.

    Example:
        train().container.set_memory_limit("2Gi").set_gpu_limit(1)
    """

    attribute_map: ClassVar[dict[str, str]] = FIELDS

    env: list[Any] | None
    image_pull_policy: Any
    resources: Any
    stdin: Any
    stdin_once: Any
    termination_message_path: Any
    termination_message_policy: Any
    tty: Any

    def __init__(self, image: Any, command: list[str] | None, args: list[str] | None, **fields: Any) -> None:
        self.image = image
        self.command = command
        self.args = args
        for name, value in fields.items():
            if name not in self.attribute_map and name != "name":
                raise PipelineError(
                    f"A container has no field {name!r}.",
                    remedy=f"Its fields are {', '.join(self.attribute_map)}.",
                    position=author_position(),
                )
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        # Fields that nobody has set are None, without costing each container a dictionary of them.
        if name in type(self).attribute_map or name == "name":
            return None
        raise AttributeError(f"A container has no field {name!r}.")

    def _append(self, field: str, value: Any, kind: str) -> Self:
        _expect(value, kind)
        setattr(self, field, [*(getattr(self, field) or ()), value])
        return self

    def _set(self, field: str, value: Any, kind: str) -> Self:
        _expect(value, kind)
        setattr(self, field, value)
        return self

    def _resource(self, kind: str, create: bool) -> dict[Any, Any]:
        if self.resources is None:
            if not create:
                return {}
            self.resources = Resources()
        amounts: dict[Any, Any] | None = getattr(self.resources, kind)
        if amounts is None:
            amounts = {}
            setattr(self.resources, kind, amounts)
        return amounts

    def add_resource_limit(self, resource_name: Any, value: Any) -> Self:
        """Limit a resource; return the container.

        Args:
            resource_name: Such as ``cpu``, ``memory``, ``nvidia.com/gpu``.
            value: The amount in Kubernetes' notation, or a parameter.
        """
        self._resource("limits", create=True)[resource_name] = amount(value, f"the {resource_name} limit")
        return self

    def add_resource_request(self, resource_name: Any, value: Any) -> Self:
        """Request an amount of a resource; return the container.

        Args:
            resource_name: Such as ``cpu``, ``memory``.
            value: The amount in Kubernetes' notation, or a parameter.
        """
        self._resource("requests", create=True)[resource_name] = amount(value, f"the {resource_name} request")
        return self

    def get_resource_limit(self, resource_name: str) -> Any:
        """Return the limit of a resource; None if there is none."""
        return self._resource("limits", create=False).get(resource_name)

    def get_resource_request(self, resource_name: str) -> Any:
        """Return the request of a resource; None if there is none."""
        return self._resource("requests", create=False).get(resource_name)

    def set_memory_request(self, memory: Any) -> Self:
        """Request memory in Kubernetes' notation (``1Gi``), or as a parameter; return the container."""
        return self.add_resource_request("memory", _size(memory, "memory request"))

    def set_memory_limit(self, memory: Any) -> Self:
        """Limit memory in Kubernetes' notation (``1Gi``), or by a parameter; return the container."""
        return self.add_resource_limit("memory", _size(memory, "memory limit"))

    def set_ephemeral_storage_request(self, size: Any) -> Self:
        """Request disk of the node in Kubernetes' notation (``10Gi``), or as a parameter; return the container."""
        return self.add_resource_request("ephemeral-storage", _size(size, "ephemeral storage request"))

    def set_ephemeral_storage_limit(self, size: Any) -> Self:
        """Limit disk of the node in Kubernetes' notation (``10Gi``), or by a parameter; return the container."""
        return self.add_resource_limit("ephemeral-storage", _size(size, "ephemeral storage limit"))

    def set_cpu_request(self, cpu: Any) -> Self:
        """Request CPUs in Kubernetes' notation (``500m``, ``2``), or as a parameter; return the container."""
        return self.add_resource_request("cpu", _cpu(cpu, "CPU request"))

    def set_cpu_limit(self, cpu: Any) -> Self:
        """Limit CPUs in Kubernetes' notation (``500m``, ``2``), or by a parameter; return the container."""
        return self.add_resource_limit("cpu", _cpu(cpu, "CPU limit"))

    def set_gpu_limit(self, gpu: Any, vendor: Any = "nvidia") -> Self:
        """Set the number of GPUs; return the container.

        Args:
            gpu: How many, or a parameter.
            vendor: ``nvidia`` or ``amd``; with a parameter as ``gpu`` also the resource's whole name.
        """
        if isinstance(gpu, PipelineParam):
            return self.add_resource_limit(
                f"{vendor}.com/gpu" if isinstance(vendor, str) and vendor in _VENDORS else vendor, gpu
            )
        if not str(gpu).isdigit() or int(gpu) < 1:
            raise PipelineError(
                f"{gpu!r} is not a valid number of GPUs.",
                remedy="Pass a whole number above 0.",
                position=author_position(),
            )
        if vendor not in _VENDORS:
            raise PipelineError(
                f"{vendor!r} is not a valid GPU vendor.", remedy="Pass nvidia or amd.", position=author_position()
            )
        return self.add_resource_limit(f"{vendor}.com/gpu", gpu)

    def add_volume_mount(self, volume_mount: Any) -> Self:
        """Mount a volume of the task, a V1VolumeMount; return the container."""
        return self._append("volume_mounts", volume_mount, "V1VolumeMount")

    def add_volume_devices(self, volume_device: Any) -> Self:
        """Add a block device, a V1VolumeDevice; return the container."""
        return self._append("volume_devices", volume_device, "V1VolumeDevice")

    def add_env_variable(self, env_variable: Any) -> Self:
        """Add an environment variable, a V1EnvVar; return the container."""
        return self._append("env", env_variable, "V1EnvVar")

    def add_env_from(self, env_from: Any) -> Self:
        """Add environment variables of a ConfigMap or Secret, a V1EnvFromSource; return the container."""
        return self._append("env_from", env_from, "V1EnvFromSource")

    def add_port(self, container_port: Any) -> Self:
        """Open a port, a V1ContainerPort; return the container."""
        return self._append("ports", container_port, "V1ContainerPort")

    def set_image_pull_policy(self, image_pull_policy: str) -> Self:
        """Set when the image is pulled: Always, Never or IfNotPresent; return the container."""
        self.image_pull_policy = one_of(image_pull_policy, ("Always", "Never", "IfNotPresent"), "image pull policy")
        return self

    def set_security_context(self, security_context: Any) -> Self:
        """Set its user and privileges, a V1SecurityContext; return the container."""
        return self._set("security_context", security_context, "V1SecurityContext")

    def set_stdin(self, stdin: bool = True) -> Self:
        """Set whether it has a standard input; return the container."""
        self.stdin = stdin
        return self

    def set_stdin_once(self, stdin_once: bool = True) -> Self:
        """Set whether its standard input is closed after the first client has left; return the container."""
        self.stdin_once = stdin_once
        return self

    def set_termination_message_path(self, termination_message_path: str) -> Self:
        """Set the file with its termination message; return the container."""
        self.termination_message_path = termination_message_path
        return self

    def set_termination_message_policy(self, termination_message_policy: str) -> Self:
        """Set where its termination message comes from: File or FallbackToLogsOnError; return the container."""
        self.termination_message_policy = one_of(
            termination_message_policy, ("File", "FallbackToLogsOnError"), "termination message policy"
        )
        return self

    def set_tty(self, tty: bool = True) -> Self:
        """Set whether it has a terminal; return the container."""
        self.tty = tty
        return self

    def set_readiness_probe(self, readiness_probe: Any) -> Self:
        """Set the probe that checks whether it is ready, a V1Probe; return the container."""
        return self._set("readiness_probe", readiness_probe, "V1Probe")

    def set_liveness_probe(self, liveness_probe: Any) -> Self:
        """Set the probe that checks whether it is alive, a V1Probe; return the container."""
        return self._set("liveness_probe", liveness_probe, "V1Probe")

    def set_lifecycle(self, lifecycle: Any) -> Self:
        """Set what happens after its start and before its end, a V1Lifecycle; return the container."""
        return self._set("lifecycle", lifecycle, "V1Lifecycle")


class UserContainer(Container):
    """A container beside the task's own: an init container or a sidecar.

    Args:
        name: Its name in the pod.
        image: Name of the image.
        command: The program and its first words.
        args: What follows.
        mirror_volume_mounts: Whether it sees all volumes of the task's container at the same paths.
        **fields: Other fields, by the names of the Kubernetes client.

    Example:
        cache = dsl.UserContainer("cache", "redis:7", mirror_volume_mounts=True)
        train().add_sidecar(cache)
    """

    attribute_map: ClassVar = {**FIELDS, "name": "name", "mirror_volume_mounts": "mirrorVolumeMounts"}

    def __init__(
        self,
        name: str,
        image: Any,
        command: Any = None,
        args: Any = None,
        mirror_volume_mounts: bool | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(image, words(command), words(args), **fields)
        self.name = name
        self.mirror_volume_mounts = mirror_volume_mounts

    @property
    def inputs(self) -> list[PipelineParam]:
        """The parameters and outputs that the container uses, each once."""
        return params_in(self, f"the container {self.name!r}")

    def set_mirror_volume_mounts(self, mirror_volume_mounts: bool = True) -> Self:
        """Set whether it sees all volumes of the task's container at the same paths; return the container."""
        self.mirror_volume_mounts = mirror_volume_mounts
        return self


class Sidecar(UserContainer):
    """A container that runs beside the task's own.

    Example:
        train().add_sidecar(dsl.Sidecar("cache", "redis:7"))
    """


class InitContainer(UserContainer):
    """A container that runs before the task's own.

    Example:
        fetch = dsl.InitContainer("fetch", "alpine:3.19", ["wget", "https://example.com/data.csv"])
        train().add_init_container(fetch)
    """


def words(value: Any) -> list[str] | None:
    """Return a command line as a list of strings, made from a word or a list of words, numbers and parameters."""
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [str(value)]
    return [word if isinstance(word, str) else str(word) for word in value]


def one_of(value: Any, allowed: tuple[str, ...], what: str) -> Any:
    """Return a value after checking that it is one of the allowed ones.

    Args:
        value: The value.
        allowed: The valid values.
        what: What the value is, for the message.

    Raises:
        PipelineError: It isn't.
    """
    if value not in allowed:
        raise PipelineError(
            f"{value!r} is not a valid {what}.", remedy=f"Use one of {', '.join(allowed)}.", position=author_position()
        )
    return value


def _expect(value: Any, kind: str) -> None:
    if not is_kubernetes_object(value, kind):
        raise PipelineError(
            f"{value!r:.80} is not a {kind}.",
            remedy=f"Make it with kubernetes.client.{kind}(...).",
            position=author_position(),
        )


def _size(value: Any, what: str) -> Any:
    if not isinstance(value, PipelineParam) and not (isinstance(value, str) and is_size(value)):
        raise PipelineError(
            f"{value!r} is not a valid {what}.",
            remedy='Pass a string such as "512Mi": a whole number with E, P, T, G, M, K or Ei, Pi, Ti, Gi, Mi, Ki.',
            position=author_position(),
        )
    return value


def _cpu(value: Any, what: str) -> Any:
    if isinstance(value, PipelineParam):
        return value
    try:
        float(value[:-1] if isinstance(value, str) and value.endswith("m") and value[:-1].isdigit() else value)
    except (TypeError, ValueError):
        raise PipelineError(
            f"{value!r} is not a valid {what}.",
            remedy='Pass a string such as "500m" or "2".',
            position=author_position(),
        ) from None
    return value
