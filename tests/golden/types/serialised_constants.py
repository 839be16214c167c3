"""Constants of every type as arguments of components with every type of input."""

from kfp_jupyter import components, dsl

every_op = components.load_component_from_text(
    """
name: Every type
inputs:
- {name: text, type: String}
- {name: whole, type: Integer}
- {name: real, type: Float}
- {name: truth, type: Boolean}
- {name: truth_too, type: Bool}
- {name: array, type: JsonArray}
- {name: items, type: List}
- {name: object, type: JsonObject}
- {name: mapping, type: Dict}
- {name: any_json, type: Json}
- {name: untyped}
- {name: path, type: {GCSPath: {data_type: CSV}}}
implementation:
  container:
    image: alpine:3.19
    command: [show]
    args:
    - {inputValue: text}
    - {inputValue: whole}
    - {inputValue: real}
    - {inputValue: truth}
    - {inputValue: truth_too}
    - {inputValue: array}
    - {inputValue: items}
    - {inputValue: object}
    - {inputValue: mapping}
    - {inputValue: any_json}
    - {inputValue: untyped}
    - {inputPath: path}
"""
)


@dsl.pipeline(name="Constants")
def pipeline(n: int = 5, word: str = "w"):
    every_op("é\t\n", 1, 2, True, False, [1, "a", None], [], {"b": 1, "a": {}}, {}, [1.5, None], 3.0, "gs://b/c")
    every_op("", -1, 1e-7, "no", "1", "[]", '["x"]', "{}", '{"y": 1}', "null", {"k": [True]}, "")
    every_op(word, n, "3", True, True, [n, word], [f"{word}!"], {"n": n}, {"fixed": word}, {"deep": [n]}, [1, 2], word.ignore_type())
