"""What a person types in a notebook."""

from kfp_jupyter.magics.register import register

__all__ = ["register"]
