"""The tables that `make accuracy` prints."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rich.table import Table

from tests.accuracy.bands import BANDS, height_band
from tests.accuracy.calibration import Bin, Outcome
from tests.accuracy.confusion import Confusions, most_frequent
from tests.accuracy.judging import Judged, Tally, shown_boxes, shown_texts, tally
from tests.accuracy.light import LIGHTS
from tests.accuracy.looking import LookedSet
from tests.accuracy.scoring import Score

SHOWN = 0.5  # score from which a plate counts as shown; where officers see it as read
MOST = 10  # confusions that are printed for each number of rows


def score_table(scored: Mapping[str, Mapping[str, Score]], crops: frozenset[str]) -> Table:
    """What the scorer says of each set and its groups."""
    table = _table("Judged by the scorer", "set", "group")
    _numbers(table, "plates", "exact", "char. errors", "located", "recall", "precision")
    for name, groups in scored.items():
        for group, one in groups.items():
            found = (one.located, one.recall, one.precision)
            cells = [_share(value) for value in found] if name not in crops else [""] * 3
            read = [str(one.plates), _share(one.exact), _share(one.character_errors)]
            table.add_row(name, group, *read, *cells)
        table.add_section()
    return table


def band_table(judged: Sequence[Judged]) -> Table:
    """Vietnamese plates of all sets by height and by light."""
    table = _table("Vietnamese plates of all sets", "by", "")
    _numbers(table, "plates", "exact", "char. errors", "located")
    for title, names, band_of in (
        ("height in pixels", BANDS, _height_of),
        ("light", LIGHTS, _light_of),
    ):
        for name in names:
            table.add_row(
                title, name, *_tally_cells(tally([j for j in judged if band_of(j) == name]))
            )
            title = ""
        table.add_section()
    table.add_row("all", "", *_tally_cells(tally(judged)))
    return table


def _height_of(judged: Judged) -> str:
    return height_band(judged.plate.height)


def _light_of(judged: Judged) -> str:
    return judged.light


def shown_table(looked: Iterable[LookedSet]) -> Table:
    """How much of what is shown is right."""
    table = _table(f"What is shown with a score of {SHOWN} or more", "set")
    _numbers(table, "boxes", "are plates", "precision", "texts", "are right", "precision")
    for name, one in _with_native_crops(looked):
        boxes, plates, texts, right = shown_counts(one, SHOWN)
        found = ["", "", ""] if one.are_crops else [str(boxes), str(plates), _of(plates, boxes)]
        table.add_row(name, *found, str(texts), str(right), _of(right, texts))
    return table


def shown_counts(looked: LookedSet, least: float) -> tuple[int, int, int, int]:
    """What has a score of `least` or more.

    Returns:
        Boxes, those that are plates, texts over labelled plates, those that are right.
    """
    boxes = plates = texts = right = 0
    for picture in looked.pictures:
        read = [plate for plate in looked.read(picture) if plate.score >= least]
        counted, taken = (0, 0) if looked.are_crops else shown_boxes(picture, read)
        outcomes = shown_texts(picture, read, looked.are_crops)
        boxes, plates = boxes + counted, plates + taken
        texts, right = texts + len(outcomes), right + sum(is_right for _, is_right in outcomes)
    return boxes, plates, texts, right


def text_outcomes(looked: Iterable[LookedSet]) -> list[Outcome]:
    """Of each text over a labelled plate its score, and whether it is right."""
    return list(
        chain.from_iterable(
            shown_texts(picture, one.read(picture), one.are_crops)
            for one in looked
            for picture in one.pictures
        )
    )


def reliability_table(wide: Sequence[Bin], full: Sequence[Bin]) -> Table:
    """Bins of equal width, then of equal mass."""
    table = _table("Reliability of scores, Vietnamese plates of all sets", "bins", "scores")
    _numbers(table, "readings", "mean score", "right", "gap")
    for title, bins in (("equal width", wide), ("equal mass", full)):
        for one in bins:
            gap = f"{one.right - one.said:+.3f}"
            between = f"{one.low:.3f} to {one.high:.3f}"
            table.add_row(title, between, str(one.count), _share(one.said), _share(one.right), gap)
            title = ""
        table.add_section()
    return table


def confusion_table(rows: Mapping[int, Confusions]) -> Table:
    """What is confused most often."""
    table = _table("Most frequent confusions, Vietnamese plates of all sets", "rows", "right")
    table.add_column("read")
    _numbers(table, "times", "share")
    for number, confusions in rows.items():
        for one in most_frequent(confusions, MOST):
            names = (one.right or "(none)", one.read or "(none)")
            table.add_row(str(number), *names, str(one.count), _share(one.share))
        table.add_section()
    return table


def comparison_table(looked: Iterable[LookedSet], other: str) -> Table:
    """Our reader beside another with the same crops."""
    table = _table("Read exactly, the same crops", "set", "plates")
    _numbers(table, "PlateTrail", "raw", other, "raw")
    for name, one in _with_native_crops(looked):
        ours, others = one.judged(), one.judged_by_other()
        cells = [_exact(judged, raw) for judged in (ours, others) for raw in (False, True)]
        table.add_row(name, str(len(ours)), *cells)
    return table


def _with_native_crops(looked: Iterable[LookedSet]) -> Iterator[tuple[str, LookedSet]]:
    """Each set by its name; of crops, which hold several countries, the Vietnamese ones as well."""
    for one in looked:
        yield one.name, one
        if one.are_crops:
            yield f"{one.name}, Vietnamese", one.native()


def _exact(judged: Sequence[Judged], raw: bool) -> str:
    """Share read exactly; raw: before the grammar."""
    if not raw:
        return _of(sum(one.is_exact for one in judged), len(judged))
    said = [one.read.raw if one.read else "" for one in judged]
    right = sum(text == one.plate.text for text, one in zip(said, judged, strict=True))
    return _of(right, len(judged))


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left")


def _numbers(table: Table, *columns: str) -> None:
    for column in columns:
        table.add_column(column, justify="right")


def _tally_cells(one: Tally) -> list[str]:
    shares = (
        _of(one.exact, one.plates),
        _of(one.edits, one.characters),
        _of(one.located, one.plates),
    )
    return [str(one.plates), *shares]


def _of(part: int, whole: int) -> str:
    return _share(part / whole) if whole else ""


def _share(value: float) -> str:
    return f"{value:.3f}"
