from collections.abc import Callable
from typing import Any

import pytest

from web import access
from web.accounts import list_accounts
from web.testing import PASSWORD, Office, away, passed

PLACES = {
    "<question:question_id>": "A" * 22,
    "<sighting:sighting_id>": "a" * 32,
    "<sighting:alert_id>": "a" * 32,
    "<any(crop,frame):which>": "crop",
    "<any(csv,xlsx,geojson,gpx,kml,pdf):kind>": "csv",
    "<path:filename>": "app.css",
    "<list:name>": "stolen",
}


def rules(office: Office) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of every page."""
    found = []
    for rule in office.app.url_map.iter_rules():
        address = str(rule)
        for pattern, value in PLACES.items():
            address = address.replace(pattern, value)
        assert "<" not in address, rule
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(rule.endpoint, method, address) for method in sorted(methods)]
    return found


def signed_in_id(office: Office, username: str) -> str:
    return next(a for a in list_accounts(office.parts.registry) if a.username == username).get_id()


def test_every_page_but_a_named_few_wants_a_sign_in(office: Office) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    opened = set()
    for endpoint, method, address in rules(office):
        response = office.app.test_client().open(address, method=method)
        if not (response.status_code == 302 and response.location.startswith("/sign-in")):
            opened.add(endpoint)
        if "?next=" in (response.location or ""):
            assert response.location == f"/sign-in?next={address}"
    assert opened == {
        "static",
        "auth.sign_in",
        "auth.choose_language",
        "health.alive",
        "health.sightings",
    }
    assert opened == access.OPEN


def test_no_page_that_shows_plates_opens_without_a_reason(office: Office) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    for endpoint, method, address in rules(office):
        if endpoint in access.OPEN | access.WITHOUT_REASON:
            continue
        visitor = office.visitor()
        is_theirs = endpoint.partition(".")[0] in access.FOR_ADMINISTRATORS
        role = "admin" if is_theirs else "officer"
        with visitor.client.session_transaction() as session:
            session["_user_id"] = signed_in_id(office, role)
        response = visitor.client.open(address, method=method)
        assert response.status_code == 302, address
        assert response.location.startswith("/reason"), address
    assert office.looks() == []


def test_an_auditor_sees_who_looked_and_no_plate(office: Office) -> None:
    office.officer().get("/")
    auditor = office.visitor()
    assert auditor.sign_in("auditor", PASSWORD).location == "/audit"
    assert auditor.get("/audit").status_code == 200
    for address in ("/", "/passings", f"/q/{'A' * 22}", "/reason", "/map/cameras.geojson"):
        assert auditor.get(address).status_code == 403


def test_others_do_not_see_who_looked(office: Office) -> None:
    assert office.officer().get("/audit").status_code == 403


def test_watchlists_are_for_administrators(office: Office) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    pages = [
        (method, address)
        for _, method, address in rules(office)
        if address.startswith(("/watchlists", "/import"))
    ]
    assert len(pages) == 15
    for role in ("officer", "traffic", "auditor"):
        visitor = office.visitor()
        visitor.sign_in(role, PASSWORD)
        visitor.state("trộm xe máy")
        for method, address in pages:
            assert visitor.client.open(address, method=method).status_code == 403
        assert "/watchlists" not in visitor.get("/").text


@pytest.mark.parametrize("address", ["/cameras", "/cameras.json", "/watchlists"])
def test_how_the_cameras_and_the_lists_are_is_for_administrators_and_wants_no_reason(
    office: Office, address: str
) -> None:
    for role in ("officer", "traffic", "auditor"):
        visitor = office.visitor()
        visitor.sign_in(role, PASSWORD)
        assert visitor.get(address).status_code == 403
    admin = office.visitor()
    admin.sign_in("admin", PASSWORD)
    assert admin.get(address).status_code == 200
    assert office.looks() == []


def test_a_reason_holds_for_the_shift(office: Office) -> None:
    visitor = office.officer()
    office.later(hours=11.9)
    assert visitor.get("/").status_code == 200
    office.later(hours=0.2)
    assert visitor.get("/").location == "/reason"


def test_a_reason_says_something_and_can_be_changed(office: Office) -> None:
    visitor = office.visitor()
    visitor.sign_in("officer", PASSWORD)
    refused = visitor.state("  a  ")
    assert refused.status_code == 422
    assert "từ 5 chữ cái trở lên" in refused.text
    visitor.state("trộm xe máy", "17/2026")
    assert "trộm xe máy" in visitor.get("/").text
    visitor.state("xe gây tai nạn")
    assert "xe gây tai nạn" in visitor.get("/").text


def test_the_reason_of_somebody_else_is_not_mine(office: Office) -> None:
    office.officer()
    other = office.visitor()
    other.sign_in("traffic", PASSWORD)
    with other.client.session_transaction() as session:
        session["case"] = 1
    assert other.get("/").location == "/reason"


def test_after_sign_in_and_reason_one_is_where_one_wanted_to_be(office: Office) -> None:
    question = office.officer().asked("30A12345")
    colleague = office.visitor()
    first = colleague.get(question)
    assert first.location == f"/sign-in?next={question}"
    assert f'name="next" value="{question}"' in colleague.get(first.location).text
    credentials = {"username": "traffic", "password": PASSWORD}
    signed = colleague.fill("/sign-in", next=question, **credentials)
    assert signed.location == question
    assert colleague.get(question).location == f"/reason?next={question}"
    stated = colleague.fill("/reason", reason="kiểm tra hộ đồng đội", next=question)
    assert stated.location == question


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_nobody_is_sent_to_another_place_after_signing_in(office: Office, evil: str) -> None:
    visitor = office.visitor()
    response = visitor.fill("/sign-in", username="officer", password=PASSWORD, next=evil)
    assert response.location == "/"
    ours = visitor.fill("/reason", reason="trộm xe máy", next="/passings")
    assert ours.location == "/passings"


LOOKS: list[tuple[str, str, str]] = [
    ("/q/{q}", "search", "page"),
    ("/q/{q}.csv", "export", "csv"),
    ("/q/{q}.json", "export", "json"),
    ("/q/{q}/route", "route", "page"),
    ("/q/{q}/route.csv", "export", "csv"),
    ("/q/{q}/route.geojson", "export", "geojson"),
    ("/q/{q}/route.pdf", "export", "pdf"),
    ("/q/{q}/evidence.zip", "export", "pack"),
    ("/sightings/{s}?q={q}", "sighting", ""),
    ("/sightings/{s}/frame.jpg", "picture", "frame"),
    ("/sightings/{s}/crop.jpg", "picture", "crop"),
]


@pytest.mark.parametrize(("address", "action", "kind"), LOOKS)
def test_a_look_is_written_down_before_its_answer_is_fetched(
    make_office: Callable[[Any], Office], address: str, action: str, kind: str
) -> None:
    office = make_office(away)
    visitor = office.officer()
    question = visitor.asked("30A-123.45").removeprefix("/q/")
    response = visitor.get(address.format(q=question, s="a" * 32))
    assert response.status_code == 503
    assert "Không kết nối được kho" in response.text
    (look,) = office.looks()
    assert (look.who, look.action, look.reason, look.case_number) == (
        "officer",
        action,
        "trộm xe máy",
        "17/2026",
    )
    if action in ("search", "export", "route"):
        assert look.details["texts"] == ["30A12345"]
        assert look.details["question"] == question
    else:
        assert look.details["sighting"] == "a" * 32


def test_a_colleague_looks_with_a_reason_of_his_own(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0)])
    question = office.officer().asked("30A12345")
    colleague = office.visitor()
    colleague.sign_in("traffic", PASSWORD)
    assert colleague.get(question).location == f"/reason?next={question}"
    colleague.state("kiểm tra hộ đồng đội")
    assert "30A-123.45" in colleague.get(question).text
    assert [(k.who, k.reason) for k in office.looks()] == [("traffic", "kiểm tra hộ đồng đội")]


def test_when_a_look_cannot_be_written_down_nothing_is_shown(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0)])
    visitor = office.officer()
    question = visitor.asked("30A12345")
    with office.parts.registry.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO audit_away")
    response = visitor.get(question)
    assert response.status_code == 503
    assert "30A-123.45" not in response.text
