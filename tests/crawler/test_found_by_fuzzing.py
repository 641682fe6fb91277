"""What made inputs brought to light (`make fuzz`): each in its shortest form, all synthetic."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.choose import read_list
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.listing.rowtext import resolve
from crawler.readers.markup import attributes
from crawler.readers.page import Page
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/index.html"


def page(body: str, url: str = ADDRESS) -> Page:
    return Page(url, body.encode(), TODAY)


@pytest.mark.parametrize("left", ["<?xml:namespace prefix = o />", "<?d>", "<?php echo 1 ?>"])
def test_an_instruction_for_another_program_in_a_table_costs_no_row(left: str) -> None:
    rows = [
        f"<tr><td><a href='/a/{day}.html'>关于示例事项第{day}号的通知</a></td>{left}"
        f"<td>2026-11-{day:02}</td></tr>"
        for day in (1, 2, 3, 4, 5)
    ]
    for rest in (left, ""):
        reading = read_list(page(f"<table>{rest}{''.join(rows)}</table>"))
        assert [item.published_on for item in reading.items] == [
            date(2026, 11, d) for d in range(1, 6)
        ]
        assert reading.outcome is Outcome.OK
    table = f"<table><tr><td>2026-11-01</td>{left}<td>2026-11-02</td></tr></table>"
    assert read_letters(page(table)).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("number", ["1114112", "x110000", "99999999999999999999999"])
def test_a_feed_with_a_character_that_does_not_exist_is_unreadable_and_no_crash(
    number: str,
) -> None:
    entry = f"<item><title>题&#{number};</title><pubDate>2026-11-20</pubDate></item>"
    reading = read_list(page(f"<rss><channel>{entry}</channel></rss>"), "feed")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert reading.why == "已指定读取方式；订阅源的内容有误，无法解析"


def test_a_letter_on_a_page_without_address_has_none() -> None:
    body = "<table><tr><td>来信时间</td><td>2026-11-01</td></tr></table><p>示例来信</p>"
    (letter,) = read_letter(page(body, "")).letters
    assert (letter.url, letter.received_on) == (None, date(2026, 11, 1))


def test_a_letter_whose_title_was_cut_in_half_a_character_is_read() -> None:
    answer = '{"data":[{"title":"\\ud800示例来信","status":"已办结"}]}'
    (letter,) = read_letters(page(answer)).letters
    assert (len(letter.ref), letter.status) == (12, "已办结")


def test_a_feed_whose_elements_close_in_each_other_is_unreadable_and_no_crash() -> None:
    reading = read_list(page("<rss><channel><item><link></item></link></rss>"), "feed")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())


def test_a_tab_or_a_break_within_an_address_is_left_out_as_browsers_do() -> None:
    for written in ("http\t://www.example.gov.cn/a", "ht\ntp://www.example.gov.cn/a"):
        assert resolve(written, ADDRESS) == "http://www.example.gov.cn/a"
    assert resolve("\x18https://www.example.gov.cn/\x00", ADDRESS) == "https://www.example.gov.cn/"
    assert resolve("java\tscript:alert(1)", ADDRESS) is None


def test_a_list_service_that_cuts_a_character_in_half_is_read_nevertheless() -> None:
    rows = [
        f"<li><a href='/a/{day}.html'>示例事项第{day}号的通知</a><span>2026-11-0{day}</span></li>"
        for day in range(1, 7)
    ]
    html = json.dumps(f"<ul>{''.join(rows)}</ul>\ud800")
    reading = read_list(page(f'{{"success":true,"code":"200","data":{{"html":{html}}}}}'))
    assert [item.published_on for item in reading.items] == [date(2026, 11, d) for d in range(1, 7)]


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape"])
def test_a_page_cannot_choose_a_charset_that_makes_half_characters(charset: str) -> None:
    assert decode(b"<p>+2AA- \\ud800", f"text/html; charset={charset}") == "<p>+2AA- \\ud800"


def test_rows_within_rows_of_a_mailbox_are_read_to_an_end() -> None:
    """4 kB of them took 16 seconds, and each further one more than the one before."""
    nested = "<a href='x'>标题文字<table><tr><td>示例" * 700
    row = f"<record><![CDATA[<tr><td>1<td><a href='/jact/a?id=1'>咨询{nested}]]></record>"
    with no_hang(60):
        reading = read_letters(page(f"<datastore><recordset>{row}</recordset></datastore>"))
    assert all(letter.received_on is None for letter in reading.letters)


@pytest.mark.parametrize("tag", ["li", "tr", "dl"])
def test_rows_within_rows_are_read_once_each_and_hold_nobody_up(tag: str) -> None:
    """53 kB of them took two minutes; no row and no day is lost."""
    before, after = {
        "li": ("<ul><li>", ""),
        "tr": ("<table><tr><td>", "<td>"),
        "dl": ("<dl><dt>", "<dd>"),
    }[tag]
    rows = "".join(
        f"{before}<a href='/a/{n}.html'>关于示例事项第{n}号的通知</a>{after}<span>2026-11-20</span>"
        for n in range(400)
    )
    with no_hang(60):
        reading = read_list(page(f"<body><div id='initData'>{rows}</div>"))
        store = f"<datastore><totalrecord>400</totalrecord><recordset><record><![CDATA[{rows}]]>"
        answer = read_list(page(f"{store}</record></recordset></datastore>"))
    assert (reading.reader, reading.outcome) == ("truecms", Outcome.OK)
    assert {item.published_on for item in (*reading.items, *answer.items)} == {date(2026, 11, 20)}
    assert len(reading.items) == len(answer.items) == 400


def test_a_head_that_is_no_name_is_not_tried_at_each_of_its_places() -> None:
    with no_hang(60):
        assert attributes("meta " + "[" * 400_000 + " content='示例' b=1") == {
            "content": "示例",
            "b": "1",
        }
        assert attributes("a [[x=\"1\"y='2'z=3/4") == {"[[x": "1", "y": "2", "z": "3/4"}


@pytest.mark.parametrize("markup", ["来信时间", "<div>来信时间</div>", "<b><i>答复时间：</i></b>"])
def test_a_page_of_one_label_and_nothing_else_holds_nobody_up(markup: str) -> None:
    with no_hang(60):
        reading = read_letter(page(f"<html><body>{markup}</body></html>"))
    assert (reading.letters, reading.outcome) == ((), Outcome.UNREADABLE)


def test_beside_a_label_that_is_all_of_its_cell_stands_the_next_cell() -> None:
    held = page("<div><div><span>来信时间</span></div><div>2026-11-02</div></div>")
    [letter] = read_letter(held).letters
    assert letter.received_on == date(2026, 11, 2)
