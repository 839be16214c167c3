"""Conditions inside conditions, each with a task of its own."""

from kfp_jupyter import components, dsl


def classify(picture: str) -> str:
    return "animal"


def species(picture: str) -> str:
    return "owl"


def age(picture: str) -> int:
    return 3


def caption(picture: str, text: str):
    print(picture, text)


classify_op = components.create_component_from_func(classify)
species_op = components.create_component_from_func(species)
age_op = components.create_component_from_func(age)
caption_op = components.create_component_from_func(caption)


@dsl.pipeline(name="Captions")
def pipeline(picture: str = "night.png", short: bool = False):
    kind = classify_op(picture).output
    with dsl.Condition(kind == "animal"):
        animal = species_op(picture).output
        with dsl.Condition(animal == "owl"):
            years = age_op(picture)
            with dsl.Condition(years.output < 1):
                caption_op(picture, "an owlet")
            with dsl.Condition(years.output >= 1):
                caption_op(picture, f"an owl of {years.output} years")
        with dsl.Condition(short == "False"):
            caption_op(picture, f"some {animal}")
