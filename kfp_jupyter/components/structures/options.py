"""How a task is to be run. A task's options are changed in place, as KFP v1 code does.

Source: ``kfp/components/_structures.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from kfp_jupyter.components.structures.model import Changeable


@dataclasses.dataclass(slots=True, eq=False)
class RetryStrategySpec(Changeable):
    """How often a task is tried again.

    Attributes:
        max_retries: Number of tries after the first.
    """

    _what = "The retry strategy"
    _keys: ClassVar[Mapping[str, str]] = {"max_retries": "maxRetries"}

    max_retries: int


@dataclasses.dataclass(slots=True, eq=False)
class CachingStrategySpec(Changeable):
    """How old a result may be that is used again.

    Attributes:
        max_cache_staleness: A duration such as ``P30D`` (RFC 3339); ``P0D`` for never, None for any age.
    """

    _what = "The caching strategy"
    _keys: ClassVar[Mapping[str, str]] = {"max_cache_staleness": "maxCacheStaleness"}

    max_cache_staleness: str | None = None


@dataclasses.dataclass(slots=True, eq=False)
class ExecutionOptionsSpec(Changeable):
    """How a task is to be run.

    Attributes:
        retry_strategy: How often it is tried again.
        caching_strategy: How old a result may be that is used again.
    """

    _what = "The execution options"
    _keys: ClassVar[Mapping[str, str]] = {"retry_strategy": "retryStrategy", "caching_strategy": "cachingStrategy"}

    retry_strategy: RetryStrategySpec | None = None
    caching_strategy: CachingStrategySpec | None = None
