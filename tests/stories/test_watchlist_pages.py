"""An administrator with a small screen and without JavaScript, at processes that really serve."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page

from search.registry.opening import open_registry
from search.watchlists.entry import Entry
from search.watchlists.keeping import list_entries, save_entries
from tests.alerts_at_work import PASSWORD, PATIENCE_S, now, prepared, wait_for
from tests.chromium import open_page
from tests.officer import Officer
from web.accounts import add_account
from web.children import PLATETRAIL
from web.settings import Settings

LIST = "Xe mất cắp"
ROWS = f"Danh sách,Biển số,Lý do,Đến ngày\n{LIST},30A-123.45,mất cắp,31/12/2099\n"
WIDTH = 320


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """`platetrail serve` with two processes; its address."""
    variables = {
        **os.environ,
        "PLATETRAIL_DATA_DIR": str(settings.data_dir),
        "PLATETRAIL_PORT": str(settings.port),
        "PLATETRAIL_WEB_WORKERS": "2",
    }
    with subprocess.Popen([*PLATETRAIL, "serve"], env=variables) as process:
        try:
            wait_for(Officer(f"http://127.0.0.1:{settings.port}"))
            yield f"http://127.0.0.1:{settings.port}"
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def enter(page: Page, url: str) -> None:
    page.goto(url)
    page.fill("#username", "admin")
    page.fill("#password", PASSWORD)
    page.click("form button.main")
    page.fill("#reason", "rà danh sách")
    page.click("form button.main")
    page.click("text=Danh sách theo dõi")


def fits(page: Page) -> bool:
    """Whether nothing of a page stands beyond the edge of the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide <= WIDTH


def test_a_file_that_was_looked_at_is_saved_by_another_process(tmp_path: Path) -> None:
    settings = prepared(tmp_path)
    registry = open_registry(settings.registry)
    add_account(registry, "admin", "admin", PASSWORD, now())
    old = Entry(LIST, "51F11111", "mất cắp", now() + timedelta(days=1))
    save_entries(registry, {(LIST, old.plate): old}, {LIST: ""}, "a test", now())
    file = tmp_path / "danh sách.csv"
    file.write_text(ROWS, "utf-8")
    with open_page(
        viewport={"width": WIDTH, "height": 800}, locale="vi-VN", java_script_enabled=False
    ) as page:
        with serving(settings) as url:
            enter(page, url)
            assert fits(page)
            page.click(f"text={LIST}")
            assert page.locator("td .read").all_inner_texts() == ["51F-111.11"]
            assert fits(page)
            page.goto(f"{url}/import/watchlists")
            assert fits(page)
            page.set_input_files("#file", file)
            page.click("text=Xem những gì sẽ thay đổi")
            assert "sẽ mất 1 trong 1 mục" in page.inner_text("main")
            assert fits(page)
        assert set(list_entries(registry)) == {(LIST, "51F11111")}
        with serving(settings) as url:
            page.click("text=Lưu tất cả")
            assert "Đã lưu." in page.inner_text("main")
            page.click(f"text={LIST}")
            assert page.locator("td .read").all_inner_texts() == ["30A-123.45"]
            page.click("text=Lịch sử")
            assert fits(page)
            assert "admin" in page.inner_text("tbody tr >> nth=0")
    assert set(list_entries(registry)) == {(LIST, "30A12345")}
