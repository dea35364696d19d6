"""Rows of a table that become entries, or are wrong; and entries that become CSV. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lpr.errors import PlateError
from lpr.plates import check_length, normal_pattern, typed_texts
from lpr.times import format_utc
from search.cameras import AREAS
from search.errors import FieldError, WatchlistError
from search.local_time import HANOI
from search.spreadsheets import guarded
from search.watchlists.entry import CLONES, HOURS, Entry
from search.watchlists.table import Table

REQUIRED = ("list", "plate", "reason", "until")
COLUMNS = (
    *REQUIRED,
    *("class", "case", "from", "areas", "hours", "min_likelihood", "colour", "kind", "note"),
)
COLOURS = ("white", "yellow", "blue", "red")
KINDS = ("car", "motorcycle")
LONGEST = {"list": 100, "class": 32, "reason": 500, "case": 64, "note": 500}  # characters
_VIETNAMESE = {
    "danh sach": "list",
    "bien so": "plate",
    "bien so xe": "plate",
    "ly do": "reason",
    "den ngay": "until",
    "het han": "until",
    "loai": "class",
    "vu an": "case",
    "tu ngay": "from",
    "khu vuc": "areas",
    "gio": "hours",
    "mau": "colour",
    "loai xe": "kind",
    "ghi chu": "note",
}
_DAY = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that is no entry.

    Attributes:
        line: its number in the file.
        field: the column that is wrong.
        said: what was expected, and what came.
    """

    line: int
    field: str
    said: str

    def __str__(self) -> str:
        """For people."""
        return f"line {self.line}: {self.field}: {self.said}"


@dataclass(frozen=True, slots=True)
class Given:
    """What a file gives.

    Attributes:
        entries: those that are right, by list and plate.
        classes: of each list that is named, its class; empty where none is given.
        wrong: rows that are not.
        columns: of the file, as they are written there, and what each was taken for; empty for
            nothing.
    """

    entries: Mapping[tuple[str, str], Entry]
    classes: Mapping[str, str]
    wrong: tuple[Wrong, ...]
    columns: Mapping[str, str]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that mean nothing here."""
        return tuple(name for name, taken in self.columns.items() if name and not taken)


def entries_of(table: Table) -> Given:
    """The entries of a table.

    Raises:
        WatchlistError: the header lacks a column, has one twice, or no row follows.
    """
    columns = {name: _column(name) for name in table.columns}
    found = [c for c in columns.values() if c]
    lacking = [c for c in REQUIRED if c not in found]
    if lacking:
        raise WatchlistError(f"the header lacks {', '.join(lacking)}; it has {table.columns}")
    if len(set(found)) < len(found) or len(columns) < len([c for c in table.columns if c]):
        raise WatchlistError("the header has a column twice: leave one out")
    if not table.rows:
        raise WatchlistError("there is no entry below the header")
    entries: dict[tuple[str, str], Entry] = {}
    classes: dict[str, str] = {}
    wrong = []
    for line, row in table.rows:
        cells = {columns[n]: _unguarded(v) for n, v in row.items() if columns[n]}
        try:
            entry = entry_of(cells)
            if (entry.list, entry.plate) in entries:
                raise FieldError("plate", f"{entry.plate} stands in {entry.list} twice")
            list_class = _text(cells, "class")
            if classes.setdefault(entry.list, list_class) != list_class:
                raise FieldError("class", f"{entry.list} has {classes[entry.list]!r} further up")
            entries[entry.list, entry.plate] = entry
        except FieldError as error:
            wrong.append(Wrong(line, error.field, error.said))
    return Given(entries, classes, tuple(wrong), columns)


def entry_of(cells: Mapping[str, str]) -> Entry:
    """The entry that the cells of a row make.

    Args:
        cells: as people write them, by column of `COLUMNS`; `class` is not looked at.

    Raises:
        FieldError: one of them cannot be.
    """
    until = _time("until", _cell(cells, "until"), timedelta(days=1))
    if until is None:
        raise FieldError("until", "expected the last day, got nothing")
    starts = _time("from", _cell(cells, "from"), timedelta(0))
    if starts is not None and starts >= until:
        raise FieldError("until", "it lies before from")
    areas = tuple(sorted({a for a in re.split(r"[;,\s]+", _cell(cells, "areas")) if a}))
    if _cell(cells, "list") == CLONES:
        raise FieldError("list", f"{CLONES} is what plates on two vehicles are told as")
    return Entry(
        _text(cells, "list", needed=True),
        _plate(_cell(cells, "plate")),
        _text(cells, "reason", needed=True),
        until,
        _text(cells, "case"),
        starts,
        tuple(_one_of("areas", area, AREAS) for area in areas),
        _hours(_cell(cells, "hours")),
        _likelihood(_cell(cells, "min_likelihood")),
        _one_of("colour", _cell(cells, "colour"), COLOURS),
        _one_of("kind", _cell(cells, "kind"), KINDS),
        _text(cells, "note"),
    )


def format_entries(entries: Iterable[tuple[Entry, str]]) -> str:
    """Entries, each with the class of its list, as CSV that `entries_of` takes back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for e, list_class in entries:
        starts = "" if e.starts is None else format_utc(e.starts)
        least = f"{e.min_likelihood:g}" if e.min_likelihood else ""
        cells = (e.list, e.plate, e.reason, format_utc(e.until), list_class, e.case, starts)
        rest = (";".join(e.areas), e.hours, least, e.colour, e.kind, e.note)
        writer.writerow([guarded(cell) for cell in (*cells, *rest)])
    return out.getvalue()


