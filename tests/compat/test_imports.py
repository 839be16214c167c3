"""What programs of KFP v1 import is there."""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import pkgutil
import sys
from typing import Any

import pytest

import kfp_jupyter
from kfp_jupyter import compat
from tests.compat.programs import run_python

pytestmark = pytest.mark.usefixtures("enabled")

STATEMENTS = [
    "import kfp",
    "import kfp.dsl as dsl",
    "import kfp.compiler as compiler",
    "import kfp.components",
    "import kfp.deprecated as kfp",
    "from kfp import Client",
    "from kfp import aws, azure, gcp, onprem",
    "from kfp import compiler, components, dsl",
    "from kfp.auth import ServiceAccountTokenVolumeCredentials",
    "from kfp.aws import use_aws_secret",
    "from kfp.azure import use_azure_secret",
    "from kfp.compiler import Compiler",
    "from kfp.compiler import compiler",
    "from kfp.compiler._k8s_helper import sanitize_k8s_name",
    "from kfp.compiler.compiler import Compiler",
    "from kfp.compiler.main import compile_pyfile",
    "from kfp.components import InputPath, OutputPath, create_component_from_func",
    "from kfp.components import _structures, structures",
    "from kfp.components import func_to_container_op",
    "from kfp.components._components import load_component_from_text",
    "from kfp.components._python_op import InputPath, create_component_from_func",
    "from kfp.components._yaml_utils import dump_yaml, load_yaml",
    "from kfp.components.structures import *; ComponentSpec, InputSpec",
    "from kfp.containers import build_image_from_working_dir",
    "from kfp.deprecated import dsl",
    "from kfp.deprecated.components import func_to_container_op",
    "from kfp.dsl import _container_op, _for_loop, _pipeline_param",
    "from kfp.dsl import types",
    "from kfp.dsl._container_op import *; ContainerOp",
    "from kfp.dsl._container_op import BaseOp, Container, ContainerOp, Sidecar, UserContainer",
    "from kfp.dsl._for_loop import LoopArguments",
    "from kfp.dsl._ops_group import Condition, OpsGroup",
    "from kfp.dsl._pipeline import Pipeline, PipelineConf, PipelineExecutionMode",
    "from kfp.dsl._pipeline_param import PipelineParam, sanitize_k8s_name",
    "from kfp.dsl._pipeline_volume import PipelineVolume",
    "from kfp.dsl._resource_op import ResourceOp",
    "from kfp.dsl._volume_op import VolumeOp",
    "from kfp.dsl.data_passing_methods import KubernetesVolume",
    "from kfp.dsl.extensions.kubernetes import use_secret",
    "from kfp.dsl.types import GCSPath, Integer",
    "from kfp.gcp import use_gcp_secret",
    "from kfp.notebook import docker",
    "from kfp.onprem import mount_pvc",
    "from kfp._auth import get_auth_token, get_gcp_access_token",
    "from kfp._client import Client",
    "from kfp.compiler._data_passing_rewriter import fix_big_data_passing",
    "from kfp.compiler._default_transformers import add_pod_env, add_pod_labels",
    "from kfp.compiler._op_to_template import _op_to_template",
    "from kfp.components._components import _create_task_factory_from_component_spec, _default_component_name",
    "from kfp.components._components import _resolve_command_line_and_paths, _generate_input_file_name",
    "from kfp.components._data_passing import get_canonical_type_name_for_type, serialize_value",
    "from kfp.components._naming import _sanitize_python_function_name, generate_unique_name_conversion_table",
    "from kfp.components._python_op import _extract_component_interface, _func_to_component_spec, strip_type_hints",
    "from kfp.dsl._component_bridge import _create_container_op_from_component_and_arguments",
    "from kfp.dsl._metadata import _extract_pipeline_metadata",
    "import kfp_server_api; kfp_server_api.ApiClient, kfp_server_api.Configuration",
    "from kfp_server_api import ApiException, ApiRun, RunServiceApi",
    "from kfp_server_api.models.api_run import ApiRun",
    "from kfp_server_api.rest import ApiException",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_imports_of_kfp_v1_work(statement: str) -> None:
    exec(statement, {})


@pytest.mark.parametrize(
    "name",
    [
        "kfp.auth.TokenCredentialsBase",
        "kfp.compiler.Compiler",
        "kfp.components.func_to_container_op",
        "kfp.containers.build_image_from_working_dir",
        "kfp.dsl._container_op.ContainerOp",
        "kfp.gcp.use_gcp_secret",
        "kfp.onprem.mount_pvc",
        "kfp._auth.get_auth_token",
        "kfp._client.Client",
        "kfp.compiler._op_to_template._op_to_template",
        "kfp.components._python_op.func_to_component_file",
        "kfp.dsl._metadata._extract_pipeline_metadata",
        "kfp.run_pipeline_func_on_cluster",
    ],
)
def test_names_are_there_after_importing_kfp_alone(name: str) -> None:
    names: dict[str, Any] = {}
    exec(f"import kfp; found = {name}", names)
    assert callable(names["found"])


def test_modules_are_the_same_objects_under_both_names() -> None:
    kfp = importlib.import_module("kfp")
    importlib.import_module("kfp.dsl.types")
    assert kfp.dsl is kfp_jupyter.dsl
    assert sys.modules["kfp.dsl.types"] is kfp_jupyter.dsl.types


def test_classes_of_private_modules_are_the_public_ones() -> None:
    assert importlib.import_module("kfp.dsl._container_op").ContainerOp is kfp_jupyter.dsl.ContainerOp


def test_modules_keep_their_own_names() -> None:
    importlib.import_module("kfp.dsl")
    assert kfp_jupyter.dsl.__name__ == "kfp_jupyter.dsl"
    assert kfp_jupyter.dsl.__spec__ is not None
    assert kfp_jupyter.dsl.__spec__.name == "kfp_jupyter.dsl"


def test_the_version_is_that_of_the_sdk_whose_pipelines_these_are() -> None:
    kfp = importlib.import_module("kfp")
    assert kfp.__version__ == "1.8.24"
    assert (kfp.TYPE_CHECK, kfp.COMPILING_FOR_V2) == (True, False)


def test_importing_kfp_loads_neither_kubernetes_nor_jupyter() -> None:
    done = run_python(
        "from kfp_jupyter import compat; compat.enable(); import kfp, kfp.compiler, sys;"
        "print(sorted({'kubernetes', 'IPython', 'ipywidgets', 'requests'} & set(sys.modules)))"
    )
    assert done.stdout == "[]\n", done.stderr


def test_specs_are_found_where_modules_are() -> None:
    assert importlib.util.find_spec("kfp") is not None
    assert importlib.util.find_spec("kfp.dsl") is not None
    assert importlib.util.find_spec("kfp.nothing") is None
    assert importlib.util.find_spec("kfp.dsl.nothing") is None


def test_a_module_that_kfp_never_had_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'kfp\.nothing'"):
        importlib.import_module("kfp.nothing")


def test_listing_the_modules_of_kfp_finds_no_copies() -> None:
    kfp = importlib.import_module("kfp")
    assert list(pkgutil.walk_packages(kfp.__path__, "kfp.")) == []


def test_reloading_keeps_the_objects() -> None:
    kfp = importlib.import_module("kfp")
    assert importlib.reload(kfp) is kfp
    assert importlib.reload(kfp.gcp) is kfp.gcp


def test_objects_are_pickled_under_this_packages_names() -> None:
    kfp = importlib.import_module("kfp")
    data = pickle.dumps(kfp.dsl.PipelineConf)
    assert b"kfp_jupyter" in data
    assert pickle.loads(data) is kfp_jupyter.dsl.PipelineConf


def test_enabling_twice_is_enabling_once() -> None:
    compat.enable()
    compat.disable()
    assert not compat.enabled()


def test_disabling_leaves_nothing_behind() -> None:
    before = set(vars(kfp_jupyter.dsl))
    importlib.import_module("kfp.dsl._container_op")
    importlib.import_module("kfp.dsl.extensions.kubernetes")
    compat.disable()
    assert [name for name in sys.modules if name.partition(".")[0] == "kfp"] == []
    assert set(vars(kfp_jupyter.dsl)) == before
