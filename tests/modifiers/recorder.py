"""The part of a task that modifiers touch, and what became of it as Kubernetes has it."""

from __future__ import annotations

from typing import Any

from kubernetes.client import ApiClient


class Container:
    """A task's container."""

    def __init__(self) -> None:
        self.env: list[Any] = []
        self.volume_mounts: list[Any] = []
        self.limits: dict[str, str] = {}
        self.requests: dict[str, str] = {}

    def add_env_variable(self, variable: Any) -> Container:
        """Take an environment variable."""
        self.env.append(variable)
        return self

    def add_volume_mount(self, mount: Any) -> Container:
        """Take a mount."""
        self.volume_mounts.append(mount)
        return self

    def add_resource_limit(self, resource: str, amount: object) -> Container:
        """Take a limit."""
        self.limits[resource] = str(amount)
        return self

    def add_resource_request(self, resource: str, amount: object) -> Container:
        """Take a request."""
        self.requests[resource] = str(amount)
        return self

    def get_resource_limit(self, resource: str) -> str | None:
        """The limit, if there is one."""
        return self.limits.get(resource)

    def get_resource_request(self, resource: str) -> str | None:
        """The request, if there is one."""
        return self.requests.get(resource)


class ResourceTask:
    """A task that makes an object of Kubernetes: it has no container."""

    def __init__(self) -> None:
        self.volumes: list[Any] = []

    def add_volume(self, volume: Any) -> ResourceTask:
        """Take a volume."""
        self.volumes.append(volume)
        return self


class Task(ResourceTask):
    """A task that runs a container."""

    def __init__(self) -> None:
        super().__init__()
        self.container = Container()
        self.tolerations: list[Any] = []
        self.affinity: Any = None
        self.pod_annotations: dict[str, str] = {}

    def add_toleration(self, toleration: Any) -> Task:
        """Take a toleration."""
        self.tolerations.append(toleration)
        return self

    def add_affinity(self, affinity: Any) -> Task:
        """Take an affinity."""
        self.affinity = affinity
        return self

    def add_pod_annotation(self, name: str, value: str) -> Task:
        """Take an annotation."""
        self.pod_annotations[name] = value
        return self

    def made(self) -> dict[str, Any]:
        """Everything that was taken, without what is empty."""
        container = self.container
        taken = {
            "env": container.env,
            "volumeMounts": container.volume_mounts,
            "limits": container.limits,
            "requests": container.requests,
            "volumes": self.volumes,
            "tolerations": self.tolerations,
            "affinity": self.affinity,
            "annotations": self.pod_annotations,
        }
        return {name: ApiClient().sanitize_for_serialization(value) for name, value in taken.items() if value}
