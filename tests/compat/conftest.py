"""``import kfp`` finds this package while a test runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kfp_jupyter import compat


@pytest.fixture
def enabled() -> Iterator[None]:
    """As after `compat.enable()`; undone at the end."""
    compat.enable()
    yield
    compat.disable()
