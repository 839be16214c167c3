"""The part of a script's program that is ours: it runs the cell's text between the inputs and the outputs.

The text of `_kfp_script` is copied into the program of every script cell, behind the two imports that it needs; like
that of `runtime` it needs nothing but Python 3.7.
"""

import builtins as _kfp_builtins
import traceback as _kfp_traceback
from collections.abc import Callable, Sequence
from typing import Any


def _kfp_script(
    text: str, names: dict[str, Any], file: str, component: str, outputs: Sequence[str]
) -> Callable[..., Any]:
    def run(**inputs: Any) -> Any:
        names.update(inputs)
        try:
            # Compiled under the program's own name, so that a traceback shows the line; what the program's
            # first line asks of the future holds here too.
            exec(compile(text, file, "exec"), names)  # noqa: S102  (running the author's cell is the purpose)
        except SystemExit as end:
            if end.code:
                raise
        except Exception as error:  # noqa: BLE001  (whatever the author's cell raises)
            lines = error.__traceback__ and error.__traceback__.tb_next
            _kfp_traceback.print_exception(type(error), error, lines)
            raise SystemExit(1) from None
        # The script may well have made a list or a print of its own.
        missing = [name for name in outputs if name not in names]
        if missing:
            raise _kfp_builtins.SystemExit(
                f"Component {component!r}: the script ended without a value for its output {missing[0]!r}."
            )
        return _kfp_builtins.tuple([names[name] for name in outputs])

    return run
