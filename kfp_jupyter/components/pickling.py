"""Pickled functions, for functions that need more of their module than their own source.

Source: ``_capture_function_code_using_cloudpickle`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import base64
import importlib
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from kfp_jupyter.errors import ComponentError

LOADER = """\
def _kfp_unpickled(data, python, version):
    import base64
    import pickle
    import subprocess
    import sys

    here = tuple(sys.version_info[:2])
    if here[0] != python[0] or here < python:
        print("The function was pickled by Python %d.%d, and this is %d.%d. " % (python + here)
              + "Give the component a base_image with Python %d.%d." % python, file=sys.stderr)
        raise SystemExit(1)
    if here != python:
        print("The function was pickled by Python %d.%d; this is %d.%d and may not run it." % (python + here),
              file=sys.stderr)
    try:
        import cloudpickle
    except ImportError:
        import importlib
        import site

        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip.append("cloudpickle==" + version)
        if subprocess.call(pip) and subprocess.call(pip + ["--user"]):
            print("cloudpickle, which the function needs, can't be installed: use an image with it.", file=sys.stderr)
            raise SystemExit(1)
        # A folder that wasn't there when Python began is not on its path.
        site.addsitedir(site.getusersitepackages())
        importlib.invalidate_caches()
    return pickle.loads(base64.b64decode(data))
"""
"""Part of the program; for Python 3.7."""


def pickled_source(function: Callable[..., Any], name: str, modules: Sequence[str] | None) -> str:
    """Return source that defines a function by its pickle.

    Args:
        function: The function.
        name: The name to define.
        modules: Names of modules whose objects are copied rather than imported; None for the function's own.

    Raises:
        ComponentError: cloudpickle isn't installed, or can't pickle the function.
    """
    try:
        # Few components are pickled, and nobody else needs it.
        cloudpickle = importlib.import_module("cloudpickle")
    except ImportError:
        raise ComponentError(
            f"The code of {function.__name__!r} can't be pickled because cloudpickle is not installed.",
            remedy="Install it (pip install 'kfp-jupyter[pickle]'), or remove use_code_pickling.",
        ) from None
    captured = [function.__module__] if modules is None else list(modules)
    try:
        with _copied(cloudpickle, captured), _plain(function):
            data = cloudpickle.dumps(function, pickle.DEFAULT_PROTOCOL)
    except Exception as error:
        raise ComponentError(
            f"The function {function.__name__!r} can't be pickled: {error}.",
            remedy="It uses an object that exists only in this process; create that object inside the function.",
        ) from error
    text = base64.b64encode(data).decode("ascii")
    arguments = f"{text!r}, {tuple(sys.version_info[:2])}, {cloudpickle.__version__!r}"
    return f"{LOADER}\n\n{name} = _kfp_unpickled({arguments})"


@contextmanager
def _copied(cloudpickle: Any, modules: Sequence[str]) -> Iterator[None]:
    """Make cloudpickle copy what the modules define; otherwise a step would have to import them."""
    with ExitStack() as stack:
        for name in modules:
            module = sys.modules.get(name)
            if module is not None and name not in cloudpickle.list_registry_pickle_by_value():
                cloudpickle.register_pickle_by_value(module)
                stack.callback(cloudpickle.unregister_pickle_by_value, module)
        yield


@contextmanager
def _plain(function: Callable[..., Any]) -> Iterator[None]:
    """Remove annotations from a function for now: pickling them would make the step import this package."""
    annotations, signature = function.__annotations__, vars(function).pop("__signature__", None)
    function.__annotations__ = {}
    try:
        yield
    finally:
        function.__annotations__ = annotations
        if signature is not None:
            function.__signature__ = signature  # type: ignore[attr-defined]  # functions take any attribute
