"""Pages that leave their list to a script: never empty, and the operator learns what helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.letters import read_letters
from crawler.readers.page import Page
from crawler.readers.shell import ADVICE, script_sign
from tests.hang import no_hang

PAGES = Path(__file__).parents[1] / "pages"
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/lanmu/"
SHELLS = (
    "app_shell app_says_none noscript_notice asks_for_script avalon_template loading"
    " place_left_empty script_only"
).split()


def saved(name: str) -> Page:
    return Page(ADDRESS, (PAGES / f"{name}.html").read_bytes(), TODAY)


@pytest.mark.parametrize("name", SHELLS)
def test_a_page_without_its_list_is_unreadable_with_advice(name: str) -> None:
    reading = read_list(saved(f"unreadable/list_{name}"))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.why.endswith(ADVICE)
    assert "render = true" in ADVICE


@pytest.mark.parametrize("name", SHELLS)
def test_a_page_that_a_browser_has_rendered_is_not_sent_to_one_again(name: str) -> None:
    reading = read_list(replace(saved(f"unreadable/list_{name}"), rendered=True))
    assert reading.outcome is Outcome.UNREADABLE
    assert ADVICE not in reading.why


def test_a_mailbox_page_that_a_script_is_to_fill_is_not_empty_either() -> None:
    page = saved("unreadable/list_app_says_none")
    assert read_letters(page).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("name", ["ok/list_noscript_and_firewall", "ok/list_templates_and_scripts"])
def test_a_list_beside_notices_templates_and_firewalls_is_read(name: str) -> None:
    page = saved(name)
    assert script_sign(page.body.decode()) is not None
    assert read_list(page).outcome is Outcome.OK


@pytest.mark.parametrize("name", ["list_only_navigation", "list_an_article", "list_two_alike"])
def test_a_page_that_is_unreadable_for_another_reason_needs_no_browser(name: str) -> None:
    reading = read_list(saved(f"unreadable/{name}"))
    assert reading.outcome is Outcome.UNREADABLE
    assert ADVICE not in reading.why


@pytest.mark.parametrize(
    "piece",
    [
        "<div id=list",
        "<ul class=a id=newsList>     ",
        "{{" + "a" * 150,
        "<noscript>",
        "<noscript>js",
        "<script src=",
        "加载",
        "js 脚本",
        "<div " + "a" * 150,
    ],
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: str) -> None:
    with no_hang():
        script_sign("<html><body>" + piece * (400_000 // len(piece)))
