"""The test cluster from the terminal: `python -m tests.cluster build | up | down | status`."""

from __future__ import annotations

import argparse
import sys

from tests.cluster import lifecycle
from tests.cluster.build import build, is_built
from tests.cluster.places import LOGS
from tests.cluster.shell import ClusterError


def up() -> None:
    """Build what is missing, start the cluster, and tell how to reach it."""
    build()
    lifecycle.up(by="person")
    status()


def status() -> None:
    """Tell whether the cluster runs, and how to reach it."""
    cluster = lifecycle.find()
    if cluster is None:
        print("# The test cluster is", "built and doesn't run." if is_built() else "not built.")
        return
    print(f"# The test cluster runs; its logs are in {LOGS}.")
    for name, value in lifecycle.variables(cluster).items():
        print(f"export {name}={value}")


VERBS = {
    "build": (build, "build what isn't there yet"),
    "up": (up, "build it, start it and print the variables that lead to it"),
    "down": (lifecycle.down, "end it"),
    "status": (status, "tell whether it runs"),
}


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, (_, words) in VERBS.items():
        verbs.add_parser(verb, help=words)
    function, _ = VERBS[parser.parse_args().verb]
    try:
        function()
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
