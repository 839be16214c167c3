"""What an author writes. The public names are KFP v1's ``kfp.dsl``."""

from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.pipeline import Pipeline, pipeline
from kfp_jupyter.dsl.pipeline_param import PipelineParam

__all__ = ["ContainerOp", "Pipeline", "PipelineParam", "pipeline"]
