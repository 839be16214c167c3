"""What may stand behind ``%kfp``: its words, pipelines, engines, runs and their steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import RunSummary
from kfp_jupyter.engines.registry import ENGINES, options_of
from kfp_jupyter.magics import actions, kfp, logs, schedule
from kfp_jupyter.magics.answer_in_time import answer_in_time
from kfp_jupyter.magics.completion import FILES, Files, Offer, option_offers
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase

_LISTED = 50

_FITS: dict[str, Callable[[Phase], bool]] = {
    "stop": lambda phase: not phase.finished,
    "suspend": lambda phase: not phase.finished,
    "resume": lambda phase: not phase.finished,
    "retry": lambda phase: phase.bad,
    "delete": lambda phase: phase.finished,
    **dict.fromkeys(("attach", "logs", "resubmit"), lambda _phase: True),
}
"""Subcommands that take a run, and in which phases."""

_OPTIONS = {"stop": (actions.NOW,), "resubmit": (actions.MEMOIZED,), "logs": logs.OPTIONS, "runs": (kfp.ALL,)}


def offers(session: Session, before: list[str]) -> Sequence[Offer] | Files:
    """Return what may stand behind the words that stand behind ``%kfp`` already.

    Args:
        session: The notebook's.
        before: The words.
    """
    if before == ["help"]:
        return [Offer(word, "command") for word in kfp.SUBCOMMANDS]
    if not before:
        can = ENGINES[session.engine_name].capabilities
        return [Offer(word, "command") for word, entry in kfp.SUBCOMMANDS.items() if entry.needs in {None, *can}]
    word, *rest = before
    if word in kfp.OF_PIPELINES:
        return _of_pipelines(session, word, rest)
    if word in _FITS:
        keys = tuple(f"{option.name}=" for option in _OPTIONS.get(word, ()))
        return _of_runs(session, word, [name for name in rest if not name.startswith(keys)])
    if word == "schedule":
        return [_of_schedule(session, text) for text in schedule.completions(session, rest)]
    return _of_engines(word, rest) if word in ("engine", "doctor") else option_offers(_OPTIONS.get(word, ()))


def _of_engines(word: str, rest: list[str]) -> list[Offer]:
    if not rest:
        return [Offer(name, "engine") for name in ENGINES]
    options = options_of(rest[0]) if word == "engine" else {}
    return [Offer(f"{name}=", "option", values) for name, values in options.items()]


def _of_pipelines(session: Session, word: str, rest: list[str]) -> list[Offer] | Files:
    if not rest:
        return [Offer(name, "pipeline") for name in session.pipelines]
    if word == "submit" and rest[0] in session.pipelines:
        parameters = [Offer(f"{p.name}=", "parameter") for p in session.pipelines[rest[0]].pipeline.parameters()]
        return [*parameters, *(Offer(f"{option}=", "option") for option in kfp.RUN_OPTIONS)]
    return FILES if word == "compile" and len(rest) == 1 else []


def _of_runs(session: Session, word: str, names: list[str]) -> list[Offer]:
    if not names:
        return [Offer(run, "run") for run in _runs(session, _FITS[word])]
    if word == "logs" and len(names) == 1:
        return [Offer(step, "step") for step in _steps(session, names[0])]
    return option_offers(_OPTIONS.get(word, ()))


def _of_schedule(session: Session, text: str) -> Offer:
    kind = "option" if text.endswith("=") else "pipeline" if text in session.pipelines else "command"
    return Offer(text, kind)


def _runs(session: Session, fits: Callable[[Phase], bool]) -> list[str]:
    """Return the newest runs that fit, or all where none does; the notebook's own if the engine doesn't answer."""
    engine = session.engine_name
    own = [run.id for run in reversed(session.runs) if run.engine == engine]
    listed: Sequence[RunSummary] | None = answer_in_time(lambda: session.engine().runs(_LISTED))
    if listed is None:
        return own
    fitting = [summary.ref.id for summary in listed if fits(summary.phase)]
    return fitting or [summary.ref.id for summary in listed]


def _steps(session: Session, run_id: str) -> list[str]:
    """Return the names of a run's steps as they are typed behind ``%kfp logs``."""

    def ask() -> list[str]:
        engine, stop = session.engine(), CancelToken()
        state = next(engine.watch(engine.get(run_id), stop))
        stop.set()
        return logs.typed_names(state)

    return answer_in_time(ask) or []
