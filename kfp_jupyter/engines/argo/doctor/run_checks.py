"""All looks in their order; nothing of it is an error, and no look takes for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from kfp_jupyter.engines.argo.doctor.access import account_of, api_of, namespace_of, rights_of
from kfp_jupyter.engines.argo.doctor.account import account_of_runs
from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.argo.doctor.installation import controller_of, kinds_of
from kfp_jupyter.engines.argo.doctor.storage import repository_findings, server_findings
from kfp_jupyter.engines.capabilities import Finding, Severity
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.connection import Timeouts
from kfp_jupyter.kubernetes.errors import ApiError, ClusterConfigError, UnreachableError

SHORT_TIMEOUTS = Timeouts(connect=3.0, answer=5.0, quiet=10.0)
"""How long the doctor waits for an answer; less than runs do, since people wait with it."""

SECONDS = 60.0
"""After which no further look is begun."""

_Look = Callable[[DoctorContext], Iterator[Finding]]

LOOKS: Sequence[tuple[str, _Look]] = (
    ("API", api_of),
    ("account", account_of),
    ("namespace", namespace_of),
    ("rights", rights_of),
    ("Argo", kinds_of),
    ("controller", controller_of),
    ("account of runs", account_of_runs),
    ("artifacts", repository_findings),
    ("Argo Server", server_findings),
)
"""What is looked at: the subject, should the look itself go wrong, and the look."""

_VITAL = {("Argo", Severity.ERROR), ("namespace", Severity.ERROR)}
"""Findings after which nothing that needs a namespace with Argo in it is worth a look."""


def examine(patient: DoctorContext, clock: Callable[[], float] = time.monotonic) -> Iterator[Finding]:
    """Yield one finding after the other, never an error; see `SupportsDiagnostics.examine`.

    Args:
        patient: The cluster.
        clock: Seconds that only grow.
    """
    end = clock() + SECONDS
    hopeless = False
    for subject, look in LOOKS:
        if clock() > end:
            yield Finding.warning(
                subject, f"not looked at, as the cluster takes more than {SECONDS:g} s", "Try again later."
            )
            return
        if hopeless and look in (controller_of, account_of_runs, repository_findings):
            continue
        try:
            for finding in look(patient):
                yield finding
                hopeless = hopeless or (subject, finding.severity) in _VITAL
        except (UnreachableError, ClusterConfigError) as error:
            if look is server_findings:
                yield Finding.warning(subject, error.message, error.remedy)
                continue
            # The same would be said of all that follows.
            yield Finding.error(subject, error.message, error.remedy)
            return
        except ApiError as error:
            # Who isn't known at all, or finds no Kubernetes, gets no further.
            worst = look is api_of or error.status == 401
            yield (Finding.error if worst else Finding.warning)(subject, error.message, error.remedy)
            if worst:
                return
        except EngineError as error:
            yield Finding.warning(subject, error.message, error.remedy)
        except Exception as error:  # noqa: BLE001  what one look stumbles over must not keep the others from looking
            yield Finding.warning(subject, f"couldn't be looked at: {type(error).__name__}: {error}")
