"""Everything that asking a Kubernetes API may end with.

::

    KubernetesError            an `EngineError`
     ├─ ClusterConfigError       nothing leads to an API, or there are no credentials for it
     ├─ UnreachableError         the API didn't answer, or not to the end
     │   └─ TimedOutError          it accepted the question, and then sent nothing for too long
     ├─ PortForwardError         a port of a pod can't be reached: no pod runs, or the proxy is unfit
     └─ ApiError                 the API answered with an HTTP status that isn't success
         ├─ NotFoundError          there is no object of that name, or no such namespace
         ├─ NotInstalledError      the cluster has no such kind of objects at all
         └─ TooLargeError          the object is larger than what a cluster stores

`api_errors.py` makes them of the API's answers, `translation.py` of what the libraries below raise.
"""

from __future__ import annotations

from kfp_jupyter.errors import EngineError


class KubernetesError(EngineError):
    """Asking a Kubernetes API failed.

    Attributes:
        status: The HTTP status; 0 where there was no answer.
        retry_after: Seconds that the server asked to wait; 0 where it didn't.
    """

    status: int = 0
    retry_after: float = 0.0

    @property
    def passes(self) -> bool:
        """Whether the same question may succeed later, though nobody changes anything."""
        return False

    @property
    def forbidden(self) -> bool:
        """Whether the account is the problem. That may pass too: an API server that starts knows no roles yet."""
        return self.status in (401, 403)


class ClusterConfigError(KubernetesError):
    """The API can't be asked: nothing leads to it, or there are no credentials."""


class UnreachableError(KubernetesError):
    """The API didn't answer, or not to the end."""

    @property
    def passes(self) -> bool:
        """It may: networks and servers come back."""
        return True


class TimedOutError(UnreachableError):
    """The API accepted the question, and then sent nothing for as long as was allowed."""


class PortForwardError(KubernetesError):
    """A port of a pod can't be reached: no such service, pod or port, or a proxy that isn't fit for it."""


class ApiError(KubernetesError):
    """The API answered with an HTTP status that isn't success.

    Args:
        message: See `KfpJupyterError`.
        remedy: See `KfpJupyterError`.
        status: The HTTP status.
        retry_after: Seconds that the server asked to wait; 0 where it didn't.
    """

    def __init__(self, message: str, *, remedy: str = "", status: int, retry_after: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.retry_after = retry_after

    @property
    def passes(self) -> bool:
        """Whether the status is one that asking again later may change."""
        return self.status in (408, 410, 429) or self.status >= 500


class NotFoundError(ApiError):
    """There is no object of that name, or no such namespace."""


class NotInstalledError(ApiError):
    """The cluster has no such kind of objects: what defines it isn't installed."""


class TooLargeError(ApiError):
    """An object is larger than what a cluster stores."""
