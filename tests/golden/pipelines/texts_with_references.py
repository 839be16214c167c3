"""References in the middle of texts, several in one, the same twice, next to braces and JSON."""

import json

from kfp_jupyter import components, dsl


def lookup(key: str) -> str:
    return key


def show(text: str, items: list):
    print(text, items)


lookup_op = components.create_component_from_func(lookup)
show_op = components.create_component_from_func(show)


@dsl.pipeline(name="Texts")
def pipeline(user: str = "ada", host: str = "example.org"):
    found = lookup_op(user)
    again = lookup_op("%s@%s" % (user, host))
    show_op(f"{user}{user}-{found.output}/{again.output}", [str(user), f"{host}!"])
    show_op("{" + str(found.output) + "}", [user, found.output, {"a": again.output}])
    show_op(json.dumps({"user": str(user), "n": 1}), "[]")
    show_op("SELECT * FROM t WHERE u = '{}' AND h LIKE \"%{}%\"".format(user, host), [1])
