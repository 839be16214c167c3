"""All checks in order; none raises an error, and each has a timeout."""

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
"""The doctor's timeouts: shorter than those of runs, since the user waits."""

SECONDS = 60.0
"""After this many seconds no further check is started."""

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
"""The subject of each check, used if the check itself fails, and the check."""

_VITAL = {("Argo", Severity.ERROR), ("namespace", Severity.ERROR)}
"""Findings after which checks that need Argo in the namespace are skipped."""


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
            # All further checks would fail in the same way.
            yield Finding.error(subject, error.message, error.remedy)
            return
        except ApiError as error:
            # An unknown user, or an API that isn't Kubernetes, ends the checks.
            worst = check is check_api or error.status == 401
            yield (Finding.error if worst else Finding.warning)(subject, error.message, error.remedy)
            if worst:
                return
        except EngineError as error:
            yield Finding.warning(subject, error.message, error.remedy)
        except Exception as error:  # noqa: BLE001  a check that fails must not prevent the others
            yield Finding.warning(subject, f"couldn't be checked: {type(error).__name__}: {error}")
