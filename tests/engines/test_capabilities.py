"""What an engine declares is what it has."""

from __future__ import annotations

import inspect
from typing import ClassVar

import pytest

from kfp_jupyter.engines import memory
from kfp_jupyter.engines.base import Capability, Engine
from kfp_jupyter.engines.capabilities import PROTOCOLS, supports_stop
from kfp_jupyter.engines.registry import ENGINES, engines_that_can
from tests.widget.memory_engine import MemoryEngine


def methods_of(capability: Capability) -> dict[str, list[str]]:
    """The methods that a capability promises, with their parameters."""
    return {
        name: list(inspect.signature(method).parameters)
        for name, method in vars(PROTOCOLS[capability]).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


def test_every_capability_has_its_methods() -> None:
    assert set(PROTOCOLS) == set(Capability)
    assert all(methods_of(capability) for capability in Capability)


@pytest.mark.parametrize("capability", Capability)
@pytest.mark.parametrize("engine", [*ENGINES.values(), memory.MemoryEngine], ids=[*ENGINES, "memory"])
def test_an_engine_has_the_methods_of_what_it_declares_and_no_others(
    engine: type[Engine], capability: Capability
) -> None:
    wanted = methods_of(capability)
    found = {
        name: list(inspect.signature(getattr(engine, name)).parameters) for name in wanted if hasattr(engine, name)
    }
    assert found == (wanted if capability in engine.capabilities else {})


def test_a_method_of_the_name_is_not_a_capability() -> None:
    class Stopping(MemoryEngine):
        def stop(self) -> None: ...

    assert not supports_stop(Stopping())


def test_engines_are_found_by_what_they_can(monkeypatch: pytest.MonkeyPatch) -> None:
    class Able(MemoryEngine):
        name = "able"
        capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.STOP})

    monkeypatch.setitem(ENGINES, "able", Able)
    assert engines_that_can(Capability.STOP) == ["argo", "able"]
