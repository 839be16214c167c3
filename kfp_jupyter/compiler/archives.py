"""The formats of packages: plain YAML, .zip and .tar.gz; packing is reproducible, unpacking trusts nothing.

Source: ``_write_workflow`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO, Any

from kfp_jupyter.parsing import WORKFLOW

MEMBER = "pipeline.yaml"

ENDINGS = (".yaml", ".yml", ".zip", ".tar.gz", ".tgz")

_MOST_MEMBERS = 1000
_SLICE = 2**20


class BadPackageError(Exception):
    """A package can't be written or read.

    Args:
        reason: Why not, to follow a colon.
        remedy: One sentence that says what to do.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def pack(text: str, file: IO[bytes], ending: str) -> None:
    """Write a package; the same text always gives the same bytes.

    Args:
        text: The Workflow as YAML.
        file: The file to write to.
        ending: One of `ENDINGS`.
    """
    if ending == ".zip":
        entry = zipfile.ZipInfo(MEMBER)  # of 1980, as zip begins
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(entry, text)
    elif ending in (".tar.gz", ".tgz"):
        content = text.encode()
        header = tarfile.TarInfo(MEMBER)  # of 1970, owned by nobody in particular
        header.size = len(content)
        with (
            gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as stream,
            tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar,
        ):
            tar.addfile(header, io.BytesIO(content))
    else:
        # In slices: the text of a large pipeline is worth not having twice.
        file.writelines(text[start : start + _SLICE].encode() for start in range(0, len(text), _SLICE))


@dataclasses.dataclass(frozen=True)
class _Member:
    """One entry of an archive."""

    name: str
    size: int
    is_file: bool
    is_directory: bool
    entry: Any  # of zipfile or tarfile

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.name.replace("\\", "/"))


def unpack(file: IO[bytes], ending: str) -> bytes:
    """Return the YAML in a package, without unpacking it to disk.

    Args:
        file: The package.
        ending: One of `ENDINGS`.

    Raises:
        BadPackageError: It is damaged or too large, doesn't contain exactly one YAML file, or has unexpected members.
    """
    try:
        if ending == ".zip":
            return _from_zip(file)
        if ending in (".tar.gz", ".tgz"):
            return _from_tar(_at_most(gzip.GzipFile(fileobj=file, mode="rb")))
        return _at_most(file)
    except (
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        gzip.BadGzipFile,
        lzma.LZMAError,
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise BadPackageError(f"it is not a valid {ending} archive ({error})", "Compile the pipeline again.") from None


def _from_zip(file: IO[bytes]) -> bytes:
    with zipfile.ZipFile(file) as archive:
        members = []
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            is_file = kind in (0, stat.S_IFREG) and not entry.is_dir()
            members.append(_Member(entry.filename, entry.file_size, is_file, entry.is_dir(), entry))
        chosen = _chosen(members).entry
        if chosen.flag_bits & 1:
            raise BadPackageError(f"{chosen.filename!r} in it is encrypted", "Unpack it and pass the file inside.")
        with archive.open(chosen) as member:
            return _at_most(member)


def _from_tar(content: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        members = []
        # One at a time: a header made for it leads back to itself without end.
        for entry in archive:
            members.append(_Member(entry.name, entry.size, entry.isreg(), entry.isdir(), entry))
            if len(members) > _MOST_MEMBERS:
                raise BadPackageError(
                    f"it contains more than {_MOST_MEMBERS:,} files", "Use an archive with one YAML file."
                )
        member = archive.extractfile(_chosen(members).entry)
        if member is None:
            raise tarfile.ReadError("a file without content")
        with member:
            return _at_most(member)


def _at_most(stream: IO[bytes] | gzip.GzipFile) -> bytes:
    # None where a file of the kernel's has nothing to read just now.
    content = stream.read(WORKFLOW.size + 1) or b""
    if len(content) > WORKFLOW.size:
        raise _too_large()
    return content


def _too_large() -> BadPackageError:
    return BadPackageError(
        f"it contains more than {WORKFLOW.size // 2**20} MiB",
        "No cluster accepts so large a Workflow; make the pipeline smaller.",
    )


def _chosen(members: Iterable[_Member]) -> _Member:
    """Return the member that is the Workflow, as kfp chooses it, after checking all of them."""
    found: list[_Member] = []
    for member in members:
        if member.path.is_absolute() or ".." in member.path.parts or re.match("[A-Za-z]:", member.name):
            raise BadPackageError(f"{member.name!r} in it leads outside the archive", "Don't use this archive.")
        if not (member.is_file or member.is_directory):
            raise BadPackageError(f"{member.name!r} in it is a link or a device, not a file", "Don't use this archive.")
        if member.size > WORKFLOW.size:
            raise _too_large()
        # macOS puts files such as `._pipeline.yaml` beside others.
        if member.is_file and member.path.suffix in (".yaml", ".yml") and not member.path.name.startswith("._"):
            found.append(member)
    named = [member for member in found if str(member.path) == MEMBER]
    choice = named or found
    if len(choice) != 1:
        count = "several YAML files" if choice else "no YAML file"
        raise BadPackageError(f"it contains {count}", f"Put only the Workflow into it, as {MEMBER}.")
    return choice[0]
