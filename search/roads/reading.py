"""Reads a road map from a file, by what its name says it is."""

from pathlib import Path

from search.errors import RoadError
from search.roads.geojson import parse_geojson
from search.roads.road import RoadFile

OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GEOJSON_ENDINGS = (".geojson", ".json")


def read_roads(file: Path) -> RoadFile:
    """Read roads, all or none.

    Args:
        file: an OpenStreetMap extract or GeoJSON in UTF-8.

    Raises:
        RoadError: the file is missing, is neither, or holds what is no road; says what.
    """
    name = file.name.lower()
    if not file.is_file():
        raise RoadError(f"{file}: there is no such file")
    if name.endswith(OSM_ENDINGS):
        from search.roads.osm import read_osm  # loads osmium, which nothing else needs

        return read_osm(file)
    if not name.endswith(GEOJSON_ENDINGS):
        raise RoadError(f"{file}: expected a file named .osm.pbf, .osm, .geojson or .json")
    try:
        return RoadFile(parse_geojson(file.read_text("utf-8-sig")))
    except UnicodeDecodeError:
        raise RoadError(f"{file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise RoadError(f"{file}: {error.strerror}") from error
    except RoadError as error:
        raise RoadError(f"{file}: {error}") from None
