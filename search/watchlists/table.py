"""The rows of a table in a file: CSV in the encodings that offices write, or XLSX."""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from search.errors import WatchlistError

_ZIP = b"PK\x03\x04"  # how XLSX begins
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds.

    Attributes:
        columns: the names in its header, as written.
        rows: line number and the cells, by the name of their column; empty rows are left out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_table(file: Path) -> Table:
    """Read a file.

    Raises:
        WatchlistError: it cannot be read, or has no header.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise WatchlistError(f"{file}: {error.strerror}") from error
    try:
        return table_of(content)
    except WatchlistError as error:
        raise WatchlistError(f"{file}: {error}") from None


def table_of(content: bytes) -> Table:
    """Read the content of a file.

    Raises:
        WatchlistError: it cannot be read, or has no header.
    """
    lines = _sheet(content) if content.startswith(_ZIP) else _csv(decoded(content))
    if not lines:
        raise WatchlistError("it is empty: expected a header, and a row for each entry")
    columns = tuple(" ".join(cell.split()) for cell in lines[0][1])
    rows = [(number, cells) for number, cells in lines[1:] if any(c.strip() for c in cells)]
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise WatchlistError(f"line {number}: more cells than the header has columns")
    return Table(columns, tuple((n, dict(zip(columns, c, strict=False))) for n, c in rows))


def decoded(content: bytes) -> str:
    """Text in UTF-8, with or without its mark, UTF-16 with its mark, or Windows-1258.

    Raises:
        WatchlistError: it is none of them.
    """
    names = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1258")
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return unicodedata.normalize("NFC", text)  # Windows-1258 writes marks by themselves
    raise WatchlistError("neither UTF-8 nor Windows-1258: save it as CSV in UTF-8, or as XLSX")


def _csv(text: str) -> list[tuple[int, list[str]]]:
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_SEPARATORS, key=header.count))
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise WatchlistError(f"line {reader.line_num}: not CSV: {error}") from None
    return lines


def _sheet(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        said = f"not a spreadsheet that can be read ({error}): save it anew"
        raise WatchlistError(said) from None
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, 1)]


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value))
