"""The demonstration: rendered traffic, recognised and stored on this machine a moment ago."""

import secrets
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from lpr.plates import parse_plate, printed_form
from lpr.render.cameras import RenderedCamera, format_csv
from lpr.render.city_map import city_geojson
from lpr.render.scenario import Scale, Scenario, make_scenario
from lpr.render.traffic import Trip
from lpr.times import format_utc
from search.audit import record_look
from search.cameras import parse_cameras, save_cameras
from search.invocation import os_user
from search.opening import open_sightings
from search.roads.geojson import parse_geojson
from search.roads.keeping import save_roads
from search.sightings import Sighting
from search.terms import MAX_LIMIT, SearchTerms
from search.watchlists.entry import Entry
from search.watchlists.keeping import save_entries
from web.accounts import add_account, list_accounts, set_password
from web.children import PLATETRAIL, Child, Children
from web.errors import ChildError
from web.settings import Settings

ACCOUNT = "demo"
FPS = 5  # frames a second of the videos: recognition looks at no more
AT_ONCE = 2  # cameras that are rendered and recognised at the same time
ENDED_S = 30.0  # before now the traffic is over
START_S = 60.0  # for the pages to answer
LIST, SOUGHT = "demo", 2  # the watchlist, and how many vehicles it looks for
SURE = 0.5  # score of a reading that is shown to try out
REASON = "demo: rendered plates to try out"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """A plate to try out.

    Attributes:
        printed: as one reads it.
        count: how often it was read.
        cameras: that read it.
    """

    printed: str
    count: int
    cameras: tuple[str, ...]


def prepare(registry: Engine, scenario: Scenario) -> str:
    """Put cameras, roads, a watchlist and an account into the registry.

    Args:
        registry: of the data folder.
        scenario: whose cameras.

    Returns:
        The new password of the account.
    """
    save_cameras(registry, parse_cameras(format_csv(scenario.cameras)))
    save_roads(registry, parse_geojson(city_geojson()))
    _look_for(registry, sorted(scenario.trips, key=lambda trip: -len(trip.passes))[:SOUGHT])
    password = secrets.token_urlsafe(9)
    if any(account.username == ACCOUNT for account in list_accounts(registry)):
        set_password(registry, ACCOUNT, password)
    else:
        add_account(registry, ACCOUNT, "officer", password, datetime.now(UTC))
    return password


def _look_for(registry: Engine, trips: Sequence[Trip]) -> None:
    """Keep a list of the plates of some vehicles, whose passages then raise alerts."""
    now = datetime.now(UTC)
    entries = {
        (LIST, trip.plate.text): Entry(LIST, trip.plate.text, "demo", now + timedelta(days=1))
        for trip in trips
    }
    save_entries(registry, entries, {LIST: "demo"}, os_user(), now)


def record(scenario: Scenario, start: datetime, children: Children, tell: Tell) -> None:
    """Render and recognise every camera, each by processes of its own, then ingest.

    Args:
        scenario: what happened.
        start: when it began, aware.
        children: run the processes.
        tell: is told in words how far it is.

    Raises:
        ChildError: a process failed.
    """
    count = len(scenario.cameras)
    with (
        TemporaryDirectory(prefix="platetrail-demo-") as folder,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        jobs = {
            pool.submit(_one_camera, Path(folder), scenario, camera, start, children): camera
            for camera in scenario.cameras
        }
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                job.result()
                tell(f"  {done} of {count} cameras recognised: {jobs[job].name}")
        except BaseException:
            children.close()
            raise
    children.run("ingest", [*PLATETRAIL, "ingest"])


def _one_camera(
    folder: Path, scenario: Scenario, camera: RenderedCamera, start: datetime, children: Children
) -> None:
    scale, begin = scenario.scale, format_utc(start)
    options = {
        "--seed": scenario.seed,
        "--cameras": scale.cameras,
        "--vehicles": scale.followed,
        "--others": scale.others,
        "--seconds": scale.seconds,
        "--start": begin,
        "--fps": FPS,
        "--camera": camera.id,
    }
    words = [word for pair in options.items() for word in map(str, pair)]
    children.run(f"render-{camera.id}", [sys.executable, "-m", "lpr.render", str(folder), *words])
    video = folder / f"{camera.id}.mp4"
    said = ["--camera", camera.id, "--start", begin, "--spool"]
    children.run(f"recognise-{camera.id}", [*PLATETRAIL, "recognise", str(video), *said])
    video.unlink()


def plates_to_try(settings: Settings, registry: Engine, start: datetime, count: int) -> list[Tried]:
    """The plates that most cameras have read since `start`; the look is written down.

    Args:
        settings: where the sightings are.
        registry: with the audit log.
        start: of the traffic, aware.
        count: of plates at most.
    """
    record_look(registry, os_user(), "search", REASON, {"texts": ["*"], "from": format_utc(start)})
    with open_sightings(settings) as store:
        found = store.find(SearchTerms(("*",), start=start, limit=MAX_LIMIT)).sightings
    return most_seen(found, count)


def most_seen(sightings: tuple[Sighting, ...], count: int) -> list[Tried]:
    """The plates that most cameras have read surely.

    Args:
        sightings: newest first.
        count: of plates at most.
    """
    cameras: dict[str, list[str]] = {}
    for one in reversed(sightings):
        passage = one.passage
        if passage.score >= SURE and parse_plate(passage.text):
            cameras.setdefault(passage.text, []).append(passage.camera)
    ranked = Counter({text: len(seen) for text, seen in cameras.items()}).most_common(count)
    return [Tried(printed_form(text), n, tuple(cameras[text])) for text, n in ranked]


def serve(host: str, port: int, children: Children) -> tuple[str, Child]:
    """Start the pages.

    Args:
        host: that the settings of the children name.
        port: that they name.
        children: run the server.

    Returns:
        The address, which answers, and the server.

    Raises:
        ChildError: the server ended, or did not answer in time.
    """
    server = children.start("serve", [*PLATETRAIL, "serve"])
    address = f"http://{host}:{port}/"
    end = time.monotonic() + START_S
    while not _answers(address):
        if server.poll() is not None or time.monotonic() > end:
            raise ChildError(f"the pages do not answer: {children.last_words('serve')}")
        time.sleep(0.2)
    return address, server


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def scenario_of(cameras: int, vehicles: int, others: int, seed: int | None) -> Scenario:
    """What will be shown; without a seed it is another one each time."""
    return make_scenario(Scale(cameras, vehicles, others), seed or secrets.randbelow(1_000_000) + 1)


def begin_of(scenario: Scenario, now: datetime) -> datetime:
    """When traffic began that is just over."""
    start = now - timedelta(seconds=scenario.scale.seconds + ENDED_S)
    return start.replace(microsecond=0)
