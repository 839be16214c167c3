"""All looks in their order; nothing of it is an error, and no look takes for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from kfp_jupyter.engines.argo.doctor.access import check_account, check_api, check_namespace, check_rights
from kfp_jupyter.engines.argo.doctor.account import check_service_account
from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.argo.doctor.installation import check_controller, check_crds
from kfp_jupyter.engines.argo.doctor.storage import check_argo_server, check_repository
from kfp_jupyter.engines.capabilities import Finding, Severity
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.connection import Timeouts
from kfp_jupyter.kubernetes.errors import ApiError, ClusterConfigError, UnreachableError

SHORT_TIMEOUTS = Timeouts(connect=3.0, answer=5.0, quiet=10.0)
"""How long the doctor waits for an answer; less than runs do, since people wait with it."""

SECONDS = 60.0
"""After which no further look is begun."""

_Check = Callable[[DoctorContext], Iterator[Finding]]

CHECKS: Sequence[tuple[str, _Check]] = (
    ("API", check_api),
    ("account", check_account),
    ("namespace", check_namespace),
    ("permissions", check_rights),
    ("Argo", check_crds),
    ("controller", check_controller),
    ("service account", check_service_account),
    ("artifacts", check_repository),
    ("Argo Server", check_argo_server),
)
"""What is looked at: the subject, should the look itself go wrong, and the look."""

_VITAL = {("Argo", Severity.ERROR), ("namespace", Severity.ERROR)}
"""Findings after which nothing that needs a namespace with Argo in it is worth a look."""


def examine(context: DoctorContext, clock: Callable[[], float] = time.monotonic) -> Iterator[Finding]:
    """Yield one finding after the other, never an error; see `SupportsDiagnostics.examine`.

    Args:
        context: The cluster.
        clock: Seconds that only grow.
    """
    end = clock() + SECONDS
    blocked = False
    for subject, check in CHECKS:
        if clock() > end:
            yield Finding.warning(subject, f"skipped: the checks took more than {SECONDS:g} s", "Try again later.")
            return
        if blocked and check in (check_controller, check_service_account, check_repository):
            continue
        try:
            for finding in check(context):
                yield finding
                blocked = blocked or (subject, finding.severity) in _VITAL
        except (UnreachableError, ClusterConfigError) as error:
            if check is check_argo_server:
                yield Finding.warning(subject, error.message, error.remedy)
                continue
            # The same would be said of all that follows.
            yield Finding.error(subject, error.message, error.remedy)
            return
        except ApiError as error:
            # Who isn't known at all, or finds no Kubernetes, gets no further.
            worst = check is check_api or error.status == 401
            yield (Finding.error if worst else Finding.warning)(subject, error.message, error.remedy)
            if worst:
                return
        except EngineError as error:
            yield Finding.warning(subject, error.message, error.remedy)
        except Exception as error:  # noqa: BLE001  what one look stumbles over must not keep the others from looking
            yield Finding.warning(subject, f"couldn't be checked: {type(error).__name__}: {error}")
