"""Modifiers for credentials of Amazon and Microsoft."""

from kfp_jupyter import components, dsl
from kfp_jupyter.aws import use_aws_secret
from kfp_jupyter.azure import use_azure_secret


def list_buckets(prefix: str) -> list:
    return [prefix]


list_op = components.create_component_from_func(list_buckets, packages_to_install=["boto3", "azure-storage-blob"])


@dsl.pipeline(name="Clouds")
def pipeline(prefix: str = "logs-"):
    list_op(prefix).apply(use_aws_secret())
    list_op(prefix).apply(use_aws_secret("ci-aws", "id", "key", "eu-central-1"))
    list_op(prefix).apply(use_azure_secret())
    list_op(prefix).apply(use_azure_secret("ci-azure")).apply(use_aws_secret(aws_region="us-east-1"))
