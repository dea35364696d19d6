"""Sightings as CSV and JSON, exactly those of the page."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from lpr.passages import passage_to_fields
from lpr.times import format_utc
from search.cameras import Camera, camera_name
from search.local_time import format_at
from search.spreadsheets import INCOMPLETE, guarded
from search.store import Page

COLUMNS = (
    "id",
    "camera",
    "camera_name",
    "ward",
    "at",
    "at_hanoi",
    "text",
    "score",
    "match",
    "likelihood",
    "kind",
    "colour",
)


def sightings_csv(answers: Page, cameras: Mapping[str, Camera]) -> str:
    """One line for each sighting, after a header; spreadsheets see that it is UTF-8.

    Where sightings may be lacking, the first line after the header says so.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    if answers.partial:
        writer.writerow([INCOMPLETE])
    for sighting in answers.sightings:
        passage = sighting.passage
        camera = cameras.get(passage.camera)
        writer.writerow(
            [
                sighting.id,
                guarded(passage.camera),
                guarded(camera_name(cameras, passage.camera)),
                guarded(camera.ward if camera else ""),
                format_utc(passage.at),
                format_at(passage.at),
                passage.text,
                round(passage.score, 4),
                sighting.match,
                round(sighting.likelihood, 4),
                guarded(passage.kind or ""),
                guarded(passage.colour or ""),
            ]
        )
    return out.getvalue()


def sightings_json(answers: Page, cameras: Mapping[str, Camera]) -> str:
    """A list of objects, with the keys of `platetrail search`.

    Where sightings may be lacking, the first one is `{"incomplete": true}`.
    """
    fields: list[dict[str, Any]] = [{"incomplete": True}] if answers.partial else []
    fields += [
        {
            "id": s.id,
            **passage_to_fields(s.passage),
            "camera_name": camera_name(cameras, s.passage.camera),
            "match": s.match,
            "likelihood": round(s.likelihood, 4),
        }
        for s in answers.sightings
    ]
    return json.dumps(fields, ensure_ascii=False)
