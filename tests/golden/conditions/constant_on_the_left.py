"""The constant of a comparison may stand on its left: the operator turns around."""

from kfp_jupyter import components, dsl


def word_error_rate(audio: str) -> float:
    return 0.07


def publish(audio: str, channel: str):
    print(audio, "goes to", channel)


rate_op = components.create_component_from_func(word_error_rate)
publish_op = components.create_component_from_func(publish)


@dsl.pipeline(name="Speech release")
def pipeline(audio: str = "talk.wav", stage: str = "beta"):
    rate = rate_op(audio).output
    with dsl.Condition(0.1 > rate):
        publish_op(audio, "everybody")
    with dsl.Condition(0.1 <= rate):
        publish_op(audio, "reviewers")
    with dsl.Condition("beta" == stage):
        publish_op(audio, "beta testers")
    with dsl.Condition("beta" != stage):
        publish_op(audio, "subscribers")
    with dsl.Condition(0 < rate):
        publish_op(audio, "statistics")
    with dsl.Condition(1 >= rate):
        publish_op(audio, "archive")
