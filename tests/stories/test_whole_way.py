"""The whole way: rendered videos of several cameras in, a route on the page out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lpr.plates import normal_text, printed_form
from lpr.render.scenario import Scale, Scenario, make_scenario, shows_plate
from tests.chromium import open_page
from tests.demo import Demo, running_demo
from tests.ports import free_port

SEED = 7
SCALE = Scale(cameras=4, followed=3, others=2)
OPTIONS = ("--cameras", "4", "--vehicles", "3", "--others", "2", "--seed", str(SEED))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return make_scenario(SCALE, SEED)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), free_port(), OPTIONS) as started:
        yield started


@pytest.fixture
def page() -> Iterator[Page]:
    with open_page(viewport={"width": 1280, "height": 900}, locale="vi-VN") as opened:
        yield opened


def true_cameras(scenario: Scenario, printed: str) -> tuple[str, ...]:
    """The cameras that could see a plate, in the order in which they were passed."""
    trip = next(t for t in scenario.trips if printed_form(t.plate.text) == printed)
    return tuple(p.camera for p in trip.passes if shows_plate(trip, scenario.camera(p.camera)))


def is_ours(address: str, demo: Demo) -> bool:
    return address.startswith((demo.address, "blob:", "data:"))


def test_the_plates_that_are_printed_passed_those_cameras_in_that_order(
    demo: Demo, scenario: Scenario
) -> None:
    assert len(demo.plates) == 3
    for printed, cameras in demo.plates:
        assert cameras == true_cameras(scenario, printed)


def test_an_officer_finds_the_sightings_of_a_plate_and_its_route_on_the_map(
    demo: Demo, scenario: Scenario, page: Page
) -> None:
    printed, cameras = demo.plates[0]
    names = [scenario.camera(camera).name for camera in cameras]
    refused: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: is_ours(asked.url, demo) or foreign.append(asked.url))
    demo.enter(page, "tìm xe gây tai nạn")
    page.fill("#plate", printed.lower())
    expect(page.locator("#preview .plate").first).to_be_visible()
    page.keyboard.press("Enter")

    rows = page.locator("[aria-labelledby=exact] [data-row]")
    expect(rows).to_have_count(len(cameras))
    assert rows.locator(".camera").all_inner_texts() == names[::-1]  # newest first
    read = [normal_text(text) for text in rows.locator(".read").all_inner_texts()]
    assert read == [normal_text(printed)] * len(cameras)
    crop = rows.first.locator("img.crop")
    crop.scroll_into_view_if_needed()
    page.wait_for_function("e => e.complete && e.naturalWidth > 30", arg=crop.element_handle())

    page.get_by_role("link", name="Hành trình").click()
    assert page.locator(".timeline .stop .camera").all_inner_texts() == names
    assert page.locator(".timeline .leg").count() == len(cameras) - 1
    expect(page.locator("#map canvas")).to_be_visible()
    expect(page.locator("#map-missing")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert "/q/" in page.url
    assert normal_text(printed) not in page.url
    assert refused == []
    assert foreign == []


def test_the_result_is_there_without_javascript(demo: Demo) -> None:
    printed, cameras = demo.plates[0]
    with open_page(java_script_enabled=False) as page:
        demo.enter(page, "tìm xe gây tai nạn")
        page.fill("#plate", printed)
        page.get_by_role("button", name="Tìm").first.click()
        expect(page.locator("[data-row]")).to_have_count(len(cameras))
