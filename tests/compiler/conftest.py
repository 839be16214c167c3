"""kfp 1.8.24, started at most once in a test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle import Kfp, kfp_process


@pytest.fixture(scope="session")
def kfp() -> Iterator[Kfp]:
    """kfp 1.8.24, to be asked what it makes of a pipeline."""
    with kfp_process() as kfp:
        yield kfp
