"""Tasks that make volumes and snapshots of volumes.

Source: ``kfp/dsl/_volume_op.py`` and ``kfp/dsl/_volume_snapshot_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import Any, ClassVar

from kubernetes.client import (
    V1ObjectMeta,
    V1PersistentVolumeClaim,
    V1PersistentVolumeClaimSpec,
    V1ResourceRequirements,
    V1TypedLocalObjectReference,
)

from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.pipeline_volume import PipelineVolume
from kfp_jupyter.dsl.placeholders import references
from kfp_jupyter.dsl.resource_op import ResourceOp
from kfp_jupyter.errors import PipelineError, author_position
from kfp_jupyter.naming import k8s_name
from kfp_jupyter.workflow.quantities import is_size

VOLUME_MODE_RWO = ["ReadWriteOnce"]
VOLUME_MODE_RWM = ["ReadWriteMany"]
VOLUME_MODE_ROM = ["ReadOnlyMany"]

_SNAPSHOTS = "snapshot.storage.k8s.io"


class VolumeOp(ResourceOp):
    """A task that makes a PersistentVolumeClaim. Its ``volume`` can be mounted by other tasks.

    Args:
        resource_name: The claim's name, behind the run's.
        size: Its size in Kubernetes' notation (``10Gi``); may be a parameter.
        storage_class: Its storage class; the cluster's default unless given.
        modes: One of ``VOLUME_MODE_RWO``, ``VOLUME_MODE_RWM``, ``VOLUME_MODE_ROM``.
        annotations: Of the claim.
        data_source: Name of a VolumeSnapshot, or a V1TypedLocalObjectReference, that it is filled from.
        volume_name: Name of the PersistentVolume behind it.
        generate_unique_name: Whether the run's name is put before the claim's.
        **kwargs: As of `ResourceOp`; with ``k8s_resource``, a V1PersistentVolumeClaim, none of the others.

    Example:
        disk = dsl.VolumeOp(name="Create disk", resource_name="disk", size="10Gi", modes=dsl.VOLUME_MODE_RWO)
        train().add_pvolumes({"/data": disk.volume})
    """

    own_outputs: ClassVar = {"size": "{.status.capacity.storage}"}

    def __init__(
        self,
        resource_name: Any = None,
        size: Any = None,
        storage_class: Any = None,
        modes: list[str] | None = None,
        annotations: dict[str, str] | None = None,
        data_source: Any = None,
        volume_name: Any = None,
        generate_unique_name: bool = True,
        **kwargs: Any,
    ) -> None:
        if "k8s_resource" in kwargs:
            _alone(resource_name, size, storage_class, modes, annotations)
            if not isinstance(kwargs["k8s_resource"], V1PersistentVolumeClaim):
                raise _wrong("The k8s_resource of a VolumeOp is not a V1PersistentVolumeClaim.", "Pass one.")
        else:
            kwargs["k8s_resource"] = V1PersistentVolumeClaim(
                api_version="v1",
                kind="PersistentVolumeClaim",
                metadata=V1ObjectMeta(
                    name=_object_name(resource_name, unique=generate_unique_name), annotations=annotations
                ),
                spec=V1PersistentVolumeClaimSpec(
                    access_modes=modes or VOLUME_MODE_RWM,
                    resources=V1ResourceRequirements(requests={"storage": _size(size)}),
                    storage_class_name=storage_class,
                    data_source=_data_source(data_source),
                    volume_name=volume_name,
                ),
            )
        super().__init__(**kwargs)
        self.volume = PipelineVolume(name=k8s_name(self.name.partition(" ")[0]), pvc=self.outputs["name"])


class VolumeSnapshotOp(ResourceOp):
    """A task that makes a VolumeSnapshot. Its ``snapshot`` can be a `VolumeOp`'s data source.

    Args:
        resource_name: The snapshot's name, behind the run's.
        pvc: Name of the PersistentVolumeClaim.
        snapshot_class: Its class; the cluster's default unless given.
        annotations: Of the snapshot.
        volume: A volume that names a claim, in place of ``pvc``.
        api_version: Of the snapshot object.
        **kwargs: As of `ResourceOp`; with ``k8s_resource``, none of the others.

    Example:
        kept = dsl.VolumeSnapshotOp(name="Keep disk", resource_name="kept", pvc="training-data")
        dsl.VolumeOp(name="Copy disk", resource_name="copy", size="10Gi", data_source=kept.snapshot)
    """

    own_outputs: ClassVar = {"size": "{.status.restoreSize}"}

    def __init__(
        self,
        resource_name: Any = None,
        pvc: Any = None,
        snapshot_class: Any = None,
        annotations: dict[str, str] | None = None,
        volume: Any = None,
        api_version: str = f"{_SNAPSHOTS}/v1alpha1",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("success_condition", "status.readyToUse == true")
        waits_for: list[str] = []
        if "k8s_resource" in kwargs:
            _alone(resource_name, pvc, snapshot_class, annotations, volume)
        else:
            claim = _claim(pvc, volume)
            waits_for = list(getattr(volume, "dependent_names", ()))
            source = V1TypedLocalObjectReference(kind="PersistentVolumeClaim", name=claim)
            kwargs["k8s_resource"] = {
                "apiVersion": api_version,
                "kind": "VolumeSnapshot",
                "metadata": V1ObjectMeta(name=_object_name(resource_name, unique=True), annotations=annotations),
                "spec": {"source": source, **({"snapshotClassName": snapshot_class} if snapshot_class else {})},
            }
        super().__init__(**kwargs)
        self.dependent_names.extend(waits_for)
        self.snapshot = V1TypedLocalObjectReference(
            api_group=_SNAPSHOTS, kind="VolumeSnapshot", name=self.outputs["name"]
        )


def _object_name(name: Any, *, unique: bool) -> str:
    if name is None:
        raise _wrong("The volume has no resource_name.", "Name it.")
    text = str(name) if any(references(str(name))) else k8s_name(str(name))
    return f"{{{{workflow.name}}}}-{text}" if unique else text


def _size(size: Any) -> Any:
    if isinstance(size, PipelineParam):
        return size
    if not size:
        raise _wrong("The volume has no size.", 'Pass one, such as "10Gi".')
    if not any(references(str(size))) and not is_size(str(size)):
        raise _wrong(f"{size!r} is not a valid volume size.", 'Pass a string such as "10Gi".')
    return size


def _data_source(source: Any) -> Any:
    if source is None or isinstance(source, V1TypedLocalObjectReference):
        return source
    if isinstance(source, (str, PipelineParam)):
        return V1TypedLocalObjectReference(api_group=_SNAPSHOTS, kind="VolumeSnapshot", name=source)
    raise _wrong(
        f"{source!r:.80} is not a valid data_source of a volume.",
        "Pass a snapshot's name or a V1TypedLocalObjectReference.",
    )


def _claim(pvc: Any, volume: Any) -> Any:
    if (pvc is None) == (volume is None):
        raise _wrong("A snapshot must have exactly one volume.", "Pass a pvc or a volume, not both.")
    if pvc is not None:
        return pvc
    source = getattr(volume, "persistent_volume_claim", None)
    if source is None:
        raise _wrong("The volume of the snapshot has no PersistentVolumeClaim.", "Pass a volume that has one.")
    return source.claim_name


def _alone(*others: Any) -> None:
    if any(other is not None for other in others):
        raise _wrong("k8s_resource was given together with other arguments.", "Pass one or the others.")


def _wrong(message: str, remedy: str) -> PipelineError:
    return PipelineError(message, remedy=remedy, position=author_position())
