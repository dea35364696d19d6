"""Alerts: what the watchlists hit, judged by people; and the notice that there are new ones."""

import time
from collections.abc import Iterator
from threading import BoundedSemaphore

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from search.alerts.keeping import (
    Alert,
    change_alert,
    find_alert,
    list_alerts,
    list_steps,
    newest_number,
    note_seen,
)
from search.alerts.states import AT_WORK, CLOSED, NEW, NEXT, REJECTED, REJECTIONS, WITHDRAWN
from search.errors import AlertError
from search.watchlists.keeping import list_watchlists
from web.access import account
from web.looking import look
from web.parts import parts
from web.settings import Settings

alerts = Blueprint("alerts", __name__)
SHOWN = 50  # alerts on a page
STREAMS = "platetrail-streams"
PAUSE_S = 0.5  # between two looks for new alerts
HEARTBEAT_S = 10.0  # between two signs that the stream is alive
STREAM_S = 60.0  # after which the page connects again
LONGEST_NOTE = 400  # characters


def streams_of(settings: Settings) -> BoundedSemaphore:
    """How many live pages a process serves: half of its threads, so that others are served too."""
    return BoundedSemaphore(max(1, settings.web_threads // 2))


@alerts.get("/alerts")
def show() -> str:
    """The newest that are at work, or those that are done."""
    is_done = request.args.get("done") == "1"
    states = (REJECTED, CLOSED, WITHDRAWN) if is_done else AT_WORK
    here = parts()
    newest = newest_number(here.registry)  # first, so that what comes meanwhile is told
    shown = list_alerts(here.registry, states, SHOWN, _hidden())
    look("alerts", {"alerts": [alert.id for alert in shown]})
    return render_template(
        "alerts.html",
        alerts=shown,
        is_done=is_done,
        cameras=here.city.cameras(),
        newest=newest,
        now=here.clock(),
    )


@alerts.get("/alerts/<sighting:alert_id>")
def one(alert_id: str) -> str:
    """One alert: its pictures beside what is looked for, and what may be made of it."""
    alert = _alert(alert_id)
    look("alerts", {"alerts": [alert_id], "sightings": [hit.sighting_id for hit in alert.hits]})
    here = parts()
    if alert.state == NEW:
        note_seen(here.registry, alert, account().username, here.clock())
        alert = _alert(alert_id)
    return _page(alert, "")


@alerts.post("/alerts/<sighting:alert_id>")
def judge(alert_id: str) -> ResponseReturnValue:
    """Confirm it, reject it, pass it on or close it."""
    alert, here = _alert(alert_id), parts()
    state, why = request.form.get("state", ""), request.form.get("why", "")
    note = " ".join(request.form.get("note", "").split())[:LONGEST_NOTE]
    if state not in NEXT or (state == REJECTED and why not in REJECTIONS):
        abort(400)
    said = why if state == REJECTED else ""
    look("judged", {"alert": alert_id, "state": state, "why": said, "note": note})
    try:
        seen = _as_seen(alert, request.form.get("version", ""))
        who = account().username
        said = f"{said}: {note}" if said and note else said or note
        change_alert(here.registry, seen, state, who, said, here.clock())
    except AlertError:
        return _page(_alert(alert_id), "changed"), 409
    return redirect(url_for("alerts.one", alert_id=alert_id))


@alerts.get("/alerts/events")
def events() -> Response:
    """Server-sent events: the number of the newest hit, whenever it grows; no plate in it."""
    streams: BoundedSemaphore = current_app.extensions[STREAMS]
    if not streams.acquire(blocking=False):
        return Response(status=204)  # the page asks from time to time instead
    after = request.headers.get("Last-Event-ID", request.args.get("after", ""))
    stream = _stream(parts().registry, int(after) if after.isdecimal() else 0)
    response = Response(stream, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    left = [streams.release]  # once, however often it is closed
    response.call_on_close(lambda: left.pop()() if left else None)
    return response


@alerts.get("/alerts/newest")
def number() -> dict[str, int]:
    """The number of the newest hit."""
    return {"newest": newest_number(parts().registry)}


def _stream(registry: Engine, after: int) -> Iterator[str]:
    """What a live page is told, for a while."""
    ends = time.monotonic() + STREAM_S
    beat = 0.0
    yield "retry: 1000\n\n"
    while (now := time.monotonic()) < ends:
        try:
            number = newest_number(registry)
        except SQLAlchemyError:  # the page connects again, and misses nothing
            return
        if number > after:
            after = number
            yield f"id: {number}\nevent: alerts\ndata: {number}\n\n"
        elif now - beat > HEARTBEAT_S:
            beat = now
            yield ": here\n\n"
        time.sleep(PAUSE_S)


def _alert(alert_id: str) -> Alert:
    alert = find_alert(parts().registry, alert_id)
    if alert is None or alert.list in _hidden():
        abort(404)
    return alert


def _hidden() -> set[str]:
    """Lists whose alerts are for other roles than that of whoever asks."""
    role = account().role
    known = list_watchlists(parts().registry)
    return {
        watchlist.name for watchlist in known if watchlist.roles and role not in watchlist.roles
    }


def _as_seen(alert: Alert, version: str) -> Alert:
    """The alert, if it is still as it was on the page."""
    if version != str(alert.version):
        raise AlertError("it was changed")
    return alert


def _page(alert: Alert, trouble: str) -> str:
    here = parts()
    return render_template(
        "alert.html",
        alert=alert,
        trouble=trouble,
        steps=list_steps(here.registry, alert.id),
        next=NEXT[alert.state],
        rejections=REJECTIONS,
        cameras=here.city.cameras(),
        now=here.clock(),
    )
