"""``%kfp schedule`` in a real shell, with a real cluster."""

from __future__ import annotations

import re
import uuid

import pytest

from tests.cluster.running import Cluster
from tests.magics.conftest import Notebook

ADD = "%%component\ndef add(a: int) -> int:\n    return a"
NIGHTLY = "%%pipeline\ndef nightly(rows: int, name: str = 'all'):\n    add(rows)"


@pytest.fixture
def nightly(notebook: Notebook, cluster: Cluster, namespace: str) -> Notebook:
    """A notebook with a pipeline."""
    for cell in (f"%kfp engine argo kubeconfig={cluster.kubeconfig} namespace={namespace}", ADD, NIGHTLY):
        assert notebook.run(cell).error is None
    return notebook


def test_a_schedule_is_made_listed_held_and_deleted(nightly: Notebook) -> None:
    name = f"early-{uuid.uuid4().hex[:8]}"

    def row(text: str) -> list[str]:
        line = next((line for line in text.splitlines() if name in line), "")
        return re.split(r"\s{2,}", line.strip())

    ran = nightly.run(f'%kfp schedule nightly "0 6 * * mon" timezone=UTC rows=5 parameter.name="a b" name={name}')
    assert ran.error is None, ran.printed
    assert row(ran.text) == [name, "Nightly", "0 6 * * 1", "UTC", "none yet", "active"]
    assert row(nightly.run("%kfp schedule").text)[-1] == "active"
    assert row(nightly.run(f"%kfp schedule suspend {name}").text)[-1] == "suspended"
    assert row(nightly.run(f"%kfp schedule resume {name}").text)[-1] == "active"
    assert row(nightly.run(f"%kfp schedule delete {name}").text) == [""]
    # Quotes around the time are easily forgotten.
    assert row(nightly.run(f"%kfp schedule nightly rows=5 0 7 * * * name={name}").text)[2] == "0 7 * * *"
    assert row(nightly.run(f"%kfp schedule delete {name}").text) == [""]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nightly", "%kfp schedule nightly needs a time."),
        ("nightly 0 6 * *", "has 4 fields, not 5"),
        ("nightly @daily", "The parameter 'rows' has no value."),
        ("nightly @daily rosw=5", "no parameter 'rosw'. Did you mean 'rows'?"),
        ("nightly @daily rows=5 rows=6", "rows is given twice"),
        ("nightly @daily rows=5 timezone=Berlin", "no time zone 'Berlin'"),
        ("nightly TZ=Europe/Berlin 0 6 * * *", "Write timezone=Europe/Berlin instead."),
        ("nigthly @daily", "this notebook has no pipeline 'nigthly'"),
        ("delte early", "Did you mean %kfp schedule delete?"),
        ("delete", "%kfp schedule delete takes the name of one schedule."),
        ("delete early", "There is no schedule 'early'"),
    ],
)
def test_what_can_not_be_scheduled_is_explained(nightly: Notebook, line: str, said: str) -> None:
    assert said in nightly.fails(f"%kfp schedule {line}")


def test_tab_offers_pipelines_verbs_and_options(nightly: Notebook) -> None:
    def offered(typed: str) -> set[str]:
        return set(nightly.shell.complete(None, typed, len(typed))[1])

    assert {"nightly", "suspend", "delete"} <= offered("%kfp schedule ")
    assert {"name=", "timezone="} <= offered("%kfp schedule nightly ")
