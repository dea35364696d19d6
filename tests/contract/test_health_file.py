import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from lpr.watch.addresses import Address
from lpr.watch.health import Condition, Tally, health_of
from lpr.watch.messages import Sign
from lpr.watch.sampling import Counts
from lpr.watch.scene import Scene
from lpr.watch.watch_file import WatchedCamera
from search.health.said import read_health

NOW = datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)
UP = Sign(
    "up",
    at=NOW,
    clock="sender",
    clock_offset_s=-40.0,
    size=(1920, 1080),
    fps=3.0,
    decode_ms=3.14159,
    counts=Counts(100, 20, 15, 5, 2),
    scene=Scene(sharpness=5.0, darkness=0.4, detail=30.0),
)


CAMERA = WatchedCamera("C1", Address("rtsp://10.0.0.1/a", "rtsp"))


@dataclass
class Followed:
    """A camera's process that says what was written down."""

    sign: Sign
    camera: WatchedCamera = CAMERA
    restarts: int = 2


@pytest.mark.parametrize(
    "sign",
    [
        Sign("connecting"),
        Sign("down", "wrong-password", "401\nUnauthorized", 3),
        UP,
        replace(UP, key_frames_only=True),
    ],
)
def test_what_watching_says_of_a_camera_is_understood_where_it_is_shown(sign: Sign) -> None:
    tally = Tally()
    tally.looked(41.5)
    told = health_of(Followed(sign), tally, NOW).to_fields()
    file = {"at": "2026-01-31T08:15:04Z", "machine": "box", "spool": {}, "cameras": [told]}
    (said,) = read_health(json.dumps(file)).cameras
    assert (said.condition, list(said.troubles)) == (told["condition"], told["troubles"])
    assert (said.last_frame, said.trouble) == (sign.at, sign.trouble)
    same = ("fps", "wanted_fps", "decode_ms", "look_ms", "dropped", "sharpness", "clock_offset_s")
    assert {key: getattr(said, key) for key in same} == {key: told[key] for key in same}


@pytest.mark.parametrize("condition", get_args(Condition))
def test_every_condition_is_understood(condition: str) -> None:
    camera = {"camera": "C1", "condition": condition}
    said = read_health(json.dumps({"at": "2026-01-31T08:15:04Z", "cameras": [camera]}))
    assert said.cameras[0].condition == condition
