"""``%kfp``: what this notebook has, its engine and its runs."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from IPython.display import display

from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.engines.base import Capability, RunList, RunRef, RunSummary
from kfp_jupyter.engines.capabilities import supports_foreign_runs, supports_summary
from kfp_jupyter.engines.registry import read_options
from kfp_jupyter.errors import EngineError, RunNotFoundError, UsageError
from kfp_jupyter.magics import actions, doctor, logs, schedule, workflows
from kfp_jupyter.magics.arguments import Option, flag, key_values, split, with_options
from kfp_jupyter.magics.session import Session
from kfp_jupyter.naming import closest
from kfp_jupyter.widget.listing import Cell, Link, Listing, Listings
from kfp_jupyter.widget.style import run_appearance
from kfp_jupyter.widget.text import ago, duration

MAGIC = "%kfp"

_JSON_OBJECT = re.compile(r"""\{\s*(?:"[^"]*"|'[^']*')\s*:""")
"""In a line with one, braces are not for variables of the notebook."""

ALL = Option("all", flag, False, "whether runs that were started elsewhere are listed too")
RUNS_SHOWN = 20

RUN_OPTIONS = ("run.name", "run.experiment")
"""Keys of ``%kfp submit`` that are no parameters: a parameter is a name in Python, so none has a dot."""


def kfp(session: Session, line: str) -> None:
    """Do what the line says; without words list what the notebook has.

    Args:
        session: The notebook's.
        line: What stands behind the magic.

    Raises:
        UsageError: The line can't be understood.
        EngineError: The engine can't do it.
    """
    words = split(MAGIC, line if _JSON_OBJECT.search(line) else session.expand(line))
    if not words:
        display(overview(session))
        return
    _subcommand(words[0]).run(session, words[1:])


def _subcommand(word: str, before: str = "") -> Subcommand:
    if word not in SUBCOMMANDS:
        nearest = closest(word, SUBCOMMANDS)
        remedy = f"Did you mean {MAGIC} {before}{nearest}?" if nearest else f"It knows {', '.join(SUBCOMMANDS)}."
        raise UsageError(f"{MAGIC} doesn't know {word!r}.", remedy=remedy)
    return SUBCOMMANDS[word]


def overview(session: Session) -> Listings:
    """Return the components, pipelines, runs and the engine of a notebook."""
    components = [
        (name, entry.component.name, _image(entry.component.component_spec), entry.label)
        for name, entry in session.components.items()
    ]
    pipelines = [
        (name, entry.pipeline.name, ", ".join(p.name for p in entry.pipeline.parameters()))
        for name, entry in session.pipelines.items()
    ]
    return Listings(
        [
            Listing("Components", ("name", "title", "image", "made by"), components, "none yet: write %%component"),
            Listing("Pipelines", ("name", "title", "parameters"), pipelines, "none yet: write %%pipeline"),
            *_own_runs(session),
            _engine_listing(session),
        ]
    )


def _own_runs(session: Session) -> list[Listing]:
    """Return the notebook's runs; where an engine doesn't answer, what it says instead."""
    known: dict[RunRef, RunSummary] = {}
    problems: list[Listing] = []
    for name in sorted({ref.engine for ref in session.runs}):
        try:
            listed = session.engine(name).runs()
        except EngineError as error:  # noqa: PERF203  (one engine's trouble leaves the others their runs)
            problems.append(Listing(f"Runs on {name}", (), (), error.format_message()))
        else:
            known |= {summary.ref: summary for summary in listed}
            known |= _attached(session, name, known)
            problems += _notices(name, listed)
    runs = [known[ref] for ref in session.runs if ref in known]
    return [_runs_listing("Runs of this notebook", runs, "none yet: press Submit run"), *problems]


def _attached(session: Session, engine_name: str, known: Mapping[RunRef, RunSummary]) -> dict[RunRef, RunSummary]:
    """Return the notebook's runs that an engine doesn't list: older ones, and those that were started elsewhere."""
    engine, found = session.engine(engine_name), {}
    for ref in session.runs:
        if ref.engine == engine_name and ref not in known and supports_summary(engine):
            with contextlib.suppress(RunNotFoundError):  # deleted since
                found[ref] = engine.summary(ref)
    return found


def _notices(engine: str, listed: RunList) -> list[Listing]:
    """Return what an engine says of the runs that it can't tell of."""
    return [Listing(f"Runs on {engine}", (), (), notice) for notice in listed.notices]


def _image(spec: ComponentSpec) -> str:
    """The image of a component; a graph of others has none of its own."""
    return str(getattr(getattr(spec.implementation, "container", None), "image", ""))


def _engine(session: Session, words: list[str]) -> None:
    if words:
        session.choose_engine(words[0], _options(words[0], words[1:]))
    display(Listings([_engine_listing(session)]))


def _engine_listing(session: Session) -> Listing:
    try:
        place = session.engine().place
    except EngineError as error:
        place = error.format_message()
    return Listing("Engine", (), (), f"{session.engine_name}: {place}")


def _options(engine: str, words: list[str]) -> Mapping[str, Any]:
    given = key_values(f"{MAGIC} engine", words)
    return read_options(engine, {key.replace("-", "_"): value for key, value in given.items()})


def _runs(session: Session, words: list[str]) -> None:
    names, given = with_options("%kfp runs", words, (ALL,))
    _no_more("runs", names)
    engine, every = session.engine(), bool(given["all"])
    listed = engine.all_runs(RUNS_SHOWN) if every and supports_foreign_runs(engine) else engine.runs(RUNS_SHOWN)
    notices = _notices(session.engine_name, listed)
    display(Listings([_runs_listing("Runs", listed, "none yet: press Submit run", origin=every), *notices]))


