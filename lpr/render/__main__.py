"""Renders traffic into a folder: `python -m lpr.render FOLDER`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import cv2

from lpr.render.cameras import RenderedCamera, format_csv
from lpr.render.city_map import city_geojson
from lpr.render.scenario import Scale, Scenario, format_truth, make_scenario
from lpr.render.videos import PlateSeen, hour_at, set_up, write_video
from lpr.times import parse_utc

_SCALE = Scale()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True, help="Of the traffic.")
@click.option("--cameras", default=_SCALE.cameras, show_default=True, help="How many.")
@click.option("--vehicles", default=_SCALE.followed, show_default=True, help="Past 3-6 cameras.")
@click.option("--others", default=_SCALE.others, show_default=True, help="Past one camera or two.")
@click.option("--seconds", default=_SCALE.seconds, show_default=True, help="That it lasts.")
@click.option("--start", default="", help="When it begins: 2026-01-31T08:15:04Z; default: now.")
@click.option("--fps", default=10, show_default=True, help="Frames of each second.")
@click.option("--hour", type=click.Choice(["day", "dusk", "night"]), help="Default: by the start.")
@click.option("--rain", is_flag=True, help="It rains.")
@click.option("--camera", "only", multiple=True, help="Only the video of this camera; repeatable.")
def render(
    folder: Path,
    seed: int,
    cameras: int,
    vehicles: int,
    others: int,
    seconds: float,
    start: str,
    fps: int,
    hour: str | None,
    rain: bool,
    only: tuple[str, ...],
) -> None:
    """Render the videos of cameras, with cameras.csv, roads.geojson and truth.jsonl beside them.

    CAMERA.mp4 comes with CAMERA.plates.jsonl: each plate of each frame with its corners.
    """
    cv2.setNumThreads(1)
    scenario = make_scenario(Scale(cameras, vehicles, others, seconds), seed)
    begin = parse_utc(start) if start else datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    if not only:
        (folder / "cameras.csv").write_text(format_csv(scenario.cameras), "utf-8")
        (folder / "roads.geojson").write_text(city_geojson(), "utf-8")
        (folder / "truth.jsonl").write_text(format_truth(scenario, begin), "utf-8")
    for camera in scenario.cameras:
        if not only or camera.id in only:
            _film(folder, scenario, camera, begin, fps, hour, rain)


def _film(
    folder: Path,
    scenario: Scenario,
    camera: RenderedCamera,
    start: datetime,
    fps: int,
    hour: str | None,
    rain: bool,
) -> None:
    stage = set_up(camera, scenario.trips, hour or hour_at(start), rain, scenario.seed)  # type: ignore[arg-type]  # click.Choice
    path = folder / f"{camera.id}.mp4"
    seen = write_video(path, stage, start, scenario.scale.seconds, fps, scenario.seed)
    lines = "".join(_line(plate) for plate in seen)
    (folder / f"{camera.id}.plates.jsonl").write_text(lines, "utf-8")
    click.echo(f"{camera.id} {camera.name}: {len(stage.visits)} vehicles", err=True)


def _line(seen: PlateSeen) -> str:
    corners = [[round(x, 1), round(y, 1)] for x, y in seen.corners.tolist()]
    fields = {"offset": round(seen.offset_s, 3), "text": seen.plate.text, "corners": corners}
    return json.dumps(fields) + "\n"


if __name__ == "__main__":
    render()
