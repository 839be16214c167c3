"""KFP v1's ``kfp.dsl.extensions``."""
