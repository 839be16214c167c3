"""``%kfp attach, stop, suspend, resume, retry, resubmit, delete``: what people do to a run."""

from __future__ import annotations

import shlex

from IPython.display import display

from kfp_jupyter.engines.abilities import Resubmits, Stops, Suspends
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.magics.arguments import Option, flag, parse
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.listing import Listing, Listings

_NOW = Option("now", flag, False, "whether the exit handler is ended as well")
_MEMOIZED = Option("memoized", flag, False, "whether steps that succeeded are taken over")


def attach(session: Session, words: list[str]) -> None:
    """Show a run, whoever started it."""
    _show(session, chosen_run(session, "attach", words))


def stop(session: Session, words: list[str]) -> None:
    """End a run; its exit handler has its turn where the engine knows one, unless all is to end at once."""
    run, at_once = _run_and(session, "stop", words, _NOW)
    engine = session.engine()
    if isinstance(engine, Stops) and not at_once:
        engine.stop(run)
    else:
        engine.terminate(run)


def suspend(session: Session, words: list[str]) -> None:
    """Start no further steps of a run."""
    engine = session.engine()
    if not isinstance(engine, Suspends):
        raise unable(engine, "suspend runs")
    engine.suspend(chosen_run(session, "suspend", words))


def resume(session: Session, words: list[str]) -> None:
    """Let a suspended run go on."""
    engine = session.engine()
    if not isinstance(engine, Suspends):
        raise unable(engine, "suspend runs, so there is none to resume")
    engine.resume(chosen_run(session, "resume", words))


def retry(session: Session, words: list[str]) -> None:
    """Run again what failed, and show the run."""
    run = chosen_run(session, "retry", words)
    session.engine().retry(run)
    _show(session, run)


def resubmit(session: Session, words: list[str]) -> None:
    """Start a run's Workflow once more, and show the new run."""
    engine = session.engine()
    if not isinstance(engine, Resubmits):
        raise unable(engine, "start a run's Workflow once more")
    run, memoized = _run_and(session, "resubmit", words, _MEMOIZED)
    new = engine.resubmit(run, memoized=memoized)
    session.add_run(new)
    display(Listings([Listing("Run", (), (), new.id)]))
    _show(session, new)


def delete(session: Session, words: list[str]) -> None:
    """Remove a finished run."""
    run = chosen_run(session, "delete", words)
    session.engine().delete(run)
    if run in session.runs:
        session.runs.remove(run)


def unable(engine: Engine, what: str) -> EngineError:
    """Return the error of an engine that can't do something."""
    return EngineError(
        f"The engine {engine.name} can't {what}.", remedy="Choose one that can, such as %kfp engine argo."
    )


def chosen_run(session: Session, subcommand: str, words: list[str]) -> RunRef:
    """Return the run that the words behind a subcommand name.

    Raises:
        UsageError: They don't.
        RunNotFoundError: There is none.
    """
    if len(words) != 1:
        raise UsageError(
            f"%kfp {subcommand} takes the id of one run, or how it begins.", remedy="List them with %kfp runs."
        )
    return session.engine().get(words[0])


def _run_and(session: Session, subcommand: str, words: list[str], option: Option) -> tuple[RunRef, bool]:
    given = parse(f"%kfp {subcommand}", shlex.join(words[1:]), (option,))
    return chosen_run(session, subcommand, words[:1]), bool(given[option.name])


def _show(session: Session, run: RunRef) -> None:
    # ipywidgets and ipycytoscape cost half a second; a notebook pays it at its first graph, not at %load_ext.
    from kfp_jupyter.widget.run_view import RunView  # noqa: PLC0415  (lazy, see above)

    engine = session.engine()
    view = RunView(
        lambda: engine.workflow(run), session.engines(), session.engine_name, run=run, on_submit=session.add_run
    )
    session.add_attached(run, view)
    view.show()
