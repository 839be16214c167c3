"""The cluster's programs, built from Go modules: each in a module of our own that requires theirs."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cluster.places import ARGO, KFP, KUBERNETES, MANIFESTS, MINIO, MODULES, PROGRAMS
from tests.cluster.shell import run

PAUSE = Path(__file__).parent / "pause"


@dataclasses.dataclass(frozen=True)
class Source:
    """A published module and the programs wanted of it.

    Args:
        name: What it is called here.
        module: Its path.
        version: Its version.
        programs: Program → its package.
        replace: Modules to take other versions of.
        ldflags: More for the linker.
        cgo: Whether it needs a C compiler.
    """

    name: str
    module: str
    version: str
    programs: Mapping[str, str]
    replace: tuple[str, ...] = ()
    ldflags: str = ""
    cgo: bool = False

    @property
    def home(self) -> Path:
        """The directory of the module that requires it."""
        return MODULES / self.name

    @property
    def is_built(self) -> bool:
        """Whether all its programs are there."""
        return all((PROGRAMS / program).exists() for program in self.programs)


def _packages(prefix: str, *names: str) -> dict[str, str]:
    return {name: f"{prefix}/{name}" for name in names}


KUBERNETES_SOURCE = Source(
    name="kubernetes",
    module="k8s.io/kubernetes",
    version=f"v{KUBERNETES}",
    programs=_packages(
        "k8s.io/kubernetes/cmd",
        *("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"),
    ),
    ldflags=f"-X k8s.io/component-base/version.gitVersion=v{KUBERNETES}",
)
ARGO_SOURCE = Source(
    name="argo",
    module="github.com/argoproj/argo-workflows/v3",
    version=f"v{ARGO}",
    programs=_packages("github.com/argoproj/argo-workflows/v3/cmd", "workflow-controller", "argoexec", "argo"),
    replace=(
        "github.com/argoproj/argo-workflows/v3 => ./source",
        "github.com/olekukonko/tablewriter => github.com/olekukonko/tablewriter v0.0.5",
    ),
)
MINIO_SOURCE = Source("minio", "github.com/minio/minio", MINIO, {"minio": "github.com/minio/minio"})
KFP_SOURCE = Source(
    name="kfp",
    module="github.com/kubeflow/pipelines",
    version=KFP,
    programs={
        "kfp-apiserver": "github.com/kubeflow/pipelines/backend/src/apiserver",
        "kfp-persistence-agent": "github.com/kubeflow/pipelines/backend/src/agent/persistence",
        "kfp-scheduled-workflow": "github.com/kubeflow/pipelines/backend/src/crd/controller/scheduledworkflow",
    },
    replace=("k8s.io/kubernetes => k8s.io/kubernetes v1.11.1",),
    cgo=True,
)
SOURCES = (KUBERNETES_SOURCE, ARGO_SOURCE, MINIO_SOURCE, KFP_SOURCE)


def are_built() -> bool:
    """Whether all programs and manifests are there."""
    return all(source.is_built for source in SOURCES) and (PROGRAMS / "pause").exists() and MANIFESTS.exists()


def build_programs() -> None:
    """Build the programs that aren't there yet, and keep the manifests that come with them."""
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    if not KUBERNETES_SOURCE.is_built:
        _build(dataclasses.replace(KUBERNETES_SOURCE, replace=_kubernetes_libraries()))
    if not ARGO_SOURCE.is_built:
        _copy_argo()
    for source in (ARGO_SOURCE, MINIO_SOURCE, KFP_SOURCE):
        if not source.is_built:
            _build(source)
    if not (PROGRAMS / "pause").exists():
        run("go", "build", "-o", PROGRAMS / "pause", ".", cwd=PAUSE, env=_environment(cgo=False))
    if not MANIFESTS.exists():
        _keep_manifests()


