"""What the map draws beneath a route: roads and cameras of our own."""

import json

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from web.layers import Bounds, camera_layer, road_layer
from web.parts import parts

maps = Blueprint("maps", __name__, url_prefix="/map")
KEPT_S = 3600  # seconds that a browser may keep roads


@maps.get("/roads.geojson")
def roads() -> ResponseReturnValue:
    """Roads, all or inside `?bounds=west,south,east,north`."""
    layer = road_layer(parts().city.map().roads, _bounds(request.args.get("bounds", "")))
    response = _geojson(layer)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_S}"
    return response


@maps.get("/cameras.geojson")
def cameras() -> ResponseReturnValue:
    """Every camera."""
    return _geojson(camera_layer(parts().city.cameras().values()))


def _geojson(layer: object) -> Response:
    text = json.dumps(layer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/geo+json")


def _bounds(text: str) -> Bounds | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        abort(400)
    return west, south, east, north
