"""How the watched cameras are, in words and as metrics; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lpr.times import parse_utc

STALE = timedelta(seconds=15)  # the file is written each second while cameras are watched
ORDER = ("down", "blind", "connecting", "good", "finished")
WELL = ("good", "connecting", "finished")
Fields = Mapping[str, Any]
_COLUMNS = ("camera", "condition", "last frame", "fps", "dropped", "hour", "read", "")
_GAUGES = {
    "fps": ("fps", "Frames that came in each second lately."),
    "wanted_fps": ("wanted_fps", "Looks wanted in each second."),
    "lag_s": ("lag_seconds", "How long frames wait until they are decoded."),
    "clock_offset_s": ("clock_offset_seconds", "How far the camera's clock is behind."),
    "decode_ms": ("decode_milliseconds", "Processor time that a frame takes."),
    "look_ms": ("look_milliseconds", "Time that finding and reading a frame's plates takes."),
    "sharpness": ("sharpness", "Variance of the Laplacian, grey levels squared."),
    "darkness": ("darkness", "0 white, 1 black."),
    "hour": ("hour_passages", "Passages of the last hour."),
    "hour_read": ("hour_passages_read", "Passages of the last hour with a score of .5 and more."),
}
_COUNTERS = {
    "came": ("frames", "Frames that came."),
    "looked": ("looks", "Frames that were looked at."),
    "without_motion": ("still_frames", "Frames in which nothing moved."),
    "dropped": ("dropped_frames", "Frames for which there was no time."),
    "damaged": ("damaged_packets", "Packets that could not be decoded."),
    "refused": ("refused_stills", "Stills that could not be read."),
    "restarts": ("restarts", "How often the camera's process was started anew."),
    "passages": ("passages", "Passages since the start."),
}


def is_stale(fields: Fields, now: datetime) -> bool:
    """Whether nobody watches any more: what was put down is old.

    Args:
        fields: of the health file.
        now: aware UTC.
    """
    return now - parse_utc(fields["at"]) > STALE


def lines_of(fields: Fields, now: datetime) -> list[str]:
    """A table for people, worst first.

    Args:
        fields: of the health file.
        now: aware UTC.
    """
    cameras = sorted(fields["cameras"], key=lambda c: (ORDER.index(c["condition"]), c["camera"]))
    rows = [_COLUMNS, *(_row(camera, now) for camera in cameras)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    table = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [*table, *_spool_lines(fields["spool"])]


def _row(camera: Fields, now: datetime) -> tuple[str, ...]:
    refused = f"{camera['refused']} stills refused, the last: {camera['refused_for']}"
    told = ", ".join(
        [
            *camera["troubles"],
            *([camera["message"]] if camera["message"] else []),
            *([refused] if camera["refused"] else []),
        ]
    )
    last = camera["last_frame"]
    age = "never" if last is None else f"{(now - parse_utc(last)).total_seconds():.1f} s ago"
    return (
        camera["camera"],
        camera["condition"],
        age,
        f"{camera['fps']:.1f}",
        str(camera["dropped"]),
        str(camera["hour"]),
        f"{100 * camera['hour_read'] / camera['hour']:.0f} %" if camera["hour"] else "",
        told,
    )


def _spool_lines(spool: Fields) -> list[str]:
    if not spool:
        return []
    lost = spool["lost"]
    lines = [f"spool: {spool['waiting']} passages wait, {spool['bytes'] / 1e6:.1f} MB"]
    if lost["pictures"] or lost["passages"]:
        lines.append(
            f"lost for want of room: {lost['pictures']} pictures, {lost['passages']} passages, "
            f"the last at {lost['last']}"
        )
    return lines


class _Health(Collector):
    """What Prometheus collects."""

    def __init__(self, fields: Fields, is_watching: bool) -> None:
        self._fields, self._is_watching = fields, is_watching

    def collect(self) -> Iterable[Metric]:
        """Every metric, one after another."""
        cameras: Sequence[Fields] = self._fields.get("cameras", ())
        yield GaugeMetricFamily(
            "platetrail_watching", "1 while cameras are watched.", float(self._is_watching)
        )
        yield from _by_condition(cameras)
        for key, (name, told) in _GAUGES.items():
            yield _family(GaugeMetricFamily, name, told, cameras, key)
        for key, (name, told) in _COUNTERS.items():
            yield _family(CounterMetricFamily, name, told, cameras, key)
        if spool := self._fields.get("spool"):
            yield GaugeMetricFamily(
                "platetrail_spool_waiting", "Passages that wait.", spool["waiting"]
            )
            yield GaugeMetricFamily("platetrail_spool_bytes", "Of the spool.", spool["bytes"])
            for kind in ("pictures", "passages"):
                yield CounterMetricFamily(
                    f"platetrail_lost_{kind}", "For want of room.", spool["lost"][kind]
                )


def _by_condition(cameras: Sequence[Fields]) -> Iterable[Metric]:
    conditions = GaugeMetricFamily(
        "platetrail_camera_condition", "1 for what a camera is.", labels=("camera", "condition")
    )
    troubles = GaugeMetricFamily(
        "platetrail_camera_trouble", "1 for what is wrong.", labels=("camera", "trouble")
    )
    for camera in cameras:
        conditions.add_metric((camera["camera"], camera["condition"]), 1.0)
        for one in [*camera["troubles"], *([camera["trouble"]] if camera["trouble"] else [])]:
            troubles.add_metric((camera["camera"], one), 1.0)
    return conditions, troubles


def _family(
    kind: type[GaugeMetricFamily] | type[CounterMetricFamily],
    name: str,
    told: str,
    cameras: Sequence[Fields],
    key: str,
) -> Metric:
    family = kind(f"platetrail_camera_{name}", told, labels=("camera",))
    for camera in cameras:
        if camera[key] is not None:
            family.add_metric((camera["camera"],), camera[key])
    return family


def metrics_of(fields: Fields, is_watching: bool) -> bytes:
    """The text that Prometheus reads.

    Args:
        fields: of the health file; empty if there is none.
        is_watching: whether they are fresh.
    """
    registry = CollectorRegistry()
    registry.register(_Health(fields, is_watching))
    return generate_latest(registry)
