import re
from pathlib import Path

import pytest

from web.app import create_app
from web.settings import Settings
from web.testing import PASSWORD, Office, passed

ADDRESSES = ("/", "/passings", "/reason", "/nowhere")


def policy(header: str) -> dict[str, set[str]]:
    parts = [part.split() for part in header.split("; ")]
    return {name: set(values) for name, *values in parts}


def test_every_answer_carries_a_strict_policy(office: Office) -> None:
    visitor = office.officer()
    for address in (*ADDRESSES, "/health", "/map/roads.geojson"):
        response = visitor.get(address)
        rules = policy(response.headers["Content-Security-Policy"])
        assert rules["default-src"] == {"'none'"}
        for name in ("script-src", "style-src", "connect-src", "worker-src", "form-action"):
            assert rules[name] == {"'self'"}
        assert rules["frame-ancestors"] == {"'none'"}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_scripts_or_styles_of_its_own_or_of_others(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0), passed("30A12345", "C2", 2)])
    visitor = office.officer()
    address = visitor.asked("30A12345")
    sighting = visitor.get(address + ".json").json[0]["id"]
    for page in (*ADDRESSES, address, f"{address}/route", f"/sightings/{sighting}"):
        html = visitor.get(page).text
        assert " style=" not in html
        assert not re.search(r"\son[a-z]+=", html)
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all("src=" in s or 'type="application/json"' in s for s in scripts)
        for link in re.findall(r'(?:src|href|action)="([^"]*)"', html):
            assert link.startswith(("/", "#")), link
            assert not link.startswith("//")


def test_answers_are_kept_by_no_browser(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0)])
    visitor = office.officer()
    address = visitor.asked("30A12345")
    for page in ("/", address, address + ".csv", address + "/route", "/map/cameras.geojson"):
        assert visitor.get(page).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/search", "/preview", "/passings", "/reason", "/sign-out", "/language", "/sign-in"]
)
def test_a_form_without_its_token_is_refused(office: Office, address: str) -> None:
    response = office.officer().client.post(address, data={"plate": "30A12345", "language": "en"})
    assert response.status_code == 400
    assert "Biểu mẫu này đã quá cũ" in response.text


def test_pages_are_vietnamese_first_and_english_by_one_click(office: Office) -> None:
    visitor = office.officer()
    assert '<html lang="vi">' in visitor.get("/").text
    assert visitor.fill("/", "/language", language="en", next="/passings").location == "/passings"
    page = visitor.get("/").text
    assert '<html lang="en">' in page
    assert "Where was this vehicle?" in page
    visitor.fill("/", "/language", language="xx")
    assert '<html lang="en">' in visitor.get("/").text


def test_the_language_is_kept_in_the_account_and_in_the_browser(office: Office) -> None:
    visitor = office.officer()
    visitor.fill("/", "/language", language="en")
    elsewhere = office.officer()
    assert '<html lang="en">' in elsewhere.get("/").text
    visitor.fill("/", "/sign-out")
    assert '<html lang="en">' in visitor.get("/sign-in").text
    assert '<html lang="vi">' in office.visitor().get("/sign-in").text


def test_a_page_without_the_map_is_light(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", i) for i in range(60)])
    visitor = office.officer()
    dist = Path(office.app.static_folder or "")
    assets = sum((dist / name).stat().st_size for name in ("app.css", "app.js", "icon.svg"))
    for address in ("/", visitor.asked("30A12345")):
        assert assets + len(visitor.get(address).data) < 150_000


def test_assets_come_from_here_and_change_their_address_with_their_content(office: Office) -> None:
    page = office.visitor().get("/sign-in").text
    found = re.search(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', page)
    assert found
    response = office.visitor().get(found[1])
    assert response.status_code == 200
    assert "max-age=31536000" in response.headers["Cache-Control"]


def test_a_page_that_is_not_there_says_so(office: Office) -> None:
    response = office.visitor().get("/nowhere")
    assert response.status_code == 404
    assert "Không có trang này" in response.text
    assert office.officer().client.put("/").status_code == 405


def test_what_is_typed_is_never_taken_for_markup(office: Office) -> None:
    visitor = office.visitor()
    visitor.sign_in("officer", PASSWORD)
    visitor.state("<b>trộm</b> xe máy")
    assert "&lt;b&gt;trộm" in visitor.get("/").text
    page = visitor.search('"><script>alert(1)</script>' + "1" * 20).text
    assert "<script>alert" not in page


def test_behind_a_proxy_with_https_cookies_are_for_https_only(
    registry_file: Path, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, registry_url=f"sqlite:///{registry_file}", https=True)
    client = create_app(settings).test_client()
    proxy = {"X-Forwarded-Proto": "https", "Referer": "https://localhost/sign-in"}
    page = client.get("/sign-in", headers=proxy)
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    fields = {"csrf_token": token[1], "username": "traffic", "password": PASSWORD}
    assert client.post("/sign-in", data=fields, headers=proxy).location == "/"
    elsewhere = proxy | {"Referer": "https://evil.example/"}
    assert client.post("/sign-in", data=fields, headers=elsewhere).status_code == 400


def test_health_says_only_that_it_answers(office: Office) -> None:
    assert office.visitor().get("/health").data == b"ok\n"
