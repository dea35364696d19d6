"""A vehicle that drives through the rendered city past its cameras, for papers and packs."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from lpr.passages import Passage, format_passage
from lpr.render.cameras import choose_cameras, format_csv
from lpr.render.city_map import city_geojson, load_city
from lpr.render.panels import Picture
from lpr.render.pictures import draw_street_picture
from search.cameras import Camera, parse_cameras, save_cameras
from search.evidence import FolderEvidence
from search.registry.opening import open_registry
from search.roads.geojson import parse_geojson
from search.roads.graph import RoadGraph
from search.roads.keeping import save_roads
from search.settings import StoreSettings
from search.ways import CameraWays

PLATE, MISREAD, FOREIGN = "30A12345", "30A12346", "30A92345"
START = datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC)
_CAMERAS = 40
_SIZE = (1280, 720)  # pixels of a frame
_DRAWN = 6  # frames; each of up to 300 stops has one of them with a spot of its own
_SLOWER = 1.3  # than the limits allow


def drive(settings: StoreSettings, stops: int, seed: int = 1) -> Path:
    """Make a city in a data folder.

    Args:
        settings: of an empty data folder; its registry gets roads and cameras, its evidence frames
            and crops.
        stops: how often the vehicle is seen; every seventh time it is misread.
        seed: of chance.

    Returns:
        A file of passages, to be taken in.
    """
    chance = random.Random(seed)
    cameras = parse_cameras(format_csv(choose_cameras(load_city(), _CAMERAS, chance)))
    roads = parse_geojson(city_geojson())
    registry = open_registry(settings.registry)
    save_cameras(registry, cameras)
    save_roads(registry, roads)
    registry.dispose()
    seen = _way(CameraWays(RoadGraph(roads), cameras), cameras, stops, chance)
    evidence = FolderEvidence(settings.evidence_dir)
    frames = [draw_street_picture(np.random.default_rng(n), _SIZE) for n in range(_DRAWN)]
    lines = []
    for number, (camera, at) in enumerate(seen):
        picture = frames[number % _DRAWN][0].copy()
        x, y = divmod(number, 12)
        picture[300 + 10 * y : 308 + 10 * y, 500 + 10 * x : 508 + 10 * x] = (0, 80, 255)
        is_misread = number % 7 == 3
        frame, crop = evidence.put(_jpeg(picture)), evidence.put(_jpeg(picture[300:420, 500:780]))
        passage = _passage(camera, at, is_misread, frame, crop)
        lines.append(format_passage(passage))
    lines.append(
        format_passage(_passage(seen[0][0], START + timedelta(seconds=1), True, None, None))
    )
    file = settings.data_dir / "passages.ndjson"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


def _way(
    ways: CameraWays, cameras: list[Camera], stops: int, chance: random.Random
) -> list[tuple[str, datetime]]:
    here, at = cameras[0].id, START
    seen = [(here, at)]
    lately = [here]
    while len(seen) < stops:
        steps = {
            c.id: step for c in cameras if c.id not in lately and (step := ways.step(here, c.id))
        }
        near = sorted(steps, key=lambda c: steps[c].seconds)[:4]
        here = chance.choice(near)
        at += timedelta(seconds=round(steps[here].seconds * _SLOWER + 3, 1))
        seen.append((here, at))
        lately = [*lately, here][-12:]
    return seen


def _passage(
    camera: str, at: datetime, is_misread: bool, frame: str | None, crop: str | None
) -> Passage:
    text, other = (MISREAD, PLATE) if is_misread else (PLATE, MISREAD)
    return Passage(
        camera=camera,
        at=at,
        text=text,
        score=0.62 if is_misread else 0.97,
        candidates=((text, 0.62), (other, 0.3)) if is_misread else ((text, 0.97), (other, 0.02)),
        track=str(at.timestamp()),
        raw=text,
        chars=tuple(((c, 0.98), ("8", 0.01)) for c in text),
        rows=2,
        frame=frame,
        crop=crop,
        model="platetrail-reader-6",
    )


def _jpeg(picture: Picture) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def small_jpeg(seed: int) -> bytes:
    """A small picture that is like no other."""
    picture = np.random.default_rng(seed).integers(0, 255, (48, 96, 3), np.uint8)
    return _jpeg(picture)
