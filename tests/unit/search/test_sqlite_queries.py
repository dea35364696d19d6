import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.opening import open_store
from search.sqlite import queries
from search.terms import SearchTerms

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "index"),
    [
        (("30A12345",), "sightings_text"),
        (("30A12345", "30A12346"), "sightings_text"),
        (("*",), "sightings_camera"),
    ],
)
def test_whole_texts_at_some_cameras_are_sought_by_the_text_and_everything_by_the_camera(
    tmp_path: Path, texts: tuple[str, ...], index: str
) -> None:
    file = tmp_path / "sightings.db"
    open_store(f"sqlite:///{file}").close()
    query = queries.find(SearchTerms(texts, START, END, frozenset(("A", "B"))))
    with sqlite3.connect(file) as database:
        plan = list(database.execute(f"EXPLAIN QUERY PLAN {query.sql}", query.parameters))
    assert f"USING INDEX {index} " in plan[0][3]
