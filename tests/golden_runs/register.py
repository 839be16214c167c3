"""What is known of every golden pipeline: why it can't run here, or what it shows and what it costs.

`register.yaml` has an entry for each:

- `hindrances`: why the test cluster can't run it; or
- `features`: what of Argo it uses, and `pods`: how many it took;
- `why`: where it doesn't succeed, the reason. That a person writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.golden_runs.features import features, fewest
from tests.golden_runs.fitness import hindrances
from tests.golden_runs.goldens import GOLDEN, NAMES

REGISTER = Path(__file__).parent / "register.yaml"
OUTCOMES = Path(__file__).parent / "outcomes"
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Entry = dict[str, Any]


def read_register() -> dict[str, Entry]:
    """Return the entries."""
    entries: dict[str, Entry] = yaml.load(REGISTER.read_text(encoding="utf-8"), LOADER) or {}
    return entries


def entry_of(name: str, before: Mapping[str, Any]) -> Entry:
    """Return what there is to say of a golden pipeline.

    Args:
        name: Its name.
        before: What was said before; the reason stays.
    """
    workflow = yaml.load((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"), LOADER)
    if hindering := hindrances(workflow, name):
        return {"hindrances": hindering}
    entry: Entry = {"features": features(workflow)}
    recorded = outcome_file(name)
    if recorded.exists():
        outcome = yaml.load(recorded.read_text(encoding="utf-8"), LOADER)
        entry["pods"] = sum(node["type"] == "Pod" for node in outcome.get("nodes", {}).values())
        if outcome["phase"] != "Succeeded":
            entry["why"] = before.get("why", "")
    return entry


def current_register() -> dict[str, Entry]:
    """Return the entries as they should be."""
    before = read_register()
    return {name: entry_of(name, before.get(name, {})) for name in NAMES}


def write_register(entries: Mapping[str, Entry]) -> None:
    """Replace the register."""
    text = yaml.safe_dump(dict(entries), default_flow_style=None, sort_keys=True, allow_unicode=True, width=120)
    REGISTER.write_text(text, encoding="utf-8")


def outcome_file(name: str) -> Path:
    """Return where it stands what came out."""
    return OUTCOMES / f"{name}.yaml"


def runnable(*, every: bool) -> list[str]:
    """Return the pipelines to run: every one that can, or as few as show every feature."""
    entries = {name: entry for name, entry in read_register().items() if "features" in entry}
    if every:
        return sorted(entries)
    return fewest({name: (_price(entry), entry["features"]) for name, entry in entries.items()})


def _price(entry: Mapping[str, Any]) -> int:
    # One that doesn't succeed shows little: it comes in only where no other has a feature.
    return int(entry.get("pods", 1)) + 1 + (100 if "why" in entry else 0)
