"""A pipeline's graph → an Argo Workflow in the KFP v1 dialect."""

from kfp_jupyter.compiler.compiler import Compiler

__all__ = ["Compiler"]
