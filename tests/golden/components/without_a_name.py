"""Components without a name, without inputs, without a command: as little as a component can be."""

from kfp_jupyter import components, dsl

small_op = components.load_component_from_text("implementation: {container: {image: hello-world}}")
args_op = components.load_component_from_text(
    "{inputs: [{name: word}], implementation: {container: {image: busybox, args: [echo, {inputValue: word}]}}}"
)


@dsl.pipeline()
def pipeline(word="hi"):
    small_op()
    small_op()
    args_op(word)
