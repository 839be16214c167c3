"""The layers of the package and which may import which.

A module imports from its own layer and from layers above it in `LAYERS`, at its top; no modules import each other in a
circle, not for types either. What is heavy is imported at
first use, where `LAZY` says so and why.
"""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kfp_jupyter"

LAYERS = (
    "_version",
    "printable",
    "interrupts",
    "redaction",
    "errors",
    "naming",
    "atomic_files",
    "backoff",
    "pacing",
    "cancel_token",
    "streams",
    "job_pool",
    "parsing",
    "workflow",
    "proxies",
    "socks",
    "network_errors",
    "object_store",
    "kubernetes",
    "components",
    "images",
    "containers",
    "dsl",
    "onprem",
    "aws",
    "azure",
    "gcp",
    "compiler",
    "runs",
    "engines",
    "client",
    "widget",
    "magics",
    "notebook",
    "compat",
    "cli",
    "__init__",
)

HOMES = {
    "IPython": {"widget", "magics", "notebook"},
    "comm": {"widget", "magics"},
    "ipycytoscape": {"widget"},
    "ipywidgets": {"widget", "magics"},
    "kubernetes": {"kubernetes", "dsl", "onprem", "aws", "gcp", "engines", "client", "compat"},
    "requests": {"components", "images", "engines", "client"},
}
"""Third parties that only these layers may import."""

PROTOCOLS = ("kfp_jupyter.engines.base", "kfp_jupyter.engines.capabilities")
"""What every engine does, and what some do: all that a view knows of them."""

LAZY = {
    ("__init__.py", "kfp_jupyter.magics"): "the compiler works in scripts too, where IPython would only cost time",
    ("dsl/container_op.py", "kfp_jupyter.dsl.pipeline_volume"): "the Kubernetes client costs 0.4 s; few mount volumes",
    ("aws.py", "kubernetes"): "the same",
    ("gcp.py", "kubernetes"): "the same",
    ("onprem.py", "kubernetes"): "the same",
    ("compat/extensions/kubernetes.py", "kubernetes"): "the same",
    ("images/google.py", "requests"): "0.1 s, and few build images with Google's services",
    ("components/loading.py", "kfp_jupyter.components.component_yaml"): "PyYAML costs 10 ms; functions need none of it",
    ("components/functions.py", "kfp_jupyter.components.structures.yaml_text"): "the same",
    ("components/structures/component.py", "kfp_jupyter.components.structures.yaml_text"): "the same",
    ("compiler/package.py", "kfp_jupyter.compiler.yaml_reader"): "the same",
    ("compiler/templates.py", "yaml"): "the same",
    ("compat/helpers.py", "kfp_jupyter.parsing.yaml_reader"): "a file beside a program may have PyYAML's name",
    ("kubernetes/sources.py", "kfp_jupyter.parsing.yaml_reader"): "the same",
    (
        "components/loading.py",
        "kfp_jupyter.components.fetching",
    ): "requests costs 0.1 s; few have an address",
    ("kubernetes/sources.py", "kubernetes"): "the Kubernetes client costs 0.4 s; the local engine does without",
    ("kubernetes/clients.py", "kubernetes"): "the same",
    ("engines/argo/argo_server.py", "requests"): "0.1 s, and few have an Argo Server",
    ("engines/local/packages.py", "kfp_jupyter.engines.local.installers"): "most steps ask for no packages",
    ("engines/local/packages.py", "kfp_jupyter.engines.local.package_layers"): "the same",
    ("engines/local/runner_process.py", "kfp_jupyter.engines.local.runner"): "what is forked before is small",
    ("engines/local/runner_process.py", "kfp_jupyter.engines.local.store"): "the same",
    ("engines/local/supervisors.py", "kfp_jupyter.engines.local.fork_server"): "a process of its own needs it",
    ("engines/local/step_supervisor.py", "psutil"): "20 ms; most steps leave nothing running",
    ("engines/local/step_supervisor.py", "kfp_jupyter.engines.local.run_processes"): "the same, and Linux does without",
    ("engines/local/process_start.py", "psutil"): "the same",
    ("magics/actions.py", "kfp_jupyter.widget.run_view"): "ipywidgets costs half a second; %load_ext does without",
    ("magics/pipeline.py", "kfp_jupyter.widget.run_view"): "the same",
}
"""(file, what it imports inside a function) → why."""

PROGRAM_TEXT = {"components/runtime.py"}
"""Files whose functions are copied into programs that run elsewhere; such a function brings its own imports."""


@dataclasses.dataclass(frozen=True)
class Import:
    """An import as it stands in a file."""

    file: str
    line: int
    module: str
    in_function: bool
    for_types: bool

    @property
    def layer(self) -> str:
        return self.file.partition("/")[0].removesuffix(".py")

    @property
    def target_layer(self) -> str:
        """The layer it imports from; empty outside the package."""
        top, _, rest = self.module.partition(".")
        return (rest.partition(".")[0] or "__init__") if top == PACKAGE.name else ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


