"""Readings that our reader really gives of rendered, worn plates, right and wrong ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import click

from lpr.building import build_recogniser
from lpr.manifest import find_models, read_entry
from lpr.readings import Candidate, Character
from lpr.settings import RecognitionSettings
from tests.accuracy.worn_plates import worn_plates

KEPT = Path(".cache/read-plates")
BATCH = 64  # plates drawn and read at once


@dataclass(frozen=True, slots=True)
class ReadPlate:
    """What a plate says, and what was read.

    Attributes:
        plate: that was drawn.
        text, score, chars, candidates, rows, model: of the reading.
    """

    plate: str
    text: str
    score: float
    chars: tuple[Character, ...]
    candidates: tuple[Candidate, ...]
    rows: int | None
    model: str | None


def read_plates(count: int, seed: int) -> list[ReadPlate]:
    """Read so many plates; what was read stays in `.cache` for the same reader.

    Args:
        count: of plates drawn.
        seed: of all chance; those of `models/confusions.json` are of another.
    """
    settings = RecognitionSettings()
    model = read_entry(find_models(settings.models_dir), "reader")
    digest = sha256(model.file.read_bytes()).hexdigest()
    file = KEPT / f"{model.name}-{digest[:8]}-{seed}-{count}.ndjson"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(fields, ensure_ascii=False) for fields in _read(count, seed, settings)]
        half = file.with_suffix(".part")
        half.write_text("\n".join(lines), "utf-8")
        half.rename(file)
    return [_from_fields(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _read(count: int, seed: int, settings: RecognitionSettings) -> Iterator[dict[str, object]]:
    reader = build_recogniser(settings).reader
    plates = worn_plates(seed)
    for start in range(0, count, BATCH):
        if start % (BATCH * 50) == 0:
            click.echo(f"{start:,} of {count:,} plates drawn and read", err=True)
        batch = list(islice(plates, min(BATCH, count - start)))
        for plate, r in zip(batch, reader.read([p.crop for p in batch]), strict=True):
            if r.text:
                yield {
                    "plate": plate.text,
                    "text": r.text,
                    "score": r.score,
                    "chars": r.chars,
                    "candidates": r.candidates,
                    "rows": r.rows,
                    "model": r.model,
                }


def _from_fields(fields: dict) -> ReadPlate:
    return ReadPlate(
        fields["plate"],
        fields["text"],
        fields["score"],
        tuple(tuple((c, p) for c, p in slot) for slot in fields["chars"]),
        tuple((text, p) for text, p in fields["candidates"]),
        fields["rows"],
        fields["model"],
    )