def _column(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("đ", "d"))
    folded = "".join(c for c in plain if not unicodedata.combining(c))
    return folded if folded in COLUMNS else _VIETNAMESE.get(folded, "")


def _unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and guarded(value[1:]) == value else value


def _plate(typed: str) -> str:
    texts = (normal_pattern(typed),) if typed.isascii() else typed_texts(typed)
    if len(texts) > 1:
        said = f"{typed!r:.40} may be {' or '.join(texts)}: write it without marks"
        raise FieldError("plate", said)
    if not texts[0].replace("*", "").replace("?", ""):
        raise FieldError("plate", f"expected letters and digits, got {typed!r:.40}")
    try:
        check_length(texts[0])
    except PlateError as error:
        raise FieldError("plate", str(error)) from None
    return texts[0]


def _cell(cells: Mapping[str, str], key: str) -> str:
    value = cells.get(key)
    return " ".join(value.split()) if value else ""


def _text(cells: Mapping[str, str], key: str, needed: bool = False) -> str:
    text = _cell(cells, key)
    if len(text) > LONGEST[key] or not text.isprintable() or (needed and not text):
        wanted = f"{1 if needed else 0} to {LONGEST[key]} printable characters"
        raise FieldError(key, f"expected {wanted}, got {text!r:.40}")
    return text


def _one_of(key: str, value: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        raise FieldError(key, f"expected {', '.join(known)}, got {value!r:.40}")
    return value


def _hours(value: str) -> str:
    if value and not HOURS.fullmatch(value):
        raise FieldError("hours", f"expected such as 22:00-05:00, got {value!r:.40}")
    return value


def _likelihood(value: str) -> float:
    try:
        number = float(value.replace(",", ".") or 0)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise FieldError("min_likelihood", f"expected 0 to 1, got {value!r:.40}")
    return number


@lru_cache(maxsize=1000)  # the rows of a list share few days
def _time(key: str, value: str, to_end: timedelta) -> datetime | None:
    """A time, in Hanoi where it has no offset, or `to_end` after a day there began."""
    if not value:
        return None
    day = _DAY.fullmatch(value)
    written = f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if day else value
    whole_day = len(written) == len("2026-12-31")
    try:
        if not whole_day and ":" not in written:
            raise ValueError(written)
        time = datetime.fromisoformat(written)
        if time.tzinfo is None:
            time = time.replace(tzinfo=HANOI)
        return (time + (to_end if whole_day else timedelta(0))).astimezone(UTC)
    except (ValueError, OverflowError):
        wanted = "a day such as 31/12/2026 or 2026-12-31, or a time such as 2026-12-31 18:00"
        raise FieldError(key, f"expected {wanted}, got {value!r:.40}") from None
