"""Packages are written whole or not at all, and always the same."""

from __future__ import annotations

import os
import stat
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kfp_jupyter.compiler.package import read_package, write_package
from kfp_jupyter.errors import CompileError

TEXT = "kind: Workflow\nmetadata:\n  name: ä😀\n"
WORKFLOW = {"kind": "Workflow", "metadata": {"name": "ä😀"}}
ENDINGS = (".yaml", ".yml", ".zip", ".tar.gz", ".tgz")
NOBODY = 65534


@pytest.fixture
def by_nobody() -> Iterator[Path]:
    """A directory of a user who may not write everywhere, which this process is meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        if os.geteuid():
            yield directory
            return
        os.chown(directory, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield directory
        finally:
            os.seteuid(0)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with an old package and little room beside it."""
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        reason = f"a small file system can't be mounted: {mounted.stderr.strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("ending", [*ENDINGS, ".YAML"])
def test_what_is_written_is_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"my.package{ending}"

    write_package(TEXT, path)

    assert read_package(path) == WORKFLOW
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", [".yaml", ".yml"])
def test_a_yaml_package_is_the_text(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"package{ending}"
    text = TEXT + "x: " + "ä" * 3_000_000

    write_package(text, str(path))

    assert path.read_bytes() == text.encode()


def test_a_zip_holds_one_member(tmp_path: Path) -> None:
    write_package(TEXT, tmp_path / "package.zip")

    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        assert archive.namelist() == ["pipeline.yaml"]
        assert archive.read("pipeline.yaml").decode() == TEXT
        assert archive.infolist()[0].compress_type == zipfile.ZIP_DEFLATED


def test_a_tar_holds_one_member_of_nobody(tmp_path: Path) -> None:
    write_package(TEXT, tmp_path / "package.tar.gz")

    with tarfile.open(tmp_path / "package.tar.gz") as archive:
        [member] = archive.getmembers()
        assert (member.name, member.mode, member.mtime) == ("pipeline.yaml", 0o644, 0)
        assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, "", "")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_text_makes_the_same_bytes(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(TEXT, tmp_path / f"one{ending}")
    monkeypatch.setattr("time.time", lambda: 1e9)
    write_package(TEXT, tmp_path / f"other{ending}")

    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"other{ending}").read_bytes()


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_package_has_the_rights_of_any_new_file(umask: int, mode: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_package(TEXT, tmp_path / "package.yaml")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "package.yaml").stat().st_mode) == mode


def test_a_replaced_package_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "package.yaml"
    path.write_text("old")
    path.chmod(0o640)

    write_package(TEXT, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text() == TEXT


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real.yaml").write_text("old")
    link = tmp_path / "link.yaml"
    link.symlink_to("there/real.yaml")

    write_package(TEXT, link)

    assert link.is_symlink()
    assert (tmp_path / "there" / "real.yaml").read_text() == TEXT


def test_a_link_to_nothing_yet_makes_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("real.yaml")

    write_package(TEXT, tmp_path / "link.yaml")

    assert (tmp_path / "real.yaml").read_text() == TEXT
    assert (tmp_path / "link.yaml").is_symlink()


def test_a_relative_path_is_written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    write_package(TEXT, "package.yaml")

    assert (tmp_path / "package.yaml").exists()


def make_directory(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("package.json", None, "its file extension isn't supported. Use .yaml, .yml, .zip, .tar.gz or .tgz."),
        ("package", None, "its file extension isn't supported."),
        ("none/package.yaml", None, "/none'. Create it first."),
        ("taken.yaml", make_directory, "the name belongs to a directory. Choose another name."),
        ("taken.yaml", make_pipe, "the name belongs to something that isn't a regular file. Choose another name."),
        ("taken.yaml", make_link_to_itself, "it is a link that points to itself. Remove the link."),
        (f"{'a' * 300}.yaml", None, "file name too long. Choose another name or place."),
        ("a\0b.yaml", None, "embedded null"),
    ],
)
def test_a_package_that_cannot_be_written_says_why(
    name: str, make: Callable[[Path], None] | None, sentence: str, tmp_path: Path
) -> None:
    if make:
        make(tmp_path / name)
    before = list(tmp_path.iterdir())

    with pytest.raises(CompileError) as raised:
        write_package(TEXT, tmp_path / name)

    assert f"The package {str(tmp_path / name)!r} can't be written: " in str(raised.value)
    assert sentence in str(raised.value)
    assert list(tmp_path.iterdir()) == before


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CompileError, match="can't be written: not a directory"):
        write_package(TEXT, tmp_path / "file" / "package.yaml")


def test_a_protected_directory_is_named(by_nobody: Path) -> None:
    by_nobody.chmod(0o500)

    with pytest.raises(CompileError, match=f"the directory '{by_nobody}' can't be written to. Choose a directory"):
        write_package(TEXT, by_nobody / "package.yaml")

    by_nobody.chmod(0o700)


def test_a_read_only_file_is_not_replaced(by_nobody: Path) -> None:
    path = by_nobody / "package.yaml"
    path.write_text("old")
    path.chmod(0o444)

    with pytest.raises(CompileError, match="the existing file is read-only"):
        write_package(TEXT, path)

    assert path.read_text() == "old"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_said_and_leaves_the_older_file(ending: str, full_disk: Path) -> None:
    path = full_disk / f"package{ending}"
    write_package(TEXT, path)
    before = path.read_bytes()

    with pytest.raises(CompileError, match=r"no space left on device\. Free some space"):
        write_package("".join(map(chr, range(0x4E00, 0x9FFF))) * 5, path)

    assert path.read_bytes() == before
    assert list(full_disk.iterdir()) == [path]


def test_text_that_no_file_can_hold_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "package.yaml"
    path.write_text("old")

    with pytest.raises(CompileError, match="surrogates not allowed"):
        write_package("a: \ud800", path)

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