def _submit(session: Session, words: list[str]) -> None:
    names = [word for word in words if "=" not in word]
    if len(names) != 1 or words[0] != names[0]:
        raise workflows.unknown_pipeline(
            session, "submit takes the name of a pipeline, then parameter=value; quote values that contain spaces"
        )
    if names[0] not in session.pipelines:
        raise workflows.unknown_pipeline(session, f"submit: no %%pipeline cell of this notebook defines {names[0]!r}")
    view, given = session.pipelines[names[0]].view, key_values(f"{MAGIC} submit", words[1:])
    view.name_run(*(given.pop(option, "") for option in RUN_OPTIONS))
    run = view.submit(given)
    if run is None:
        raise EngineError(view.problem)
    display(Listings([Listing("Run", (), (), run.id)]))


def _help(_session: Session, words: list[str]) -> None:
    _no_more(" ".join(["help", *words[:1]]), words[1:])
    print(help_text([_subcommand(word, "help ") for word in words] or SUBCOMMANDS.values()))  # noqa: T201  (what a person asked for)


def _no_more(subcommand: str, words: list[str]) -> None:
    if words:
        raise UsageError(f"{MAGIC} {subcommand} takes no arguments, but got {' '.join(words)!r}.")


def _runs_listing(title: str, runs: Sequence[RunSummary], empty: str, *, origin: bool = False) -> Listing:
    now = datetime.now(timezone.utc)
    columns: dict[str, list[Cell]] = {
        "run": [Link(run.ref.id, run.url) if run.url else run.ref.id for run in runs],
        "name": [run.name for run in runs],
        "experiment": [run.experiment for run in runs],
        "pipeline": [run.pipeline for run in runs],
        "phase": [run_appearance(run).word for run in runs],
        "started": [ago(run.started_at, now) for run in runs],
        "took": [_took(run) for run in runs],
    }
    for optional in ("name", "experiment"):
        if not any(columns[optional]):
            del columns[optional]
    if origin:
        columns["origin"] = ["kfp_jupyter" if run.ours else "elsewhere" for run in runs]
    return Listing(title, list(columns), list(zip(*columns.values(), strict=True)), empty)


def _took(run: RunSummary) -> str:
    if run.started_at is None or run.finished_at is None:
        return ""
    return duration((run.finished_at - run.started_at).total_seconds())


SUBMIT_USAGE = "submit PIPELINE [PARAMETER=VALUE …] [run.name=NAME] [run.experiment=NAME]"


@dataclasses.dataclass(frozen=True, slots=True)
class Subcommand:
    """One word behind ``%kfp``.

    Attributes:
        run: What it does with the words behind it.
        usage: How it is typed.
        help: One line of help.
        needs: What the engine must be able to do; None where every engine can.
    """

    run: Callable[[Session, list[str]], None]
    usage: str
    help: str
    needs: Capability | None = None


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "engine": Subcommand(_engine, "engine [NAME key=value …]", "show the engine, or choose one"),
    "submit": Subcommand(_submit, SUBMIT_USAGE, "start a run, as Submit run in the view does"),
    "compile": Subcommand(
        workflows.compile_to_file, "compile PIPELINE FILE", "write its Workflow to a .yaml, .zip or .tar.gz file"
    ),
    "show": Subcommand(workflows.show, "show PIPELINE", "show its Workflow as YAML, by template"),
    "view": Subcommand(workflows.view, "view PIPELINE", "show its view again, with its run"),
    "runs": Subcommand(_runs, "runs [all=true]", "list the engine's newest runs; all: also those started elsewhere"),
    "attach": Subcommand(actions.attach, "attach RUN", "show a run, also one that another kernel started"),
    "logs": Subcommand(logs.logs, logs.USAGE, "print a step's log; container=? lists its containers"),
    "stop": Subcommand(
        actions.stop, "stop RUN [now=true]", "end a run's steps; its exit handler runs, unless now=true"
    ),
    "suspend": Subcommand(actions.suspend, "suspend RUN", "suspend a run: start no further steps", Capability.SUSPEND),
    "resume": Subcommand(actions.resume, "resume RUN", "resume a suspended run", Capability.SUSPEND),
    "retry": Subcommand(actions.retry, "retry RUN", "run failed steps again, and the steps that depend on them"),
    "resubmit": Subcommand(
        actions.resubmit,
        "resubmit RUN [memoized=true]",
        "start a run again; memoized: reuse the steps that succeeded",
        Capability.RESUBMIT,
    ),
    "delete": Subcommand(actions.delete, "delete RUN", "delete a finished run and everything it left"),
    "schedule": Subcommand(
        schedule.schedule,
        "schedule [PIPELINE TIME key=value …]",
        "start runs on a schedule; alone, list the schedules",
        Capability.SCHEDULES,
    ),
    "doctor": Subcommand(doctor.doctor, "doctor [ENGINE]", "check what each engine can reach and what is missing"),
    "help": Subcommand(_help, "help [COMMAND]", "show this list, or one entry of it"),
}


OF_PIPELINES = ("submit", "compile", "show", "view")
"""Subcommands that take a pipeline."""


def help_text(subcommands: Collection[Subcommand] = SUBCOMMANDS.values()) -> str:
    """Return the help: one line per subcommand."""
    width = max(len(entry.usage) for entry in subcommands)
    return "\n".join(f"    {MAGIC} {entry.usage:<{width}} {entry.help}" for entry in subcommands)
