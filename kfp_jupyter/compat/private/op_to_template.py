"""KFP v1's ``kfp.compiler._op_to_template``: a task → a template."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.compiler.workflow import lone_template
from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.freezing import frozen_task


def _op_to_template(op: BaseOp) -> dict[str, Any]:
    return lone_template(frozen_task(op))