def _build(source: Source) -> None:
    print(f"building {source.name} {source.version}", flush=True)
    source.home.mkdir(parents=True, exist_ok=True)
    imports = "\n".join(f'\t_ "{package}"' for package in source.programs.values())
    (source.home / "tools.go").write_text(f"//go:build tools\n\npackage tools\n\nimport (\n{imports}\n)\n")
    lines = [f"module kfp-jupyter/{source.name}", "go 1.24.0", f"require {source.module} {source.version}"]
    lines += [f"replace {rule}" for rule in source.replace]
    (source.home / "go.mod").write_text("\n\n".join(lines) + "\n")
    environment = _environment(cgo=source.cgo)
    run("go", "mod", "tidy", "-e", cwd=source.home, env=environment)
    # The linker refuses what some libraries reach for in Go's runtime, unless told not to look.
    flags = f"-ldflags=-s -w -checklinkname=0 {source.ldflags}"
    for program, package in source.programs.items():
        if (PROGRAMS / program).exists():
            continue
        unfinished = PROGRAMS / f"{program}.unfinished"
        run("go", "build", "-trimpath", flags, "-o", unfinished, package, cwd=source.home, env=environment)
        unfinished.rename(PROGRAMS / program)


def _environment(*, cgo: bool) -> dict[str, str]:
    # The cache may lie in somebody's repository, whose version isn't that of the programs.
    return {**os.environ, "GOFLAGS": "-mod=mod -buildvcs=false", "CGO_ENABLED": "1" if cgo else "0"}


def _published(source: Source) -> dict[str, Any]:
    """Download a module; return where it is."""
    source.home.mkdir(parents=True, exist_ok=True)
    answer: dict[str, Any] = json.loads(
        run("go", "mod", "download", "-json", f"{source.module}@{source.version}", cwd=source.home)
    )
    return answer


def _kubernetes_libraries() -> tuple[str, ...]:
    """Name the published libraries: Kubernetes' own tree has them beside it, under a version that is nowhere else."""
    version = f"v{KUBERNETES.replace('1.', '0.', 1)}"
    required = (line.split() for line in Path(_published(KUBERNETES_SOURCE)["GoMod"]).read_text().splitlines())
    libraries = [words[0] for words in required if words[1:2] == ["v0.0.0"] and words[0].startswith("k8s.io/")]
    return tuple(f"{library} => {library} {version}" for library in libraries)


def _copy_argo() -> None:
    """Copy Argo's module, with the file that its repository has as a link: published modules hold no links."""
    copy = ARGO_SOURCE.home / "source"
    shutil.rmtree(copy, ignore_errors=True)
    published = Path(_published(ARGO_SOURCE)["Dir"])
    shutil.copytree(published, copy, ignore=shutil.ignore_patterns("ui", "docs", "test", "sdks"))
    run("chmod", "-R", "u+w", copy)
    signals = copy / "workflow" / "executor" / "osspecific"
    shutil.copy(signals / "signal_darwin.go", signals / "signal_linux.go")
    # Its pages aren't in the published module; the server won't be built without one.
    pages = copy / "ui" / "dist" / "app"
    pages.mkdir(parents=True)
    shutil.copy(published / "ui" / "embed.go", copy / "ui")
    (pages / "index.html").write_text("<p>This server is built without pages.</p>\n")
    # MariaDB knows the functions that these operators of MySQL stand for.
    archive = copy / "persist" / "sqldb" / "workflow_archive.go"
    text = re.sub(r"workflow->>('\$[^']*')", r"json_unquote(json_extract(workflow, \1))", archive.read_text())
    archive.write_text(re.sub(r"workflow->('\$[^']*')", r"json_extract(workflow, \1)", text))


def _keep_manifests() -> None:
    """Keep the definitions of custom resources, so that starting the cluster needs no modules."""
    unfinished = MANIFESTS.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    argo, kfp = Path(_published(ARGO_SOURCE)["Dir"]), Path(_published(KFP_SOURCE)["Dir"])
    for file in (
        *(argo / "manifests/base/crds/minimal").glob("argoproj.io_*.yaml"),
        kfp / "manifests/kustomize/base/pipeline/cluster-scoped/scheduled-workflow-crd.yaml",
    ):
        (unfinished / file.name).write_bytes(file.read_bytes())
    unfinished.rename(MANIFESTS)
