"""The light of day, dusk and night, and what weather and camera do to a whole frame."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from lpr.render.canvas import Colour
from lpr.render.panels import Picture

Hour = Literal["day", "dusk", "night"]
_GRAIN = 160  # pixels that the noise picture is larger than a frame, so that it can be shifted


@dataclass(frozen=True, slots=True)
class Light:
    """How a scene is lit.

    Attributes:
        gains: of things that do not shine themselves, BGR.
        plate_gains: of plates: they throw lamps' light back.
        sky, haze: at the top of the frame and at the horizon, BGR.
        lamps: how much lamps glare, 0..1.
        shadow: how dark shadows are, 0..1.
        grain: noise of the camera in grey levels.
        rain: whether it rains.
    """

    gains: Colour
    plate_gains: Colour
    sky: Colour
    haze: Colour
    lamps: float
    shadow: float
    grain: float
    rain: bool = False


_LIGHTS: dict[Hour, Light] = {
    "day": Light(
        (1.0, 1.0, 1.0), (0.98, 1.0, 1.0), (225, 205, 185), (225, 222, 218), 0.0, 0.5, 3.5
    ),
    "dusk": Light(
        (0.5, 0.5, 0.62), (0.62, 0.64, 0.7), (130, 95, 95), (125, 135, 190), 0.45, 0.3, 5
    ),
    "night": Light((0.26, 0.27, 0.31), (0.66, 0.7, 0.74), (28, 20, 18), (40, 38, 42), 0.8, 0.2, 6),
}


def light_of(hour: Hour, rain: bool, rng: np.random.Generator) -> Light:
    """A light of that hour, a little different each time."""
    light = _LIGHTS[hour]
    gain = rng.uniform(0.82, 1.08)
    if rain:
        gain *= 0.85
        mean = sum(light.sky) / 3 * 0.8
        light = replace(light, sky=(mean, mean, mean), shadow=light.shadow * 0.4, rain=True)
    return replace(
        light, gains=_times(light.gains, gain), plate_gains=_times(light.plate_gains, gain)
    )


def add_glow(
    frame: Picture, at: tuple[float, float], reach: float, colour: Colour, share: float
) -> None:
    """A lamp's glare, added to a frame.

    Args:
        frame: changed in place.
        at: the lamp, x then y in pixels.
        reach: where it ends, pixels.
        colour: BGR.
        share: 0..1 of its full strength.
    """
    size, x, y = int(reach), int(at[0]), int(at[1])
    x1, y1, x2, y2 = x - size, y - size, x + size, y + size
    left, top = max(0, x1), max(0, y1)
    right, bottom = min(frame.shape[1], x2), min(frame.shape[0], y2)
    if size < 2 or right <= left or bottom <= top:
        return
    spot = cv2.resize(_spot(), (2 * size, 2 * size), interpolation=cv2.INTER_LINEAR)
    spot = spot[top - y1 : bottom - y1, left - x1 : right - x1]
    glow = spot[..., None] * (np.array(colour, np.float32) * (share / 255))
    part = frame[top:bottom, left:right]
    part[:] = cv2.add(part, glow.astype(np.uint8))


def finish(frame: Picture, light: Light, rng: np.random.Generator) -> Picture:
    """Rain and the camera's noise, over the whole frame; a new picture."""
    height, width = frame.shape[:2]
    frame = np.asarray(cv2.GaussianBlur(frame, (3, 3), 0.55), np.uint8)  # no lens is as sharp
    if light.rain:
        streaks = _streaks(height, width, int(rng.integers(4)))
        frame = np.asarray(cv2.addWeighted(frame, 0.9, streaks, 0.4, 12), np.uint8)
    grain = _grain(max(720, height), max(1280, width), round(light.grain))
    dy, dx = (int(v) for v in rng.integers(0, _GRAIN, 2))
    noise = grain[dy : dy + height, dx : dx + width]
    return np.asarray(cv2.add(frame, noise, dtype=cv2.CV_8U), np.uint8)


def _times(colour: Colour, gain: float) -> Colour:
    return colour[0] * gain, colour[1] * gain, colour[2] * gain


@lru_cache(maxsize=1)
def _spot() -> Picture:
    ys, xs = np.mgrid[-1:1:96j, -1:1:96j]
    far = np.sqrt(xs * xs + ys * ys)
    strength = np.clip(0.35 * np.exp(-far * far * 7) + 1.1 * np.exp(-far * far * 90), 0, 1)
    strength *= np.clip((1 - far) * 4, 0, 1)
    return np.asarray(255 * strength, np.uint8)


@lru_cache(maxsize=8)
def _grain(height: int, width: int, sigma: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    rng = np.random.default_rng(7)
    size = (height + _GRAIN, width + _GRAIN)
    fine = rng.standard_normal((*size, 1), np.float32) + 0.5 * rng.standard_normal(
        (*size, 3), np.float32
    )
    return (0.9 * sigma * fine).astype(np.int16)


@lru_cache(maxsize=8)
def _streaks(height: int, width: int, index: int) -> Picture:
    rng = np.random.default_rng(index)
    layer = np.zeros((height, width, 3), np.uint8)
    for _ in range(220):
        x, y = rng.uniform(0, width), rng.uniform(-40, height)
        length = rng.uniform(0.02, 0.07) * height
        tone = float(rng.uniform(60, 190))
        end = (int(x + 0.1 * length), int(y + length))
        cv2.line(layer, (int(x), int(y)), end, (tone, tone, tone), 1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.8), np.uint8)
