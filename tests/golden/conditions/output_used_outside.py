"""What a task inside a condition makes is used after the condition."""

from kfp_jupyter import components, dsl


def fetch(day: str) -> str:
    return "/data/" + day


def compress(path: str) -> str:
    return path + ".gz"


def upload(path: str, archive: str):
    print(path, "to", archive)


fetch_op = components.create_component_from_func(fetch)
compress_op = components.create_component_from_func(compress)
upload_op = components.create_component_from_func(upload)


@dsl.pipeline(name="Nightly archive")
def pipeline(day: str = "2024-02-29", compression: str = "gzip"):
    fetched = fetch_op(day)
    with dsl.Condition(compression == "gzip"):
        packed = compress_op(fetched.output)
    upload_op(packed.output, "cold storage")
