from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from search.audit import list_looks
from search.evidence import FolderEvidence
from search.invocation import closing_registry
from search.opening import open_sightings
from search.retention import limit_of
from search.testing import Shell

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        (NOON, 12, datetime(2025, 3, 31, 12, tzinfo=UTC)),
        (NOON, 1, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (NOON, 3, datetime(2025, 12, 31, 12, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, datetime(2023, 2, 28, tzinfo=UTC)),
    ],
)
def test_the_limit_is_the_same_day_some_months_ago(
    now: datetime, months: int, limit: datetime
) -> None:
    assert limit_of(now, months) == limit


def test_retention_says_what_would_go_and_deletes_only_when_it_is_told_to(shell: Shell) -> None:
    now = datetime.now(UTC)
    evidence = FolderEvidence(shell.settings.evidence_dir)
    frame = evidence.put(b"\xff\xd8 old")
    old = Passage("C001", now - timedelta(days=400), "30A12345", 0.9, frame=frame)
    with open_sightings(shell.settings) as store:
        store.add([old, Passage("C001", now, "30A12346", 0.9)])

    assert shell.run("retention").stdout.startswith("1 sightings of before ")
    assert [line["text"] for line in shell.found("30A*")] == ["30A12346", "30A12345"]
    assert evidence.has(frame)

    said = shell.run("retention", "--yes")
    assert said.stdout == "1 sightings and 1 pictures are gone\n"
    assert [line["text"] for line in shell.found("30A*")] == ["30A12346"]
    assert not evidence.has(frame)
    assert shell.run("retention", "--yes").stdout == "0 sightings and 0 pictures are gone\n"
    with closing_registry(shell.settings.registry) as registry:
        looks = [look for look in list_looks(registry) if look.action == "retention"]
    assert [(look.reason, look.details["sightings"]) for look in looks] == [
        ("retention_months = 12", 0),
        ("retention_months = 12", 1),
    ]
