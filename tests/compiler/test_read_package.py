"""Packages of unknown origin are read with suspicion, and never unpacked to disk."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kfp_jupyter.compiler.package import read_package
from kfp_jupyter.errors import CompileError

TEXT = "kind: Workflow\nmetadata:\n  name: ä😀\n"
WORKFLOW = {"kind": "Workflow", "metadata": {"name": "ä😀"}}


def tar(*members: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    """Return a .tar.gz of members, each with its content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for member, content in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def zipped(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """Return a .zip of members, each with its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice in it
        for member, content in members:
            archive.writestr(member, content)
    return buffer.getvalue()


ARCHIVES: dict[str, Callable[..., bytes]] = {".zip": zipped, ".tar.gz": tar}


def refused(path: Path) -> CompileError:
    with pytest.raises(CompileError) as raised:
        read_package(path)
    assert f"The package {str(path)!r} can't be read: " in raised.value.message
    assert raised.value.remedy
    return raised.value


def content_refused(tmp_path: Path, content: bytes, name: str = "hostile.yaml") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(path).message
    assert [file.name for file in tmp_path.iterdir()] == [name]
    return message


def test_packages_of_kfp_are_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "kfp.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("pipeline.yaml")
        info.size = len(TEXT.encode())
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    with zipfile.ZipFile(tmp_path / "kfp.zip", "w") as zip_archive:
        zip_archive.writestr(zipfile.ZipInfo("pipeline.yaml"), TEXT)

    assert read_package(tmp_path / "kfp.tar.gz") == WORKFLOW
    assert read_package(tmp_path / "kfp.zip") == WORKFLOW


@pytest.mark.parametrize("ending", ARCHIVES)
@pytest.mark.parametrize(
    "names",
    [
        ["any.yaml"],
        ["folder/any.yml"],
        ["./pipeline.yaml"],
        ["README.md", "any.yaml"],
        ["component.yaml", "pipeline.yaml"],
        ["._any.yaml", "any.yaml"],
    ],
)
def test_an_archive_may_hold_other_files_when_it_is_clear_which_is_meant(
    ending: str, names: list[str], tmp_path: Path
) -> None:
    path = tmp_path / f"package{ending}"
    path.write_bytes(ARCHIVES[ending](*((name, b"") for name in names[:-1]), (names[-1], TEXT.encode())))

    assert read_package(path) == WORKFLOW


@pytest.mark.parametrize("ending", ARCHIVES)
@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["a.yaml", "b.yaml"], "it contains several YAML files"),
        (["pipeline.yaml", "pipeline.yaml"], "it contains several YAML files"),
        (["a.txt"], "it contains no YAML file"),
        (["/etc/pipeline.yaml"], "'/etc/pipeline.yaml' in it leads outside the archive"),
        (["../pipeline.yaml"], "'../pipeline.yaml' in it leads outside the archive"),
        (["a/../../pipeline.yaml"], "'a/../../pipeline.yaml' in it leads outside the archive"),
        (["C:pipeline.yaml"], "'C:pipeline.yaml' in it leads outside the archive"),
        (["pipeline.yaml", "../../.bashrc"], "'../../.bashrc' in it leads outside the archive"),
    ],
)
def test_archives_of_hostile_or_unclear_members_are_refused(
    ending: str, names: list[str], reason: str, tmp_path: Path
) -> None:
    archive = ARCHIVES[ending](*((name, TEXT.encode()) for name in names))

    assert reason in content_refused(tmp_path, archive, f"hostile{ending}")


def test_backslashes_lead_out_of_a_zip_too(tmp_path: Path) -> None:
    archive = zipped((r"a\..\..\pipeline.yaml", TEXT.encode()))

    assert "leads outside the archive" in content_refused(tmp_path, archive, "hostile.zip")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    link = tarfile.TarInfo("pipeline.yaml")
    link.type = kind
    link.linkname = "/etc/passwd"

    message = content_refused(tmp_path, tar((link, b"")), "hostile.tgz")

    assert "'pipeline.yaml' in it is a link or a device, not a file" in message


def test_links_in_a_zip_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("pipeline.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    message = content_refused(tmp_path, zipped((link, b"/etc/passwd")), "hostile.zip")

    assert "'pipeline.yaml' in it is a link or a device, not a file" in message


@pytest.mark.parametrize("ending", ARCHIVES)
def test_bombs_are_not_unpacked(ending: str, tmp_path: Path) -> None:
    bomb = ARCHIVES[ending](("pipeline.yaml", bytes(65 * 2**20)))
    assert len(bomb) < 2**20

    assert "it contains more than 64 MiB" in content_refused(tmp_path, bomb, f"bomb{ending}")


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    honest = zipped(("pipeline.yaml", bytes(2**20)))
    size = (2**20).to_bytes(4, "little")
    assert honest.count(size) == 2

    lie = honest.replace(size, (10).to_bytes(4, "little"))

    assert "not a valid .zip archive" in content_refused(tmp_path, lie, "liar.zip")


def test_a_tar_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    first = tarfile.TarInfo("first.txt").tobuf(tarfile.GNU_FORMAT)
    second = bytearray(tarfile.TarInfo("second.txt").tobuf(tarfile.GNU_FORMAT))
    second[124:136] = b"\xff" * 10 + b"\xfe\x00"  # its size is minus 512: behind it, it begins again
    second[148:156] = b" " * 8
    second[148:156] = b"%06o\0 " % sum(second)

    message = content_refused(tmp_path, gzip.compress(first + bytes(second) + bytes(1024)), "loop.tgz")

    # Later versions of Python see it themselves.
    assert "it contains more than 1,000 files" in message or "it is not a valid .tgz archive" in message


def test_a_tar_of_very_many_members_is_refused(tmp_path: Path) -> None:
    archive = tar(*((f"{number}.txt", b"") for number in range(1001)))

    assert "it contains more than 1,000 files" in content_refused(tmp_path, archive, "many.tgz")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tgz"])
@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"\x1f\x8b", b"kind: Workflow\n", gzip.compress(b"kind: Workflow\n")],
    ids=["empty", "begun zip", "begun gzip", "no archive", "gzip without tar"],
)
def test_damaged_archives_are_refused(ending: str, content: bytes, tmp_path: Path) -> None:
    assert f"it is not a valid {ending} archive" in content_refused(tmp_path, content, f"damaged{ending}")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_cut_archives_are_refused(ending: str, tmp_path: Path) -> None:
    whole = ARCHIVES[ending](("pipeline.yaml", os.urandom(2000)))

    for length in (40, len(whole) // 2, len(whole) - 20):
        assert "archive" in content_refused(tmp_path, whole[:length], f"cut{ending}")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    archive = bytearray(zipped(("pipeline.yaml", TEXT.encode())))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1

    assert "'pipeline.yaml' in it is encrypted" in content_refused(tmp_path, bytes(archive), "encrypted.zip")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"kind: Workflow\na: b: c\n", "line 2: it is not YAML (mapping values are not allowed "),
        (b"kind: [", "it is not YAML ("),
        (b"kind: Workflow\n---\nkind: Workflow\n", "line 2: it is not YAML (but found another document)"),
        (b"\xff\xfe\xfd", "it is not YAML ("),
        (b"kind: Workflow\na: [*b]\n", "line 2: it is not YAML (found undefined alias"),
        (b"kind: Workflow\n[a]: b\n", "line 2: it is not YAML ("),
        (b"kind: Workflow\na: !!binary aGk=\n", "line 2: it has the tag 'tag:yaml.org,2002:binary'"),
        (b"kind: Workflow\na: !!python/object/apply:os.system [id]\n", "line 2: it has the tag"),
        (b"kind: Workflow\na: !!int b\n", "line 2: 'b' in it can't be read as int"),
        (b"[" * 1_000_000, "it is nested deeper than 200 levels"),
        (b"- " * 1_000_000, "it is nested deeper than 200 levels"),
        (b"kind: Workflow\na: &a [*a]\n", "the anchor &a in it contains itself"),
        (b"", "it doesn't contain an Argo Workflow"),
        (b"- kind: Workflow\n", "it doesn't contain an Argo Workflow"),
        (b"a: b\n", "its kind is None, not 'Workflow'"),
        (b"kind: CronWorkflow\n", "its kind is 'CronWorkflow', not 'Workflow'"),
        (b"pipelineInfo: {name: a}\nroot: {}\n", "it is a KFP v2 pipeline"),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
def test_what_is_not_a_workflow_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    assert reason in content_refused(tmp_path, content)


@pytest.mark.parametrize("line", ["{name}: &{name} [{aliases}]", "{name}: &{name} {{<<: [{aliases}]}}"])
def test_few_lines_that_stand_for_very_much_are_refused(line: str, tmp_path: Path) -> None:
    lines = ["kind: Workflow", "a0: &a0 {x: y, z: u}"]
    lines += [line.format(name=f"a{number}", aliases=", ".join([f"*a{number - 1}"] * 10)) for number in range(1, 30)]

    assert "it expands to more than 64 MiB" in content_refused(tmp_path, "\n".join(lines).encode())


def test_aliases_merges_and_dates_are_read_as_kubernetes_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "package.yaml"
    path.write_text("kind: Workflow\na: &a {b: 2001-01-01}\nc: *a\nd: {<<: *a, e: 1}\n")

    assert read_package(path) == {
        "kind": "Workflow",
        "a": {"b": "2001-01-01"},
        "c": {"b": "2001-01-01"},
        "d": {"b": "2001-01-01", "e": 1},
    }


def test_a_package_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "no such file or directory" in refused(tmp_path / "none.yaml").message


def test_a_directory_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()

    assert "is a directory" in refused(tmp_path / "folder.yaml").message


def test_a_package_of_another_ending_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")

    assert "its file extension isn't supported" in refused(tmp_path / "package.json").message
