"""Compared texts may hold apostrophes, spaces, braces and letters of any language, or nothing."""

from kfp_jupyter import components, dsl


def translate(sentence: str, language: str) -> str:
    return sentence


def speak(sentence: str):
    print(sentence)


translate_op = components.create_component_from_func(translate)
speak_op = components.create_component_from_func(speak)


@dsl.pipeline(name="Greetings")
def pipeline(language: str = "fr"):
    said = translate_op("it's me", language).output
    with dsl.Condition(said == "c'est moi"):
        speak_op("French")
    with dsl.Condition(said != "{me} & <you>"):
        speak_op("no template")
    with dsl.Condition(said == "það er ég – 是我"):
        speak_op("Icelandic or Chinese")
    with dsl.Condition(said == ""):
        speak_op("nothing")
