"""How a run stands, asked for so often that it must cost little: only its metadata, until that has changed."""

from __future__ import annotations

import collections
import threading

from kfp_jupyter.engines.argo.listing import summary
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunSummary
from kfp_jupyter.errors import RunNotFoundError

_REMEMBERED = 500


class Summaries:
    """Summaries of runs, each with the version that it was made of. Usable from any thread.

    Args:
        objects: Where the runs are.
        selector: The labels of runs that were started from here.
    """

    def __init__(self, objects: Objects, selector: str) -> None:
        self._objects, self._selector = objects, selector
        self._lock = threading.Lock()
        self._known: collections.OrderedDict[str, tuple[str, RunSummary]] = collections.OrderedDict()

    def summary(self, name: str) -> RunSummary:
        """Return what a list tells of a run; of one that only the archive has, how it ended.

        Raises:
            RunNotFoundError: There is no such run any more.
        """
        try:
            version = str(self._objects.workflow_metadata(name).get("resourceVersion"))
        except RunNotFoundError:
            archived = self._objects.archived_workflow(name)
            if archived is None:
                namespace = self._objects.namespace
                raise RunNotFoundError(f"The run {name!r} was deleted from the namespace {namespace!r}.") from None
            return summary(self._objects, archived, self._selector)
        with self._lock:
            known = self._known.get(name)
        if known and known[0] == version:
            return known[1]
        found = self._objects.workflow(name)
        made = summary(self._objects, found, self._selector)
        with self._lock:
            self._known[name] = str(found["metadata"].get("resourceVersion")), made
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return made
