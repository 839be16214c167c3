"""``%kfp schedule``: runs of a pipeline that start by the clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone

from IPython.display import display

from kfp_jupyter.engines.base import Capability
from kfp_jupyter.engines.capabilities import Schedule, SupportsSchedules, supports_schedules
from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics import workflows
from kfp_jupyter.magics.actions import unable
from kfp_jupyter.magics.arguments import key_values
from kfp_jupyter.magics.session import Session
from kfp_jupyter.naming import closest
from kfp_jupyter.widget.listing import Listing, Listings
from kfp_jupyter.widget.text import ago

MAGIC = "%kfp schedule"
VERBS = ("suspend", "resume", "delete")
"""What can be done to a schedule."""

OPTIONS = ("name=", "timezone=")

_PAIR = re.compile(r"(?!TZ=|CRON_TZ=)[A-Za-z_][\w.-]*=")
_PARAMETER = "parameter."
"""May stand before a parameter, and must where the parameter is called as an option is."""

_EXAMPLE = f'Write {MAGIC} PIPELINE "0 6 * * *", for instance.'


def schedule(session: Session, words: list[str]) -> None:
    """Let runs of a pipeline start by the clock, list the schedules, or change one.

    Args:
        session: The notebook's.
        words: Nothing; or a pipeline, a time and ``key=value``; or a verb and a schedule's name.

    Raises:
        UsageError: The words can't be understood.
        EngineError: The engine can't do it.
    """
    engine = session.engine()
    if not supports_schedules(engine):
        raise unable(engine, Capability.SCHEDULES)
    if not words:
        display(Listings([_listing(engine.schedules())]))
    elif words[0] in VERBS and words[0] not in session.pipelines:
        _change(engine, words[0], words[1:])
    else:
        _create(session, engine, words)


def completions(session: Session, before: Sequence[str]) -> list[str]:
    """Return what may stand behind the words so far.

    Args:
        session: The notebook's session.
        before: The words before the one to complete.
    """
    if not before:
        return [*session.pipelines, *VERBS]
    return [] if before[0] in VERBS else list(OPTIONS)


def _create(session: Session, engine: SupportsSchedules, words: list[str]) -> None:
    _check_verb(session, words[0])
    # Quotes around the time are easily forgotten.
    cron = " ".join(word for word in words[1:] if not _PAIR.match(word))
    given = key_values(MAGIC, [word for word in words[1:] if _PAIR.match(word)])
    name, zone = (given.pop(option.rstrip("="), "") for option in OPTIONS)
    if not cron:
        raise UsageError(f"{MAGIC} {words[0]} needs a time.", remedy=_EXAMPLE)
    arguments = {key.removeprefix(_PARAMETER): value for key, value in given.items()}
    workflow = workflows.workflow_of(session, "schedule", words[0])
    made = engine.schedule(workflow, cron, name=name, timezone=zone, arguments=arguments)
    display(Listings([_listing([made])]))


def _check_verb(session: Session, word: str) -> None:
    nearest = closest(word, VERBS)
    if nearest and word not in session.pipelines:
        raise UsageError(f"{MAGIC} doesn't know {word!r}.", remedy=f"Did you mean {MAGIC} {nearest}?")


def _change(engine: SupportsSchedules, verb: str, names: list[str]) -> None:
    if len(names) != 1:
        raise UsageError(f"{MAGIC} {verb} takes the name of one schedule.", remedy=f"List them with {MAGIC}.")
    if verb == "delete":
        engine.delete_schedule(names[0])
    else:
        engine.suspend_schedule(names[0], suspended=verb == "suspend")
    display(Listings([_listing(engine.schedules())]))


def _listing(schedules: Sequence[Schedule]) -> Listing:
    now = datetime.now(timezone.utc)
    rows = [
        (
            made.name,
            made.pipeline,
            made.cron,
            made.timezone or "the cluster's",
            ago(made.last_run_at, now) or "none yet",
            _state(made),
        )
        for made in schedules
    ]
    header = ("schedule", "pipeline", "time", "clock", "last run", "state")
    return Listing("Schedules", header, rows, f"none yet: {_EXAMPLE}")


def _state(made: Schedule) -> str:
    at_work = f", running {', '.join(run.id for run in made.active)}" if made.active else ""
    return (made.problem or ("suspended" if made.suspended else "active")) + at_work
