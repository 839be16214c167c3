"""Airflow operators, which can't be components here.

Source: ``kfp/components/_airflow_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import Any, NoReturn

from kfp_jupyter.errors import ComponentError


def create_component_from_airflow_op(op_class: Any, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG001  (KFP v1's)
    """Raise an error: KFP v1 supports only operators of Airflow 1, which is no longer maintained.

    Args:
        op_class: The operator.
        args: Ignored.
        kwargs: Ignored.

    Raises:
        ComponentError: Always.
    """
    raise ComponentError(
        f"The Airflow operator {getattr(op_class, '__name__', op_class)!r} can't become a component: Kubeflow "
        "Pipelines v1 supports only operators of Airflow 1, which is no longer maintained.",
        remedy="Write a function component that does what the operator does.",
    )
