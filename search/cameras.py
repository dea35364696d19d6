"""Cameras: their CSV, and their place in the registry."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from search.errors import CameraError
from search.registry.tables import CameraRow

COLUMNS = ("id", "name", "lat", "lon", "heading", "area", "ward", "district")
AREAS = ("route", "residential", "key")
LONGEST_ID = 64
LONGEST = {"name": 200, "ward": 100, "district": 100}  # characters, as the registry keeps them


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera.

    Attributes:
        id: as passages name it.
        name: for people.
        lat, lon: WGS 84 degrees.
        heading: compass degrees of the traffic that it reads, None for both ways.
        area: main traffic route, residential or key area.
        ward, district: names; the district may be empty.
    """

    id: str
    name: str
    lat: float
    lon: float
    heading: float | None
    area: str
    ward: str
    district: str = ""


def parse_cameras(text: str) -> list[Camera]:
    """Read a list of cameras.

    Args:
        text: CSV with a header that has the names of `COLUMNS`.

    Raises:
        CameraError: says the line and what is wrong with it.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [c for c in COLUMNS[:-1] if c not in (reader.fieldnames or ())]
    if missing:
        raise CameraError(f"the header lacks {', '.join(missing)}; expected {','.join(COLUMNS)}")
    cameras: dict[str, Camera] = {}
    try:
        for row in reader:
            camera = _camera(row, reader.line_num)
            if camera.id in cameras:
                raise CameraError(f"line {reader.line_num}: the id {camera.id} stands there twice")
            cameras[camera.id] = camera
    except csv.Error as error:
        raise CameraError(f"line {reader.line_num}: not CSV: {error}") from None
    if not cameras:
        raise CameraError("the list holds no camera")
    return list(cameras.values())


def _camera(row: dict[str, str], line: int) -> Camera:
    where = f"line {line}"
    name = (row["id"] or "").strip()
    if not 0 < len(name) <= LONGEST_ID or not name.isprintable():
        raise CameraError(
            f"{where}: id: expected 1 to {LONGEST_ID} printable characters, got {name!r:.80}"
        )
    lat, lon = _number(row, "lat", 90, where), _number(row, "lon", 180, where)
    heading = None
    if (row["heading"] or "").strip():
        heading = _number(row, "heading", 360, where) % 360
    area = (row["area"] or "").strip()
    if area not in AREAS:
        raise CameraError(f"{where}: area: expected {', '.join(AREAS)}, got {area!r}")
    names = [_name(row, key, where) for key in ("name", "ward", "district")]
    return Camera(name, names[0], lat, lon, heading, area, names[1], names[2])


def _name(row: dict[str, str], key: str, where: str) -> str:
    """A name on one line, without what a terminal would take for a command."""
    text = " ".join((row.get(key) or "").split())
    if len(text) > LONGEST[key] or not text.isprintable():
        wanted = f"at most {LONGEST[key]} printable characters"
        raise CameraError(f"{where}: {key}: expected {wanted}, got {text!r:.40}")
    return text


def _number(row: dict[str, str], key: str, most: float, where: str) -> float:
    try:
        value = float(row[key])
    except (TypeError, ValueError):
        raise CameraError(f"{where}: {key}: expected a number, got {row[key]!r}") from None
    if not -most <= value <= most:
        hint = "; are lat and lon swapped?" if key == "lat" else ""
        raise CameraError(f"{where}: {key}: expected -{most} to {most}, got {value}{hint}")
    return value


def read_cameras(file: Path) -> list[Camera]:
    """Read a list of cameras from a UTF-8 file; see `parse_cameras`."""
    try:
        return parse_cameras(file.read_text("utf-8-sig"))
    except CameraError as error:
        raise CameraError(f"{file}: {error}") from None
    except UnicodeDecodeError:
        raise CameraError(f"{file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise CameraError(f"{file}: {error.strerror}") from error


def camera_name(cameras: Mapping[str, Camera], camera_id: str) -> str:
    """A camera's name, its id if nobody registered it or it has none."""
    camera = cameras.get(camera_id)
    return camera.name if camera and camera.name else camera_id


def format_cameras(cameras: Iterable[Camera]) -> str:
    """The list as CSV; `parse_cameras` reads it back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if v is None else v for v in astuple(camera)] for camera in cameras)
    return out.getvalue()


def save_cameras(engine: Engine, cameras: Sequence[Camera]) -> None:
    """Keep cameras, all or none; one with the same id is replaced, others stay."""
    with Session(engine) as session, session.begin():
        ids = [camera.id for camera in cameras]
        session.execute(delete(CameraRow).where(CameraRow.id.in_(ids)))
        session.add_all(CameraRow(**dict(zip(COLUMNS, astuple(c), strict=True))) for c in cameras)


def list_cameras(engine: Engine, ward: str | None = None) -> list[Camera]:
    """Every camera, or those of a ward, by id."""
    query = select(CameraRow).order_by(CameraRow.id)
    if ward is not None:
        query = query.where(CameraRow.ward == ward)
    with Session(engine) as session:
        return [
            Camera(r.id, r.name, r.lat, r.lon, r.heading, r.area, r.ward, r.district)
            for r in session.scalars(query)
        ]


def chosen_cameras(
    engine: Engine, named: Sequence[str], wards: Sequence[str]
) -> frozenset[str] | None:
    """The ids of those that are named and stand in the wards; None: every camera.

    Raises:
        CameraError: no camera stands in a ward.
    """
    if not wards:
        return frozenset(named) or None
    there: set[str] = set()
    for ward in wards:
        cameras = {camera.id for camera in list_cameras(engine, ward)}
        if not cameras:
            raise CameraError(f"no camera stands in ward {ward!r}: see platetrail cameras list")
        there |= cameras
    return frozenset(there & set(named) if named else there)
