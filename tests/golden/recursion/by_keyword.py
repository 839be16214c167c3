"""A graph component whose arguments are named, in another order each time."""

from kfp_jupyter import dsl


def container(name, **arguments):
    return dsl.ContainerOp(
        name=name,
        image="games/solver:1",
        command=[name],
        arguments=[part for key, value in arguments.items() for part in (f"--{key}", value)],
        file_outputs={"board": "/tmp/board", "moves": "/tmp/moves"},
    )


@dsl.graph_component
def solve(board, moves):
    tried = container("try_move", board=board, moves=moves)
    with dsl.Condition(tried.outputs["moves"] > 0):
        solve(moves=tried.outputs["moves"], board=tried.outputs["board"])


@dsl.pipeline(name="solver")
def pipeline(board="empty"):
    opened = container("open", board=board)
    solve(moves=opened.outputs["moves"], board=opened.outputs["board"])
