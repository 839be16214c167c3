"""Conditions with names of their own, one of them used twice."""

from kfp_jupyter import dsl


def step(name, text):
    return dsl.ContainerOp(name=name, image="busybox", command=["echo"], arguments=[text])


@dsl.pipeline(name="named-conditions")
def pipeline(tier="gold", country="IS"):
    with dsl.Condition(tier == "gold", name="is_gold"):
        step("welcome", "a lounge for you")
    with dsl.Condition(country == "IS", name="lives_in_iceland"):
        step("weather", "rain")
    with dsl.Condition(tier != "gold", name="is_gold"):
        step("offer", "why not gold?")
