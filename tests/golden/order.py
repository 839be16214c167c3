"""Order without data, repeated names, limits and caching."""

from kfp_jupyter import components, dsl


def step_one():
    print("one")


def step_two(x: int) -> int:
    return x


one_op = components.create_component_from_func(step_one)
two_op = components.create_component_from_func(step_two, base_image="python:3.9")


@dsl.pipeline(name="order")
def pipeline():
    first = one_op()
    second = one_op().after(first)
    third = two_op(3).after(first, second).set_cpu_limit("500m").set_memory_limit("1Gi")
    fourth = two_op(third.output).after(third).set_cpu_request("1").set_memory_request("512Mi")
    fourth.set_caching_options(False)
    one_op().after(fourth).set_display_name("the end")
