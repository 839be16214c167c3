"""A volume that tasks pass to each other.

Source: ``kfp/dsl/_pipeline_volume.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kubernetes.client import V1PersistentVolumeClaimVolumeSource, V1Volume, V1VolumeMount

from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.tracing import current_trace
from kfp_jupyter.errors import PipelineError, author_position


class PipelineVolume(V1Volume):  # type: ignore[misc]  # the client has no types
    """A volume that knows which tasks write to it.

    Args:
        pvc: Name of a PersistentVolumeClaim; may be an output.
        volume: A volume to copy, without what it waits for.
        **kwargs: As of V1Volume.

    Example:
        train().add_pvolumes({"/data": dsl.PipelineVolume(pvc="training-data")})
    """

    def __init__(self, pvc: Any = None, volume: V1Volume | None = None, **kwargs: Any) -> None:
        if volume is not None and kwargs:
            raise _wrong("A volume was given together with fields of another.", "Pass one or the other.")
        fields = {} if volume is None else {name: getattr(volume, name, None) for name in self.attribute_map}
        name = kwargs.pop("name", None)
        if name is not None and len(name) > 63:
            raise _wrong(f"The volume's name {name!r} has more than 63 characters.", "Give it a shorter one.")
        if pvc is not None and kwargs:
            raise _wrong("A pvc and other fields of a volume were given.", "With a pvc, only a name can be given.")
        if volume is None:
            fields["name"] = name or "pvolume-placeholder"
            if pvc is not None:
                fields["persistent_volume_claim"] = V1PersistentVolumeClaimVolumeSource(claim_name=str(pvc))
        super().__init__(**fields, **kwargs)
        if volume is None and name is None:
            self.name = _name_of(_given(self.to_dict()))
        self.dependent_names: list[str] = []

    def after(self, *ops: Any) -> PipelineVolume:
        """Return the same volume as it is when these tasks are done."""
        volume = type(self)(volume=self)
        volume.dependent_names = [op.name for op in ops]
        for earlier in self.dependent_names:
            if not any(_implies(op, earlier) for op in ops):
                volume.dependent_names.append(earlier)
        return volume


def mounted(op: BaseOp, mount_path: str, volume: Any) -> tuple[PipelineVolume, V1VolumeMount]:
    """Let a task wait for what wrote a volume; return the volume as the task leaves it, and its mount.

    Args:
        op: The task.
        mount_path: Where the volume is mounted.
        volume: A `PipelineVolume` or a V1Volume.
    """
    if hasattr(volume, "dependent_names"):
        op.dependent_names.extend(volume.dependent_names)
    else:
        volume = PipelineVolume(volume=volume)
    written = volume.after(op)
    return written, V1VolumeMount(name=written.name, mount_path=mount_path)


def _implies(op: Any, earlier: str) -> bool:
    """Whether a task runs after another one anyway."""
    if op.name == earlier:
        return True
    trace = current_trace()
    ops = trace.ops if trace else {}
    return any(name == earlier or (name in ops and _implies(ops[name], earlier)) for name in op.dependent_names)


def _name_of(fields: dict[str, Any]) -> str:
    """The name that KFP v1 makes of an unnamed volume's fields."""
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return f"pvolume-{digest}"[:63]


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _given(value) if isinstance(value, dict) else value for key, value in fields.items() if value is not None
    }


def _wrong(message: str, remedy: str) -> PipelineError:
    return PipelineError(message, remedy=remedy, position=author_position())
