"""``%kfp attach, stop, suspend, resume, retry, resubmit, delete``: actions on a run."""

from __future__ import annotations

from IPython.display import display

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import Capability, Engine, RunRef
from kfp_jupyter.engines.capabilities import supports_resubmit, supports_stop, supports_suspend
from kfp_jupyter.engines.registry import engines_that_can
from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.magics.arguments import Option, flag, parse
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import RunState
from kfp_jupyter.widget.listing import Listing, Listings
from kfp_jupyter.widget.style import run_appearance
from kfp_jupyter.workflow.views import WorkflowView

NOW = Option("now", flag, False, "whether the exit handler is stopped as well")
MEMOIZED = Option("memoized", flag, False, "whether the outputs of steps that succeeded are reused")


def attach(session: Session, words: list[str]) -> None:
    """Show a run, including one started elsewhere.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    _show(session, chosen_run(session, "attach", words))


def stop(session: Session, words: list[str]) -> None:
    """End a run; its exit handler has its turn where the engine knows one, unless all is to end at once.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    run, at_once = _run_and(session, "stop", words, NOW)
    engine = session.engine()
    before = _state(engine, run)
    if before.phase.finished:
        _answer(f"The run {run.id} has already ended: {run_appearance(before).word}.")
        return
    spared = supports_stop(engine) and not at_once and bool(WorkflowView(engine.workflow(run)).on_exit)
    if supports_stop(engine) and not at_once:
        engine.stop(run)
    else:
        engine.terminate(run)
    after = _state(engine, run)
    if after.stopped:
        _answer(f"The run {run.id} was stopped.")
    elif after.phase.finished:
        _answer(f"The run {run.id} ended before it could be stopped: {run_appearance(after).word}.")
    else:
        _answer(f"The run {run.id} is being stopped{'; its exit handler still runs' if spared else ''}.")


def suspend(session: Session, words: list[str]) -> None:
    """Start no further steps of a run.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    engine = session.engine()
    if not supports_suspend(engine):
        raise unable(engine, Capability.SUSPEND)
    run = chosen_run(session, "suspend", words)
    engine.suspend(run)
    _answer(f"The run {run.id} is suspended: it starts no further steps until %kfp resume {run.id}.")


def resume(session: Session, words: list[str]) -> None:
    """Let a suspended run go on.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    engine = session.engine()
    if not supports_suspend(engine):
        raise unable(engine, Capability.SUSPEND)
    run = chosen_run(session, "resume", words)
    engine.resume(run)
    _answer(f"The run {run.id} continues.")


def retry(session: Session, words: list[str]) -> None:
    """Run again what failed, and show the run.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    run = chosen_run(session, "retry", words)
    session.engine().retry(run)
    _show(session, run)


def resubmit(session: Session, words: list[str]) -> None:
    """Start a run's Workflow once more, and show the new run.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    engine = session.engine()
    if not supports_resubmit(engine):
        raise unable(engine, Capability.RESUBMIT)
    run, memoized = _run_and(session, "resubmit", words, MEMOIZED)
    new = engine.resubmit(run, memoized=memoized)
    session.add_run(new)
    display(Listings([Listing("Run", (), (), new.id)]))
    _show(session, new)


def delete(session: Session, words: list[str]) -> None:
    """Remove a finished run.

    Args:
        session: The notebook's session.
        words: The words after the subcommand.
    """
    run = chosen_run(session, "delete", words)
    session.engine().delete(run)
    answer = f"The run {run.id} was deleted."
    session.forget_run(run, answer)
    _answer(answer)


def unable(engine: Engine, capability: Capability) -> EngineError:
    """Return the error of an engine that doesn't have a capability; its remedy names those that do.

    Args:
        engine: The engine.
        capability: What was asked of it.
    """
    able = engines_that_can(capability)
    remedy = f"Engines that can: {', '.join(able)}. Choose one with %kfp engine NAME." if able else ""
    return EngineError(f"The engine {engine.name} can't {capability.value}.", remedy=remedy)


def chosen_run(session: Session, subcommand: str, words: list[str]) -> RunRef:
    """Return the run that the words behind a subcommand name.

    Args:
        session: The notebook's session.
        subcommand: The subcommand, for messages.
        words: The words after the subcommand.

    Raises:
        UsageError: They don't.
        RunNotFoundError: There is none.
    """
    if len(words) != 1:
        raise UsageError(
            f"%kfp {subcommand} takes the id of one run, or a prefix of it.", remedy="List them with %kfp runs."
        )
    return session.engine().get(words[0])


def _run_and(session: Session, subcommand: str, words: list[str], option: Option) -> tuple[RunRef, bool]:
    given = parse(f"%kfp {subcommand}", words[1:], (option,))
    return chosen_run(session, subcommand, words[:1]), bool(given[option.name])


def _state(engine: Engine, run: RunRef) -> RunState:
    """Return a run as it is now."""
    stop = CancelToken()
    try:
        for state in engine.watch(run, stop):
            return state
    finally:
        stop.set()
    raise EngineError(f"The engine {engine.name} has no state of the run {run.id}.")


def _answer(sentence: str) -> None:
    print(sentence)  # noqa: T201  (what a person asked for)


def _show(session: Session, run: RunRef) -> None:
    # ipywidgets and ipycytoscape cost half a second; a notebook pays it at its first graph, not at %load_ext.
    from kfp_jupyter.widget.run_view import RunView  # noqa: PLC0415  (lazy, see above)

    engine = session.engine()
    view = RunView(
        lambda: engine.workflow(run), session.engines(), session.engine_name, run=run, on_submit=session.add_run
    )
    session.add_attached(run, view)
    view.show()
