"""Nodes that the controller has packed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable

import pytest
import zstandard

from kfp_jupyter.engines.argo.stored_nodes import packed, unpack, unpacked
from kfp_jupyter.errors import EngineError

NODES = {"a": {"id": "a", "name": "ü", "phase": "Succeeded"}}


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_packed_nodes_are_where_others_are() -> None:
    status = {"phase": "Running", "compressedNodes": encode(gzip.compress(json.dumps(NODES).encode()))}
    assert unpacked({"status": status})["status"] == {"phase": "Running", "nodes": NODES}


def test_nodes_that_are_not_packed_stay() -> None:
    assert unpacked({"status": {"nodes": NODES}}) == {"status": {"nodes": NODES}}


def test_a_run_that_has_not_begun_has_none() -> None:
    assert unpacked({"metadata": {"name": "r"}}) == {"metadata": {"name": "r"}}


def test_nodes_that_are_packed_with_zstd_are_read_too() -> None:
    data = zstandard.compress(json.dumps(NODES).encode())
    assert unpack(encode(data)) == NODES


def test_zstd_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kfp_jupyter.engines.argo.stored_nodes._ZSTD_MODULES", ("no_such_module",))
    with pytest.raises(EngineError, match="pip install zstandard"):
        unpack(encode(b"\x28\xb5\x2f\xfd\x00\x00"))


@pytest.mark.parametrize(
    "data",
    [b"nonsense", gzip.compress(b"[]"), gzip.compress(b"{")[:-4], b""],
    ids=["nonsense", "a list", "cut off", "nothing"],
)
def test_what_can_not_be_unpacked_is_told(data: bytes) -> None:
    with pytest.raises(EngineError, match="can't be read"):
        unpack(encode(data))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_few_bytes_that_stand_for_very_many_are_not_unpacked(compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(bytes(300 * 2**20))
    assert len(bomb) < 2**20

    with pytest.raises(EngineError, match="it holds more than 256 MiB"):
        unpack(encode(bomb))


# What is collected where the stack is full can't say so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nodes_that_are_nested_without_end_are_told() -> None:
    with pytest.raises(EngineError, match="it is nested deeper than 200 levels"):
        unpack(encode(gzip.compress(b"[" * 100_000)))


def test_text_that_is_no_base64_is_told() -> None:
    with pytest.raises(EngineError, match="can't be read"):
        unpack("%%%")


def test_nodes_kept_in_a_database_are_told() -> None:
    with pytest.raises(EngineError, match=r"'big'.*database.*Argo Server"):
        unpacked({"metadata": {"name": "big"}, "status": {"offloadNodeStatusVersion": "fnv:1"}})


def test_a_small_workflow_is_stored_as_it_is() -> None:
    workflow = {"status": {"nodes": NODES}}
    assert packed(workflow) == workflow


def test_a_large_one_is_packed_and_comes_back() -> None:
    workflow = {"status": {"phase": "Failed", "nodes": NODES | {"b": {"text": "x" * 1_200_000}}}}
    stored = packed(workflow)
    assert "nodes" not in stored["status"]
    assert len(json.dumps(stored)) < 10_000
    assert unpacked(stored) == workflow
