"""A condition on each item of a loop, and one on what a task made of the item."""

from kfp_jupyter import components, dsl


def sentiment(review: str) -> str:
    return "angry"


def answer(review: str, tone: str):
    print(review, tone)


sentiment_op = components.create_component_from_func(sentiment)
answer_op = components.create_component_from_func(answer)


@dsl.pipeline(name="Reviews")
def pipeline(reviews: list = ["great", "never again"], tone: str = "kind"):
    with dsl.ParallelFor(reviews) as review:
        felt = sentiment_op(review)
        with dsl.Condition(felt.output == "angry"):
            answer_op(review, tone)
        with dsl.Condition(review == "spam"):
            answer_op("a robot", "none")
