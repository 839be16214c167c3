"""Cells that several tests run."""

from __future__ import annotations

LOAD = "%load_ext kfp_jupyter"

GREET = '%%component\ndef greet(name: str) -> str:\n    print(f"hello {name}")\n    return f"hello {name}"'
GREETING = '%%pipeline name="Greeting"\ndef greeting(name: str = "world"):\n    greet(name)'

WAIT_FOR_FILE = """%%component
import os
import time


def wait(file: str):
    print("waiting", flush=True)
    while not os.path.exists(file):
        time.sleep(0.05)
    print("waited", flush=True)"""


def waiting(file: object) -> str:
    """Return a pipeline cell whose one step waits until there is such a file."""
    return f'%%pipeline name="Waiting"\ndef waiting(file: str = "{file}"):\n    wait(file)'
