"""The pages as a clerk meets them, in a real Chromium. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page

from app.home import Home
from app.web.nav import PLACES
from app.web.pages import ROUTERS
from app.web.rights import Action, Role, may
from checks.facts import Outcome
from checks.lifecycle import EventKind
from tests.app.life import Life, begin
from tests.app.web.browser import PHONE, Desk, barriers, desk
from tests.app.web.test_guard import action_of
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
    page.click(".filter button")
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
    assert not page.locator(".filter").is_visible()
    assert page.locator("table.board").is_visible()


def test_the_morning_of_a_clerk(clerks: Desk, life: Life) -> None:
    """Open, filter, look at the column, confirm, give notice, see the mail."""
    life.on("2026-03-24", 10)
    page = clerks.page(Role.CLERK)
    page.select_option("select[name=verdict]", "overdue")
    page.wait_for_url("**verdict=overdue*")
    page.click("[aria-label=明细] a:has-text('政务动态')")
    assert page.locator("h1").inner_text() == "政务动态"
    page.wait_for_selector("figure[data-chart] canvas")
    page.click(".finding a")
    page.click("summary:has-text('确认')")
    page.click("details[open] button")
    page.wait_for_selector("[role=status]")
    page.click("a:has-text('下发')")
    assert page.locator(".coming li").first.inner_text().startswith("示例办公室：")
    page.click("main form button:has-text('确认')")
    page.wait_for_selector("[role=status]")
    page.click("a[href^='/deliveries/'] >> nth=-1")
    assert "整改" in page.locator("main").inner_text()
    finding = life.findings()[0]
    kinds = [each.kind for each in finding.events]
    assert kinds[-2:] == [EventKind.CONFIRMED, EventKind.NOTIFIED]
    assert [each.action for each in life.ledger.audited()][::-1] == [
        "finding.confirm",
        "finding.notice",
    ]
    assert {str(mail["To"]) for mail in life.mails()} >= {"zfb@example.cn"}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LEADER])
def test_who_comes_in_sees_the_places_of_their_role(clerks: Desk, role: Role) -> None:
    page = clerks.page(role)
    places = page.locator("header nav a").all_inner_texts()
    assert places == [place.name for place in PLACES if may(role, place.action)]
    page.goto("/people")
    assert page.locator("h1").inner_text() == "没有权限"
    page.click("text=退出")
    page.wait_for_selector("#password")
    page.goto("/")
    assert page.locator("#password").is_visible()
    # A status of refusal is an error to a browser's console, and just what is wanted here.
    clerks.complaints[:] = [each for each in clerks.complaints if "403" not in each]


# Files to take home, and pages that are of something that their address names.
NO_PAGES = {
    "/inventory.xlsx",
    "/inventory.toml",
    "/findings/issued",
    "/findings/handle",
    "/findings/end",
}
PLAIN = {
    route.path: action_of(route)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "{" not in route.path
}
OF_ONE = (
    "/columns/dt",
    "/columns/kb",
    "/sites/s",
    "/findings/1",
    "/findings/handle?step=dismiss&id=1",
    "/rules/haian",
    "/deliveries/1",
    "/inventory/column/dt",
)


@pytest.fixture(scope="module")
def pages(clerks: Desk) -> dict[Role, Page]:
    return {role: clerks.page(role) for role in (Role.CLERK, Role.OPERATOR)}


@pytest.mark.parametrize("path", [*sorted(PLAIN.keys() - NO_PAGES), *OF_ONE])
def test_nothing_keeps_anybody_from_reading(pages: dict[Role, Page], path: str) -> None:
    action = PLAIN.get(path) or Action.SEE_OWN
    page = pages[Role.CLERK if may(Role.CLERK, action) else Role.OPERATOR]
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert barriers(page) == []


@pytest.mark.parametrize("path", ["/", "/findings", "/letters", "/columns/dt", "/sites/s"])
def test_a_phone_shows_the_page_within_its_width(clerks: Desk, path: str) -> None:
    page = clerks.page(Role.CLERK, PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
