"""Annotations that are neither types nor names: a PipelineParam, an object of dsl.types, a mapping, a number, a list."""

import functools

from kfp_jupyter import components, dsl
from kfp_jupyter.dsl import types


component = functools.partial(components.func_to_container_op, base_image="tools/annotations:1")


@component
def calc(a: float) -> float:
    return a


@component
def read(path: types.GCSPath(), table: {"CSV": {"separator": ";"}}, n: dsl.PipelineParam(name="n")) -> types.Integer():
    return 1


@dsl.pipeline(name="objects-as-annotations")
def pipeline(
    a: dsl.PipelineParam(name="a", value=2),
    b: dsl.PipelineParam(name="other", param_type="Integer") = 3,
    path: types.GCSPath() = "gs://here",
    table: {"CSV": {"separator": ";"}} = "x",
    number: 3 = "y",
    some: [1, 2] = "z",
    output: dsl.PipelineParam(name="out", op_name="task") = 4,
):
    calc(a)
    calc(b)
    read(path, table, number)
    read(path, "x", some)
    calc(output)
