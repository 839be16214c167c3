"""What a task inside a loop makes is used after the loop."""

from kfp_jupyter import components, dsl


def count_words(chapter: str) -> int:
    return len(chapter.split())


def total(counts: int) -> int:
    return 0


count_op = components.create_component_from_func(count_words)
total_op = components.create_component_from_func(total)


@dsl.pipeline(name="Count words")
def pipeline():
    with dsl.ParallelFor(["one two", "three"]) as chapter:
        counted = count_op(chapter)
    total_op(counted.output)
