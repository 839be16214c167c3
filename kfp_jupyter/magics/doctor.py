"""``%kfp doctor``: what each engine reaches and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from IPython.display import display

from kfp_jupyter.engines.capabilities import Finding, Severity, supports_diagnostics
from kfp_jupyter.engines.registry import ENGINES
from kfp_jupyter.errors import KfpJupyterError, UsageError
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.listing import Listing, Listings

MARKS = {Severity.OK: "✓", Severity.WARNING: "!", Severity.ERROR: "✗"}


def doctor(session: Session, words: list[str]) -> None:
    """Look at all engines, or at one, and list what was found.

    Args:
        session: The notebook's.
        words: The engine's name; none for all.

    Raises:
        UsageError: There is no such engine.
    """
    if len(words) > 1 or (words and words[0] not in ENGINES):
        raise UsageError(
            f"%kfp doctor takes the name of one engine, or nothing for all; got {' '.join(words)!r}.",
            remedy=f"There are {', '.join(ENGINES)}.",
        )
    display(Listings([_listing(name, list(_findings(session, name))) for name in words or ENGINES]))


def _findings(session: Session, name: str) -> Iterator[Finding]:
    try:
        engine = session.engine(name)
        if supports_diagnostics(engine):
            yield from engine.examine()
    except KfpJupyterError as error:
        yield Finding.error("engine", error.message, error.remedy)
    except Exception as error:  # noqa: BLE001  the doctor is asked when something is wrong and must not fail itself
        yield Finding.error("engine", f"{type(error).__name__}: {error}")


def _listing(name: str, findings: list[Finding]) -> Listing:
    """Return a line for each finding, and one more for what to do about it."""
    rows = []
    for finding in findings:
        rows.append((MARKS[finding.severity], finding.subject, finding.text))
        if finding.remedy:
            rows.append(("", "", f"→ {finding.remedy}"))
    title = f"Engine {name}: {_summary([finding.severity for finding in findings])}"
    return Listing(title, ("", "what", "state"), rows, "it reported nothing")


def _summary(severities: list[Severity]) -> str:
    if Severity.ERROR in severities:
        return "runs won't work"
    warnings = severities.count(Severity.WARNING)
    return f"runs work; {warnings} of {len(severities)} checks need attention" if warnings else "no problems found"
