"""Prints how well the shipped models read sets of real photographs, and what their scores mean."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from lpr.building import build_recogniser
from lpr.reader import Reader
from lpr.settings import RecognitionSettings
from tests.accuracy.calibration import (
    Outcome,
    bins_of_equal_mass,
    bins_of_equal_width,
    brier,
    calibration_error,
)
from tests.accuracy.confusions import confusions_by_rows
from tests.accuracy.diagram import reliability_diagram
from tests.accuracy.judging import Judged, character_outcomes, tally
from tests.accuracy.labels import LABELS
from tests.accuracy.light import DEFINITION
from tests.accuracy.looking import CROPS, LookedSet, Negatives, look_at_set, shown_negatives
from tests.accuracy.scoring import Score, Scorer
from tests.accuracy.tables import (
    SHOWN,
    band_table,
    comparison_table,
    confusion_table,
    reliability_table,
    score_table,
    shown_counts,
    shown_table,
    text_outcomes,
)

WIDTH = 110  # columns
OTHER = "PP-OCRv6 small"
DIAGRAM = "reliability.svg"
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--data", type=_FOLDER, required=True, help="Each set is a folder in it.")
@click.option("--scorer", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--set", "chosen", multiple=True, help="Only this set; repeatable.")
@click.option("--negatives", type=_FOLDER, help="neg-streets: pictures without plates.")
@click.option("--paddleocr", type=_FOLDER, help="PaddleOCR's model folder: reads the same crops.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help=f"For {DIAGRAM}.")
def main(
    data: Path,
    scorer: Path,
    chosen: tuple[str, ...],
    negatives: Path | None,
    paddleocr: Path | None,
    out: Path | None,
) -> None:
    """Recognise every set below DATA once, as `platetrail recognise` does, and judge it.

    A set is a folder with `images/` and `labels.jsonl`.
    """
    console = Console(width=WIDTH)
    recogniser = build_recogniser(RecognitionSettings())
    folders = sorted(file.parent for file in data.glob(f"*/{LABELS}"))
    folders = [folder for folder in folders if not chosen or folder.name in chosen]
    with _progress() as tell:
        other = _paddle(paddleocr)
        looked = [look_at_set(folder, recogniser, other, tell) for folder in folders]
        without = shown_negatives(negatives, recogniser, SHOWN, tell) if negatives else None
    _print_scores(console, Scorer(scorer), looked)
    native = [part for one in looked if (part := one.native()).pictures]
    judged = [one for part in native for one in part.judged()]
    _print_bands(console, judged)
    _print_shown(console, looked, without)
    _print_calibration(console, text_outcomes(native), character_outcomes(judged), out)
    console.print(confusion_table(confusions_by_rows(judged)))
    if other:
        console.print(comparison_table(looked, OTHER))
        console.print(
            "Crops of our own detector; raw: before the grammar of plates. PaddleOCR reads as with "
            "`reader = paddleocr`: rows cut apart, look-alikes repaired.\n"
        )


def _print_scores(console: Console, scorer: Scorer, looked: Sequence[LookedSet]) -> None:
    scored = {}
    for one in looked:
        scored[one.name] = dict(scorer.groups(one.pictures, one.lines.values(), one.are_crops))
        _check_agreement(one, scored[one.name]["all"])
    console.print(score_table(scored, CROPS))


def _check_agreement(looked: LookedSet, score: Score) -> None:
    """The other tables judge by the scorer's rules; here they are held against it.

    Raises:
        click.ClickException: they do not agree.
    """
    ours = tally(looked.judged())
    boxes, plates, _, _ = shown_counts(looked, least=0.0)
    parts = [(ours.exact, ours.plates), (ours.edits, ours.characters), (plates, boxes)]
    got = [round(part / max(1, whole), 4) for part, whole in parts]
    wanted = [score.exact, score.character_errors, score.precision]
    if got != wanted:
        raise click.ClickException(
            f"{looked.name}: expected exact, character errors and precision {wanted} as the scorer "
            f"has them, got {got}: tests.accuracy.judging does not do what the scorer does"
        )


def _print_bands(console: Console, judged: Sequence[Judged]) -> None:
    console.print(band_table(judged))
    console.print(
        "Height: of the label's upright box; of a crop whose label has none, of the picture. "
        f"Light: {DEFINITION}\n"
    )


def _print_shown(console: Console, looked: Sequence[LookedSet], without: Negatives | None) -> None:
    console.print(shown_table(looked))
    console.print(
        "Boxes are plates at half overlap, as the scorer counts them: pictures with `complete: "
        "false` or without a labelled plate are left out, so are boxes over plates marked ignore; "
        "ambiguous ones are plates. Texts: those that overlap a labelled plate by .2 and more, in "
        "every picture; plates marked ignore or ambiguous, or without a text, are left out.\n"
    )
    if without:
        console.print(
            f"Held-out pictures without a readable plate (neg-streets): {without.pictures}; with a "
            f"plate reported with a score over {SHOWN} where the labels have none: "
            f"{without.shown}, where they have one: {without.labelled}; with any box at all: "
            f"{without.boxed}.\n"
        )


def _print_calibration(
    console: Console, texts: Sequence[Outcome], characters: Sequence[Outcome], out: Path | None
) -> None:
    wide = bins_of_equal_width(texts)
    console.print(reliability_table(wide, bins_of_equal_mass(texts)))
    console.print(f"Texts: {_calibration_line(texts)}")
    console.print(f"Characters: {_calibration_line(characters)}")
    console.print(
        "Readings without a text, and those over no labelled plate, do not count. Characters are "
        "laid beside the right ones by the fewest edits.\n"
    )
    if out:
        out.mkdir(parents=True, exist_ok=True)
        title = f"{len(texts)} readings of Vietnamese plates"
        (out / DIAGRAM).write_text(reliability_diagram(wide, title), "utf-8")


def _calibration_line(outcomes: Sequence[Outcome]) -> str:
    wide, full = bins_of_equal_width(outcomes), bins_of_equal_mass(outcomes)
    return (
        f"{len(outcomes)}; expected calibration error {calibration_error(wide):.4f} with 10 bins "
        f"of equal width, {calibration_error(full):.4f} of equal mass; Brier score "
        f"{brier(outcomes):.4f}."
    )


def _paddle(folder: Path | None) -> Reader | None:
    if folder is None:
        return None
    from lpr.paddle import PaddleReader  # its import alone takes more than a second

    return PaddleReader(folder)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Says on stderr what is looked at, when it is a terminal."""
    console = Console(stderr=True)
    with console.status("loading the models") as status:
        yield lambda name: status.update(name)


if __name__ == "__main__":
    main()
