"""From terms to SQL; pure."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search.terms import SearchTerms, is_pattern

Value = str | int
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = "\U0010ffff"  # sorts after every text that begins alike
_CAMERAS = """
    WITH RECURSIVE known (camera) AS (
        SELECT min(camera) FROM sightings
        UNION ALL
        SELECT (SELECT min(camera) FROM sightings WHERE camera > known.camera)
        FROM known WHERE known.camera IS NOT NULL
    )
"""  # one step in the index for each of them
LATEST = f"""{_CAMERAS}
    SELECT camera, (SELECT max(at) FROM sightings s WHERE s.camera = known.camera)
    FROM known WHERE camera IS NOT NULL
"""
COUNT_BY_CAMERA = f"""{_CAMERAS}
    SELECT camera, (
        SELECT count(*) FROM sightings s
        WHERE s.camera = known.camera AND s.at >= ? AND s.at < ?
    )
    FROM known WHERE camera IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Query:
    """A statement and its parameters."""

    sql: str
    parameters: tuple[Value, ...]


def microseconds(time: datetime) -> int:
    """Microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """Back to an aware UTC time."""
    return _EPOCH + timedelta(microseconds=value)


def find(terms: SearchTerms) -> Query:
    """Sightings that meet the terms; one more than the limit tells of a next page.

    Rows are `line, at, id`.
    """
    own, own_values = _any_text(terms.texts, "s.text", "s.reversed")
    where, values = _where(terms)
    sql = f"SELECT s.line, s.at, s.id FROM sightings s WHERE ({own}){where}"
    parameters = [*own_values, *values]
    if terms.candidates:
        other, other_values = _any_text(terms.texts, "c.text", None)
        sql += (
            " UNION SELECT s.line, s.at, s.id FROM candidates c JOIN sightings s ON s.id = c.id"
            f" WHERE ({other}) AND NOT ({own}){where}"
        )
        parameters += [*other_values, *own_values, *values]
    sql += " ORDER BY 2 DESC, 3 LIMIT ?"
    return Query(sql, (*parameters, terms.limit + 1))


def count_by_text(terms: SearchTerms) -> Query:
    """How many sightings were read as each text; rows are `text, count`."""
    own, own_values = _any_text(terms.texts, "s.text", "s.reversed")
    where, values = _where(terms)
    sql = f"SELECT s.text, count(*) FROM sightings s WHERE ({own}){where} GROUP BY s.text"
    return Query(sql, (*own_values, *values))


def _any_text(texts: tuple[str, ...], column: str, turned: str | None) -> tuple[str, list[Value]]:
    if "*" in texts:
        return "1", []
    clauses: list[str] = []
    values: list[Value] = []
    exact = [text for text in texts if not is_pattern(text)]
    if len(exact) == 1:
        clauses.append(f"{column} = ?")
        values += exact
    elif exact:  # however many: alternatives side by side would be too deep for SQLite
        clauses.append(f"{column} IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(exact))
    for text in filter(is_pattern, texts):
        clause, parameters = _pattern(text, column, turned)
        clauses.append(clause)
        values += parameters
    return " OR ".join(clauses), values


def _pattern(text: str, column: str, turned: str | None) -> tuple[str, list[Value]]:
    if text[0] in "?*" and turned is not None:
        text, column = text[::-1], turned
    prefix = text[: min(i for i in (text.find("?"), text.find("*")) if i >= 0)]
    if not prefix:
        return f"{column} GLOB ?", [text]
    return f"({column} GLOB ? AND {column} >= ? AND {column} < ?)", [text, prefix, prefix + _LAST]


def _where(terms: SearchTerms) -> tuple[str, list[Value]]:
    clauses: list[str] = []
    values: list[Value] = []
    if terms.start:
        clauses.append("s.at >= ?")
        values.append(microseconds(terms.start))
    if terms.end:
        clauses.append("s.at < ?")
        values.append(microseconds(terms.end))
    if terms.cameras is not None:
        # by whole texts few are found: the plus keeps SQLite from going over all of the cameras
        column = "s.camera" if any(map(is_pattern, terms.texts)) else "+s.camera"
        clauses.append(f"{column} IN ({', '.join('?' * len(terms.cameras))})")
        values += sorted(terms.cameras)
    if terms.after:
        at = microseconds(terms.after.at)
        clauses.append("s.at <= ? AND (s.at < ? OR s.id > ?)")  # the first seeks in the index
        values += [at, at, terms.after.id]
    return "".join(f" AND {clause}" for clause in clauses), values
