"""Takes the pictures of the README: real screens, on rendered traffic (`make pictures`)."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.chromium import open_page
from tests.demo import Demo, running_demo
from tests.ports import free_port

PICTURES = Path(__file__).parent / "pictures"
OPTIONS = ("--seed", "9")
SETTLE_MS = 1500  # that the map takes to draw its last road
WINDOW = {"width": 1280, "height": 860}


def main() -> None:
    """Start a demonstration, walk through it as an officer does, and keep what is seen."""
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory(prefix="platetrail-pictures-") as folder,
        running_demo(Path(folder), free_port(), OPTIONS) as demo,
        open_page(viewport=WINDOW, locale="vi-VN", color_scheme="light") as page,
    ):
        _walk(page, demo)


def _walk(page: Page, demo: Demo) -> None:
    printed, _ = demo.plates[0]
    demo.enter(page, "Tìm xe gây tai nạn ở Tràng Tiền")
    page.fill("#plate", printed)
    page.wait_for_selector("#preview .plate")
    _take(page, "search")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-row]")
    _take(page, "results")
    page.get_by_role("link", name="Hành trình").click()
    page.wait_for_selector("#map canvas")
    page.wait_for_load_state("networkidle")
    _take(page, "route")
    page.locator(".timeline .stop .open").first.click()
    page.wait_for_load_state("networkidle")
    _take(page, "sighting")
    page.get_by_role("link", name="Cảnh báo").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".compare img")
    _take(page, "alert")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


if __name__ == "__main__":
    main()
