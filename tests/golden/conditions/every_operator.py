"""Every comparison that a condition knows."""

from kfp_jupyter import components, dsl


def measure(site: str) -> float:
    """Read a thermometer."""
    return 21.5


def note(text: str):
    print(text)


measure_op = components.create_component_from_func(measure, base_image="python:3.11")
note_op = components.create_component_from_func(note, base_image="python:3.11")


@dsl.pipeline(name="Thermometer")
def pipeline(site: str = "attic"):
    degrees = measure_op(site).output
    with dsl.Condition(degrees == 0):
        note_op("freezing point")
    with dsl.Condition(degrees != 21.5):
        note_op("not the usual")
    with dsl.Condition(degrees < 10):
        note_op("cold")
    with dsl.Condition(degrees <= 18):
        note_op("cool")
    with dsl.Condition(degrees > 30):
        note_op("hot")
    with dsl.Condition(degrees >= 25.5):
        note_op("warm")
