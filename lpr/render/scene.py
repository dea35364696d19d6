"""Vehicles in a street: how they are lit, put into a frame, and where their plates are in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import cv2
import numpy as np

from lpr.plates import GeneratedPlate
from lpr.render.bodies import End, Vehicle
from lpr.render.camera_view import NEAR_M, CameraView
from lpr.render.cars import draw_car
from lpr.render.light import Light, add_glow
from lpr.render.lorries import draw_lorry
from lpr.render.motorbikes import draw_motorbike
from lpr.render.panels import Corners, Panel, Picture, Texture, set_in
from lpr.render.plate_panel import RenderedPlate


@dataclass(frozen=True, slots=True)
class PlateTruth:
    """A plate that was drawn.

    Attributes:
        corners: (4, 2) pixels of the picture, clockwise from the top left of the plate.
        plate: what stands on it.
    """

    corners: Corners
    plate: GeneratedPlate


@dataclass(frozen=True, slots=True)
class LitVehicle:
    """A vehicle in a light."""

    vehicle: Vehicle
    light: Light

    @classmethod
    def of(cls, vehicle: Vehicle, light: Light) -> Self:
        """Light its panels once, for all frames."""
        panels = tuple(
            p if p.is_bright and light.lamps else Panel(p.texture.lit(light.gains), p.corners)
            for p in vehicle.panels
        )
        plate = vehicle.plate
        if plate:
            lit = Panel(plate.panel.texture.lit(light.plate_gains), plate.panel.corners)
            plate = RenderedPlate(lit, plate.plate)
        dimmed = Vehicle(panels, plate, vehicle.lamps, vehicle.width_m, vehicle.length_m)
        return cls(dimmed, light)

    def draw(self, frame: Picture, view: CameraView, x: float, z: float) -> PlateTruth | None:
        """Draw it, its near end at (x, z) on the road.

        Returns:
            Its plate, where it has one, even if that lies outside the frame.
        """
        if z < NEAR_M:
            return None
        at = np.array((x, 0.0, z))
        vehicle = self.vehicle
        _shadow(frame, view, vehicle, at, self.light)
        for panel in vehicle.panels:
            set_in(frame, panel.texture, view.project(panel.corners + at))
        truth = None
        if vehicle.plate:
            corners = view.project(vehicle.plate.panel.corners + at)
            set_in(frame, vehicle.plate.panel.texture, corners)
            truth = PlateTruth(corners, vehicle.plate.plate)
        for lamp in vehicle.lamps if self.light.lamps else ():
            middle = np.array(lamp.at) + at
            (px, py), (qx, _) = view.project(
                np.array([middle, np.add(middle, (lamp.reach_m, 0, 0))])
            )
            add_glow(frame, (px, py), qx - px, lamp.colour, self.light.lamps)
        return truth


def draw_vehicle(rng: np.random.Generator, plate: GeneratedPlate, end: End) -> Vehicle:
    """A vehicle that may carry the plate: a motorbike, a car, a taxi, a lorry."""
    if plate.vehicle == "motorcycle":
        return draw_motorbike(rng, plate, end)
    is_lorry = rng.random() < (0.35 if plate.colour == "yellow" else 0.1)
    if is_lorry:
        return draw_lorry(rng, plate, end)
    return draw_car(rng, plate, end, plate.colour == "yellow" and rng.random() < 0.6)


def _shadow(frame: Picture, view: CameraView, vehicle: Vehicle, at: Corners, light: Light) -> None:
    half, length = vehicle.width_m / 2 + 0.15, vehicle.length_m
    corners = np.array(
        [(-half, 0, length), (half, 0, length), (half, 0, -0.35), (-half, 0, -0.35)], np.float64
    )
    set_in(frame, _shadow_texture(round(light.shadow * 10)), view.project(corners + at))


@lru_cache(maxsize=12)
def _shadow_texture(tenths: int) -> Texture:
    alpha = np.zeros((96, 64), np.uint8)
    cv2.rectangle(alpha, (9, 9), (54, 86), (int(95 + 12 * tenths),), -1)
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), 5), np.uint8)
    return Texture.of(np.zeros((96, 64, 3), np.uint8), alpha)
