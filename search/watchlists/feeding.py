"""Files that another system puts into a folder or offers: each is taken in, with a report."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from search.errors import WatchlistError
from search.plain_text import counted, shortened
from search.watchlists.changes import Changes, changes_between
from search.watchlists.fetching import Fetched
from search.watchlists.keeping import list_entries, save_entries
from search.watchlists.reading import Given, entries_of
from search.watchlists.table import read_table

ENDINGS = (".csv", ".xlsx")
SETTLED_S = 30.0  # since a file was last written: it may still be on its way
MOST_GONE = 0.5  # share of a list that a feed may take off; more is rather half of a file
_DIGITS = 16  # of the SHA-256, in the name of a report
_SHOWN = 1000  # lines of one sort in a report


@dataclass(frozen=True, slots=True)
class Fed:
    """What became of a file: whether it was saved, why not, and what it would change."""

    file: Path
    trouble: str
    words: str


def feed(engine: Engine, folder: Path, reports: Path, who: str, now: datetime) -> Iterator[Fed]:
    """Take in what is new in a folder, by name; what has a report was looked at already.

    Args:
        engine: of the registry.
        folder: of CSV and XLSX files, each the whole of the lists that it names.
        reports: folder where a text file for each is kept.
        who: for the history.
        now: aware.

    Raises:
        WatchlistError: the folder cannot be read.
    """
    reports.mkdir(parents=True, exist_ok=True)
    for file in _files(folder):
        if time.time() - file.stat().st_mtime < SETTLED_S:
            continue
        if any(reports.glob(f"*-{_digest(file)}-*.txt")):
            continue
        yield _reported(engine, file, reports, who, now)


def feed_fetched(
    engine: Engine, fetched: Fetched, reports: Path, who: str, now: datetime
) -> Fed | None:
    """Take in a file that was fetched; None where it was taken in as it is before.

    Args:
        engine: of the registry.
        fetched: the whole of the lists that it names.
        reports: folder where a text file for each is kept.
        who: for the history.
        now: aware.
    """
    if not fetched.is_new:
        return None
    reports.mkdir(parents=True, exist_ok=True)
    fed = _reported(engine, fetched.file, reports, who, now)
    if not fed.trouble:
        fetched.keep()
    return fed


def _reported(engine: Engine, file: Path, reports: Path, who: str, now: datetime) -> Fed:
    fed, lines = _take(engine, file, who, now)
    report = reports / f"{now:%Y-%m-%d}-{_digest(file)}-{file.name}.txt"
    report.write_text("\n".join([f"{file.name}: {fed.words}", *lines, ""]), "utf-8")
    return fed


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:_DIGITS]


def _take(engine: Engine, file: Path, who: str, now: datetime) -> tuple[Fed, list[str]]:
    try:
        given = entries_of(read_table(file))
    except WatchlistError as error:
        return Fed(file, str(error), f"nothing was saved: {error}"), []
    known = list_entries(engine, given.classes)
    changes = changes_between(known, given.entries)
    lines = _report(given, changes)
    trouble = _trouble(given, changes, Counter(name for name, _ in known))
    if trouble:
        return Fed(file, trouble, f"nothing was saved: {trouble}"), lines
    save_entries(engine, given.entries, given.classes, who, now)
    words = (
        f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.gone)} gone, "
        f"{changes.same} the same: saved"
    )
    return Fed(file, "", words), lines


def _trouble(given: Given, changes: Changes, before: Counter[str]) -> str:
    if given.wrong:
        return f"{counted(len(given.wrong), 'row')} wrong: mend the file"
    gone = Counter(entry.list for entry in changes.gone)
    for name, count in gone.items():
        if count > MOST_GONE * before[name]:
            return (
                f"{name} would lose {count} of {before[name]} entries: if that is meant, use "
                "platetrail watchlists import"
            )
    return ""


def _report(given: Given, changes: Changes) -> list[str]:
    sorts: Sequence[tuple[str, list[str]]] = (
        ("wrong", list(map(str, given.wrong))),
        ("new", [f"{e.list}: {e.plate}" for e in changes.new]),
        ("changed", [f"{before.list}: {before.plate}" for before, _ in changes.changed]),
        ("gone", [f"{e.list}: {e.plate}" for e in changes.gone]),
    )
    lines = []
    for word, found in sorts:
        lines.append(f"{word}: {len(found)}")
        lines += [f"  {line}" for line in shortened(found, _SHOWN)]
    return lines


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(f for f in folder.iterdir() if f.suffix.lower() in ENDINGS and f.is_file())
    except OSError as error:
        raise WatchlistError(f"{folder}: {error.strerror}") from error
