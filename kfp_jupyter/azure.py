"""Modifiers for Azure. The public names are KFP v1's ``kfp.azure``.

Source: ``kfp/azure.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from kfp_jupyter.onprem import Modifier, use_k8s_secret

__all__ = ["use_azure_secret"]

VARIABLES = ("AZ_SUBSCRIPTION_ID", "AZ_TENANT_ID", "AZ_CLIENT_ID", "AZ_CLIENT_SECRET")
"""What a service principal is known by: keys in the secret and variables of the step."""


def use_azure_secret(secret_name: str = "azcreds") -> Modifier:  # noqa: S107  (the name of a secret, not a secret)
    """Give a step the credentials of an Azure service principal from a secret.

    Args:
        secret_name: The secret; Kubeflow makes it when it is deployed on Azure.
    """
    return use_k8s_secret(secret_name, {name: name for name in VARIABLES})
