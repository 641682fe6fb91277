"""The pages as a clerk meets them, in a real Chromium. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.settings import Home
from app.web.rights import Role
from checks.facts import Outcome
from tests.app.life import Life, begin
from tests.app.web.browser import PHONE, Desk, barriers, desk
from tests.app.web.visiting import enter_people

HOSTILE = "<img src=x onerror=alert(1)>教育动态"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """News 20 days old, news 12 days old under a hostile name, and a page that was not had."""
    home = Home(tmp_path_factory.mktemp("life") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for life in begin(home, patch, "2026-03-24"):
            patch.setattr("app.web.snapshot.now", lambda life=life: life.at)
            rows = {
                kind: [dict(row) for row in some] for kind, some in life.ledger.inventory().items()
            }
            rows["column"][1]["name"] = HOSTILE
            life.ledger.load_inventory(rows, life.at)
            enter_people(life.ledger)
            life.look("dt", "2026-03-04")
            life.look("jy", "2026-03-12")
            life.look("kb", None, Outcome.BLOCKED)
            life.cycle()
            yield life


@pytest.fixture(scope="module")
def clerks(life: Life) -> Iterator[Desk]:
    with desk(life.home, life.ledger) as made:
        yield made


def test_a_filter_changes_the_page_and_its_address_without_loading_it_anew(clerks: Desk) -> None:
    page = clerks.page(Role.CLERK)
    page.evaluate("window.same = true")
    page.select_option("select[name=unit]", "zfb")
    page.wait_for_url("**/?unit=zfb*")
    page.wait_for_function("document.querySelectorAll('table.board tbody tr').length === 1")
    assert page.evaluate("window.same") is True
    assert page.locator("table.board tbody th").all_inner_texts() == ["示例办公室"]
    page.reload()
    assert page.locator("table.board tbody th").all_inner_texts() == ["示例办公室"]


def test_all_can_be_read_and_filtered_without_scripts(clerks: Desk) -> None:
    page = clerks.page(Role.CLERK, scripts=False)
    page.select_option("select[name=verdict]", "overdue")
    page.click(".filters button")
    assert page.locator("table.board tbody th").all_inner_texts() == ["示例办公室"]


def test_a_hostile_name_is_text(clerks: Desk) -> None:
    page = clerks.page(Role.CLERK)
    assert page.get_by_text(HOSTILE).count() >= 1
    assert page.locator("main img").count() == 0


def test_the_keyboard_leads_past_the_head_and_through_the_filters(clerks: Desk) -> None:
    page = clerks.page(Role.CLERK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "unit"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_on_paper_there_is_no_head_and_nothing_is_cut_off(clerks: Desk) -> None:
    page = clerks.page(Role.CLERK)
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert not page.locator(".filters").is_visible()
    assert page.locator("table.board").is_visible()


@pytest.mark.parametrize("path", ["/login", "/"])
def test_nothing_keeps_anybody_from_reading(clerks: Desk, path: str) -> None:
    page = clerks.page(Role.CLERK)
    page.goto(path)
    assert barriers(page) == []


@pytest.mark.parametrize("path", ["/"])
def test_a_phone_shows_the_page_within_its_width(clerks: Desk, path: str) -> None:
    page = clerks.page(Role.CLERK, PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