class Reader(ast.NodeVisitor):
    """Collects the imports of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.imports: list[Import] = []
        self._functions = 0
        self._type_checks = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._functions += 1
        self.generic_visit(node)
        self._functions -= 1

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._functions += 1
        self.generic_visit(node)
        self._functions -= 1

    def visit_If(self, node: ast.If) -> None:
        for_types = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        self._type_checks += for_types
        self.generic_visit(node)
        self._type_checks -= for_types

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names if node.module == PACKAGE.name else ():
            self._add(node, f"{node.module}.{alias.name}")
        if node.module != PACKAGE.name:
            self._add(node, node.module or "")

    def _add(self, node: ast.stmt, module: str) -> None:
        self.imports.append(Import(self.file, node.lineno, module, self._functions > 0, self._type_checks > 0))


def all_imports() -> Iterator[Import]:
    for path in sorted(PACKAGE.rglob("*.py")):
        reader = Reader(path.relative_to(PACKAGE).as_posix())
        reader.visit(ast.parse(path.read_text()))
        yield from reader.imports


IMPORTS = list(all_imports())


def test_every_file_belongs_to_a_layer() -> None:
    layers = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}

    assert layers <= set(LAYERS)


def test_layers_import_only_from_layers_above_them() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.target_layer and LAYERS.index(found.target_layer) > LAYERS.index(found.layer)
    ]

    assert wrong == []


def test_errors_and_naming_know_nothing_of_the_package_but_what_texts_may_show() -> None:
    lowest = ("printable", "redaction", "errors", "naming")
    wrong = [str(i) for i in IMPORTS if i.layer in lowest and i.target_layer not in ("", "printable", "redaction")]

    assert wrong == []


def test_widgets_know_of_engines_only_what_all_engines_share() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.layer == "widget" and found.target_layer == "engines" and found.module not in PROTOCOLS
    ]

    assert wrong == []


@pytest.mark.parametrize("library", HOMES)
def test_libraries_stay_in_the_layers_that_are_about_them(library: str) -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.module.partition(".")[0] == library and found.layer not in HOMES[library] and not found.for_types
    ]

    assert wrong == []


def test_imports_inside_functions_are_the_documented_ones() -> None:
    found = {(i.file, i.module) for i in IMPORTS if i.in_function and i.file not in PROGRAM_TEXT}

    assert found == set(LAZY)


def module_imports() -> dict[str, set[str]]:
    """Return which modules of the package each of its modules imports, also in functions and for types."""
    names = {path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in PACKAGE.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for path, name in names.items()}
    return {
        name: {found for node in ast.walk(ast.parse(path.read_text())) for found in imported_by(node, modules)} - {name}
        for name, path in modules.items()
    }


def imported_by(node: ast.AST, modules: Container[str]) -> Iterator[str]:
    """Yield the modules that an import is about: ``from package import module`` is about the module alone."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
    elif isinstance(node, ast.ImportFrom) and node.module and node.module in modules:
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name if name in modules else node.module for name in inner)


def circle(module: str, imports: Mapping[str, set[str]]) -> list[str]:
    """Return a shortest way from a module to itself; empty where there is none."""
    ways = {module: [module]}
    waiting = [module]
    for here in waiting:
        for there in sorted(imports[here]):
            if there == module:
                return [*ways[here], module]
            if there not in ways:
                ways[there] = [*ways[here], there]
                waiting.append(there)
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = module_imports()
    assert [found for module in imports if (found := circle(module, imports))] == []


def foreign_attributes_set_at_import(path: Path) -> Iterator[str]:
    """Yield where a file sets attributes of what it has imported: they are there only once it has been imported."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and ast.unparse(target).partition(".")[0] in imported:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} sets {ast.unparse(target)}"


def test_no_module_works_only_when_another_one_has_been_imported() -> None:
    assert [found for path in sorted(PACKAGE.rglob("*.py")) for found in foreign_attributes_set_at_import(path)] == []


LOAD_EXT = """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance().extension_manager.load_extension("kfp_jupyter")
"""


@pytest.mark.parametrize(
    ("program", "forbidden"),
    [
        ("import kfp_jupyter", {"IPython", "ipywidgets", "kubernetes", "requests"}),
        ("import kfp_jupyter.compiler", {"IPython", "ipywidgets", "kubernetes", "requests"}),
        ("import kfp_jupyter.engines.local", {"IPython", "ipywidgets", "kubernetes", "requests"}),
        (LOAD_EXT, {"ipycytoscape", "ipywidgets", "kubernetes", "requests"}),
    ],
    ids=["the package", "the compiler", "the local engine", "%load_ext"],
)
def test_light_things_import_nothing_heavy(program: str, forbidden: set[str], tmp_path: Path) -> None:
    report = f"{program}\nimport sys\nprint('loaded:', *sorted({forbidden!r} & set(sys.modules)))"

    done = subprocess.run(
        [sys.executable, "-c", report],
        cwd=PACKAGE.parent,
        env={"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["loaded:"]
