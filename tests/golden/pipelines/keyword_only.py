"""Parameters that can be given by name only, with and without values."""

from kfp_jupyter import components, dsl


def pack(folder: str, level: int, name: str):
    print(folder, level, name)


pack_op = components.create_component_from_func(pack)


@dsl.pipeline(name="Keyword only")
def pipeline(folder: str, *, level: int = 9, name: str = "archive"):
    pack_op(folder, level, name)
