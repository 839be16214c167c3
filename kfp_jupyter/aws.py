"""Modifiers for AWS. The public names are KFP v1's ``kfp.aws``.

Source: ``kfp/aws.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import Any

from kfp_jupyter.onprem import Modifier, use_k8s_secret

__all__ = ["use_aws_secret"]


def use_aws_secret(
    secret_name: str = "aws-secret",  # noqa: S107  (the name of a secret, not a secret)
    aws_access_key_id_name: str = "AWS_ACCESS_KEY_ID",
    aws_secret_access_key_name: str = "AWS_SECRET_ACCESS_KEY",  # noqa: S107  (the name of a key)
    aws_region: str | None = None,
) -> Modifier:
    """Give a step AWS credentials from a secret, and a region.

    Args:
        secret_name: The secret; it must exist when the step starts.
        aws_access_key_id_name: Key in the secret of the access key's id.
        aws_secret_access_key_name: Key in the secret of the access key itself.
        aws_region: Value of ``AWS_REGION``; none unless given.
    """
    credentials = (
        use_k8s_secret(secret_name, {aws_access_key_id_name: "AWS_ACCESS_KEY_ID"}),
        use_k8s_secret(secret_name, {aws_secret_access_key_name: "AWS_SECRET_ACCESS_KEY"}),
    )

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        for add in credentials:
            add(task)
        # A pipeline's parameter has no truth of its own, so it is asked for its text.
        if aws_region is not None and str(aws_region):
            task.container.add_env_variable(client.V1EnvVar(name="AWS_REGION", value=str(aws_region)))
        return task

    return modify
