"""Python files on a command line → the pipelines in them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path

from kfp_jupyter import compat
from kfp_jupyter.compat.scripts import read_script, start_tracebacks_at_the_author
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.dsl.pipeline import collecting
from kfp_jupyter.errors import UsageError


@contextmanager
def pipeline_in(path: str, function: str | None = None) -> Iterator[Pipeline]:
    """Run a file and yield a pipeline of it; inside, ``import kfp`` and modules beside the file are found.

    Args:
        path: The file; its ``__name__`` isn't ``__main__``.
        function: Name of the pipeline's function; may be left out when there is one pipeline.

    Raises:
        UsageError: The file can't be read, or no pipeline or more than one fits.
    """
    source = read_script(path)
    compat.enable()
    start_tracebacks_at_the_author()
    place = Path(path).absolute()
    # A file may be called like a library that it uses.
    name = place.stem if place.stem not in sys.modules else f"{place.stem}_pipelines"
    loader = SourceFileLoader(name, str(place))
    spec = ModuleSpec(name, loader, origin=str(place))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(place.parent))
    try:
        with collecting() as pipelines:
            exec(loader.source_to_code(source, str(place)), vars(module))  # noqa: S102  (it is what was asked for)
        yield _chosen(pipelines, function, path)
    finally:
        sys.path.remove(str(place.parent))


def _chosen(pipelines: Sequence[Pipeline], function: str | None, path: str) -> Pipeline:
    names = [pipeline.__name__ for pipeline in pipelines]
    if not pipelines:
        raise UsageError(f"The file {path!r} has no pipeline.", remedy="Decorate its function with @dsl.pipeline().")
    if function is None and len(pipelines) > 1:
        raise UsageError(
            f"The file {path!r} has {len(names)} pipelines: {', '.join(names)}.",
            remedy="Choose one with --function NAME.",
        )
    if function is None:
        return pipelines[0]
    if function not in names:
        raise UsageError(
            f"The file {path!r} has no pipeline {function!r}.",
            remedy=f"Its pipelines: {', '.join(names)}. Decorate another function with @dsl.pipeline() to add it.",
        )
    return pipelines[names.index(function)]
