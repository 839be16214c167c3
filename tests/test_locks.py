"""What `make demo` and `make test` install is locked, and what is locked is what pyproject.toml asks for."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.environments import LOCKS, asked_for, lock_file

ROOT = LOCKS.parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
YARN_LOCKS = [ROOT / "labextension/yarn.lock", ROOT / "labextension/tests/yarn.lock"]
NAMES = sorted(path.stem for path in LOCKS.glob("*.txt"))
_ENTRY = re.compile(r"^(\S.*?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def entries(name: str) -> dict[str, list[Requirement]]:
    """Return what a lock file lists, by name; some packages have other versions for other Pythons."""
    found: dict[str, list[Requirement]] = defaultdict(list)
    for line, _ in _ENTRY.findall(lock_file(name).read_text()):
        requirement = Requirement(line)
        found[canonicalize_name(requirement.name)].append(requirement)
    return dict(found)


def needed(extra: str, environment: dict[str, Any]) -> list[Requirement]:
    """Return what the package asks for with an extra, those of extras it names in turn included."""
    requirements = [Requirement(text) for text in metadata.requires("kfp-jupyter") or ()]
    extras, found = [extra], []
    for name in extras:
        for requirement in requirements:
            if requirement.marker and not requirement.marker.evaluate(environment | {"extra": name}):
                continue
            if requirement.name == "kfp-jupyter":
                extras += sorted(requirement.extras - set(extras))
            else:
                found.append(requirement)
    return found


def build_requirements() -> list[str]:
    """Return what pyproject.toml says that the package is built with."""
    # Python 3.10 can't read TOML.
    listed = re.search(r"\[build-system\]\nrequires = \[\n(.*?)\n\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert listed is not None
    return re.findall(r'^  "(.*)",$', listed[1], re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_package_has_its_version_and_hashes(name: str) -> None:
    text = lock_file(name).read_text()
    rest = "".join(line for line in _ENTRY.sub("", text).splitlines(keepends=True) if not line.startswith("#"))

    assert rest.strip() == ""
    assert entries(name)
    for requirement in (one for several in entries(name).values() for one in several):
        assert re.fullmatch(r"==[^*]+", str(requirement.specifier)), requirement


@pytest.mark.parametrize("name", NAMES)
def test_lock_files_name_no_place_that_packages_come_from(name: str) -> None:
    assert "://" not in lock_file(name).read_text()
    assert "index-url" not in lock_file(name).read_text()


@pytest.mark.parametrize("path", YARN_LOCKS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_what_the_labextension_is_built_and_tested_with_is_locked_and_comes_from_no_named_place(path: Path) -> None:
    text = path.read_text()
    asked = json.loads(path.with_name("package.json").read_text())

    assert "://" not in text
    assert "__archiveUrl" not in text
    # Yarn knows the checksum of a program for one kind of machine only where it has fetched it.
    for entry in text.split("\n\n"):
        assert "languageName: node" not in entry or re.search(r"^  (checksum|conditions): ", entry, re.MULTILINE), entry
    for package, version in (asked.get("dependencies", {}) | asked["devDependencies"]).items():
        assert f'"{package}@npm:{asked.get("resolutions", {}).get(package, version)}' in text


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("extra", ["demo", "test"])
def test_what_pyproject_asks_for_is_locked_for_every_python(extra: str, python: str) -> None:
    locked = entries(extra)
    environment: dict[str, Any] = dict(default_environment())
    environment |= {"python_version": python, "python_full_version": f"{python}.0"}

    requirements = needed(extra, environment)
    assert {"pyyaml", "scikit-learn"} <= {canonicalize_name(requirement.name) for requirement in requirements}
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        versions = [one for one in locked.get(name, ()) if not one.marker or one.marker.evaluate(environment)]
        assert len(versions) == 1, requirement
        version = str(versions[0].specifier).removeprefix("==")
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} is locked at {version}"


@pytest.mark.parametrize("extra", ["demo", "test"])
def test_what_the_package_is_built_with_is_locked(extra: str) -> None:
    asked = {str(requirement) for requirement in asked_for("build")}

    assert {str(Requirement(text)) for text in build_requirements()} <= asked
    assert {canonicalize_name(requirement.name) for requirement in asked_for("build")} <= set(entries(extra))


@pytest.mark.parametrize("name", sorted(path.stem for path in LOCKS.glob("*.in") if path.stem != "build"))
def test_other_locks_hold_what_they_were_made_for(name: str) -> None:
    locked = entries(name)

    for requirement in asked_for(name):
        version = str(locked[canonicalize_name(requirement.name)][0].specifier).removeprefix("==")
        assert requirement.specifier.contains(version)


def test_every_package_of_the_demo_is_the_same_one_in_the_tests() -> None:
    demo, test = entries("demo"), entries("test")

    versions = [{name: {str(one.specifier) for one in locked[name]} for name in demo} for locked in (demo, test)]

    assert versions[0] == versions[1]


def test_dependabot_looks_after_everything_that_is_locked() -> None:
    watched = (ROOT / ".github/dependabot.yml").read_text()

    assert "/locks" in watched
    for locked in YARN_LOCKS + list(ROOT.glob("tests/**/go.mod")):
        assert re.search(rf"/{locked.parent.relative_to(ROOT)}\b(?!/)", watched), locked


def test_every_list_of_packages_has_its_lock() -> None:
    assert {path.stem for path in LOCKS.glob("*.in")} - {"build"} | {"demo", "test"} == set(NAMES)
