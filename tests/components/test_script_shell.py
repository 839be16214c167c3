"""Shell scripts as components, run by each shell that is here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.components import Component, InputPath, OutputPath
from kfp_jupyter.components.arguments import command_line
from kfp_jupyter.components.shell_script import component_from_shell
from kfp_jupyter.errors import ComponentError
from tests.components.declarations import declared, params
from tests.components.steps import Done

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def shell(body: str, inputs: Any = None, outputs: Any = None) -> Component:
    return component_from_shell(body, "cell [1]", declared(inputs, outputs))


def run_with(program: str, component: Component, tmp_path: Path, **arguments: str) -> Done:
    """Run a shell script's command where ``sh`` is this shell."""
    bin_ = tmp_path / "bin"
    bin_.mkdir(exist_ok=True)
    (bin_ / "sh").unlink(missing_ok=True)
    (bin_ / "sh").symlink_to(str(shutil.which(program)))
    line = command_line(component.component_spec, arguments)
    outputs = {name: tmp_path / "out" / name / "data" for name in line.output_paths}
    changed = {path: str(outputs[name]) for name, path in line.output_paths.items()}
    changed |= {path: arguments[name] for name, path in line.input_paths.items()}
    words = [changed.get(word, word) for word in (*line.command, *line.args)]
    env = {"PATH": f"{bin_}:{Path(sys.executable).parent}:/usr/bin:/bin", "TMPDIR": str(tmp_path), "n": "left over"}
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False, timeout=60)
    return Done(done.returncode, done.stdout + done.stderr, outputs)


@pytest.mark.parametrize("program", SHELLS)
def test_a_shell_script_has_its_inputs_and_the_paths_of_its_outputs_as_variables(tmp_path: Path, program: str) -> None:
    data = tmp_path / "data.txt"
    data.write_text("abc")
    component = shell(
        'cat "$data" > "$OUT_model"\necho "$x ${n-unset}" > "$OUT_y"\n',
        params(x=str, data=InputPath(), n=(str, None)),
        params(y=str, model=OutputPath()),
    )
    done = run_with(program, component, tmp_path, x="$(id) `id` 'q' \"$HOME\"\n*", data=str(data))
    assert done.code == 0, done.text
    assert done.outputs["y"].read_text() == "$(id) `id` 'q' \"$HOME\"\n* unset\n"
    assert done.outputs["model"].read_text() == "abc"


@pytest.mark.parametrize("program", SHELLS)
def test_a_shell_script_ends_at_the_first_command_that_fails(tmp_path: Path, program: str) -> None:
    done = run_with(program, shell("echo before\nfalse\necho after"), tmp_path)
    assert (done.code, done.text) == (1, "before\n")
    assert not list(tmp_path.glob("tmp*"))
    assert run_with(program, shell("exit 7"), tmp_path).code == 7


@pytest.mark.parametrize("program", SHELLS)
def test_a_shells_messages_have_the_lines_of_the_cell(tmp_path: Path, program: str) -> None:
    done = run_with(program, shell("echo before\n\nno_such_command"), tmp_path)
    assert done.code == 127
    assert "4: no_such_command" in done.text


@pytest.mark.parametrize("program", SHELLS)
def test_an_output_that_a_shell_script_did_not_write_is_named(tmp_path: Path, program: str) -> None:
    component = shell('if false; then echo 1 > "$OUT_y"; fi\nexit 0', outputs=params(y=float))
    done = run_with(program, component, tmp_path)
    assert done.code == 1
    assert "Component 'My step': the script wrote nothing to its output 'y'" in done.text


@pytest.mark.parametrize("program", SHELLS)
def test_double_braces_and_marks_of_a_shell_script_survive(tmp_path: Path, program: str) -> None:
    text = "{{workflow.name}} {_{{ {{_ }} \\ \\n"
    component = shell(f"printf '%s' '{text}' > \"$OUT_y\"", outputs=params(y=str))
    assert not any("{{" in word for word in component.component_spec.container.command or () if isinstance(word, str))
    assert run_with(program, component, tmp_path).outputs["y"].read_text() == text


@settings(max_examples=10, deadline=None)
@given(text=TEXT)
def test_any_value_reaches_a_shell_script_as_it_is(tmp_path_factory: Any, text: str) -> None:
    tmp_path = tmp_path_factory.mktemp("run")
    component = shell('printf \'%s\' "$x" > "$OUT_y"', params(x=str), params(y=str))
    done = run_with("sh", component, tmp_path, x=text)
    assert done.outputs["y"].read_bytes().decode() == text


def test_calling_a_shell_component_outside_a_pipeline_runs_it(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    component = shell(
        'echo "for $x and $items"\necho 7 > "$OUT_n"\nprintf "%s" "$items" > "$OUT_copy"\ncp "$data" "$OUT_file"',
        params(x=float, items=list, data=InputPath()),
        params(n=int, copy=list, file=OutputPath()),
    )
    data = tmp_path / "data"
    data.write_text("abc")
    result = component(1.5, [1, "a"], data)
    assert (result.n, result.copy) == (7, [1, "a"])
    assert Path(result.file).read_text() == "abc"
    assert capfd.readouterr().out == 'for 1.5 and [1, "a"]\n'
    with pytest.raises(ComponentError, match="exit code 3"):
        shell("exit 3")()
    with pytest.raises(ComponentError, match="holds 'abc', which can't be read as Integer"):
        shell('echo abc > "$OUT_n"', outputs=params(n=int))()


@pytest.mark.parametrize(
    ("cell", "inputs", "outputs", "line", "words"),
    [
        ("echo\nif true; then\n  echo )\nfi", {}, {}, 4, ["Syntax error"]),
        ("echo 'open", {}, {}, None, ["Syntax error"]),
        ("echo 1", {}, {"y": float}, 1, ["never writes its output 'y'", '"$OUT_y"']),
        ("echo 1 > $OUT_yes", {}, {"y": float}, 1, ["never writes its output 'y'"]),
        ("ls", {"PATH": str}, {}, 1, ["'PATH'", "another name"]),
        ("ls", {"OUT_x": str}, {}, 1, ["'OUT_x'"]),
        ("ls", {"größe": str}, {}, 1, ["'größe'"]),
        ("ls $OUT_größe", {}, {"größe": str}, 1, ["'größe'"]),
    ],
)
def test_what_is_wrong_with_a_shell_script_is_said_when_it_is_made(
    cell: str, inputs: dict[str, Any], outputs: dict[str, Any], line: int | None, words: list[str]
) -> None:
    with pytest.raises(ComponentError) as error:
        shell(cell, params(**inputs), params(**outputs))
    assert line is None or f"line {line}: " in str(error.value)
    for word in words:
        assert word in str(error.value)
