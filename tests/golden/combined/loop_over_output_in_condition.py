"""Inside a condition a task makes the list that a loop in the same condition goes through."""

from kfp_jupyter import components, dsl


def find_duplicates(bucket: str) -> list:
    return []


def delete(bucket: str, name: str):
    print(bucket, name)


find_op = components.create_component_from_func(find_duplicates)
delete_op = components.create_component_from_func(delete)


@dsl.pipeline(name="Tidy up")
def pipeline(bucket: str = "photos", really: bool = False):
    with dsl.Condition(really == True):
        found = find_op(bucket)
        with dsl.ParallelFor(found.output) as name:
            delete_op(bucket, name)
