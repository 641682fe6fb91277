"""Letters: what a date means is read from its head cell or label, and never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checks.facts import Letter, Outcome
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.page import LettersReading, Page

PAGES = Path(__file__).parents[1] / "pages"
TODAY = date(2026, 11, 22)
LIST = "https://www.example.gov.cn/hdjl/szxx/list.html"
DETAIL = "https://www.example.gov.cn/hdjl/szxx/mail.jsp?id=90018"


def list_of(body: str, url: str = LIST) -> LettersReading:
    return read_letters(Page(url, f"<!-- synthetic --><body>{body}".encode(), TODAY))


def detail_of(body: str, known: Letter | None = None) -> LettersReading:
    return read_letter(Page(DETAIL, f"<!-- synthetic --><body>{body}".encode(), TODAY), known)


def table(head: str, *rows: str) -> str:
    cells = "".join(f"<th>{name}</th>" for name in head.split())
    lines = "".join(
        "<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row.split("|")) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{cells}</tr>{lines}</table>"


def only(reading: LettersReading) -> Letter:
    assert len(reading.letters) == 1, reading
    return reading.letters[0]


LINK = "<a href='mail.jsp?id=90018'>咨询居住证办理流程</a>"


@pytest.mark.parametrize(
    "name", ["来信时间", "写信日期", "提交时间", "留言时间", "反映时间", "申请日期"]
)
def test_a_column_named_for_asking_is_the_day_of_receipt(name: str) -> None:
    letter = only(list_of(table(f"标题 {name}", f"{LINK}|2026-11-10")))
    assert (letter.received_on, letter.replied_on) == (date(2026, 11, 10), None)


@pytest.mark.parametrize("name", ["回复时间", "答复日期", "办结时间", "处理时间", "反馈时间"])
def test_a_column_named_for_answering_is_the_day_of_reply(name: str) -> None:
    letter = only(list_of(table(f"标题 {name}", f"{LINK}|2026-11-10")))
    assert (letter.received_on, letter.replied_on) == (None, date(2026, 11, 10))


def test_a_column_named_for_acceptance_is_neither() -> None:
    letter = only(list_of(table("标题 受理时间", f"{LINK}|2026-11-10")))
    assert letter.accepted_on == date(2026, 11, 10)
    assert (letter.received_on, letter.replied_on) == (None, None)


@pytest.mark.parametrize("name", ["时间", "日期", "发布时间", "答复时限", "应办结时间"])
def test_a_date_whose_head_cell_says_nothing_known_is_no_date_of_the_letter(name: str) -> None:
    letter = only(list_of(table(f"标题 状态 {name}", f"{LINK}|已办结|2026-11-10")))
    assert (letter.received_on, letter.accepted_on, letter.replied_on) == (None, None, None)
    assert letter.status == "已办结"


def test_a_date_without_any_head_is_no_date_of_the_letter() -> None:
    row = "<li><a href='/x/800{0}.html'>关于道路积水问题的来信</a><span>2026-11-1{0}</span></li>"
    reading = list_of("<ul>" + "".join(row.format(n) for n in range(3)) + "</ul>")
    assert reading.outcome is Outcome.UNDATED
    assert [letter.replied_on for letter in reading.letters] == [None, None, None]
    assert [letter.received_on for letter in reading.letters] == [None, None, None]


def test_cards_that_label_only_their_reply_are_read() -> None:
    card = "<div><a href='/x/80{0}.html'>咨询办理流程{0}</a><p>回复时间：2026-11-1{0}</p></div>"
    letters = list_of("".join(card.format(n) for n in range(3))).letters
    assert [letter.replied_on for letter in letters] == [date(2026, 11, 10 + n) for n in range(3)]
    assert [letter.received_on for letter in letters] == [None, None, None]


@pytest.mark.parametrize(
    ("href", "ref"),
    [
        ("mail.jsp?type=1&id=90018", "90018"),
        ("/jact/front/mailpubdetail.do?transactId=15285&sysid=6", "15285"),
        ("/szxx/20261105/700123.html", "700123"),
        ("/c1/2026/0a1b2c3d4e5f60718293a4b5c6d7e8f9.html", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ],
)
def test_a_letter_without_number_is_known_by_the_id_in_its_address(href: str, ref: str) -> None:
    letter = only(list_of(table("标题 来信时间", f"<a href='{href}'>咨询办理流程</a>|2026-11-10")))
    assert letter.ref == ref


def test_a_letter_with_neither_is_known_by_a_short_hash_that_does_not_change() -> None:
    body = table("标题 来信时间", "<a href='/szxx/view.html'>咨询办理流程</a>|2026-11-10")
    first, again = only(list_of(body)), only(list_of(body))
    assert first.ref == again.ref
    assert len(first.ref) == 12


def test_a_number_that_letters_share_does_not_merge_them() -> None:
    rows = (
        "12345 | <a href='?id=1'>来信甲</a> | 2026-11-10",
        "12345 | <a href='?id=2'>来信乙</a> | 2026-11-11",
    )
    letters = list_of(table("编号 标题 来信时间", *rows)).letters
    assert [letter.title for letter in letters] == ["来信甲", "来信乙"]
    assert len({letter.ref for letter in letters}) == 2


@pytest.mark.parametrize("status", ["待处理", "办理中", "转办", "已回复", "已办结", "不予受理"])
def test_the_status_stays_the_page_s_own_word(status: str) -> None:
    body = table("编号 标题 来信时间 处理状态", f"A-1|{LINK}|2026-11-10|{status}")
    assert only(list_of(body)).status == status


@pytest.mark.parametrize("blank", ["", "-", "--", "暂无", "&nbsp;"])
def test_a_blank_cell_is_nothing_and_not_an_answer(blank: str) -> None:
    body = table("标题 来信时间 答复时间 答复单位", f"{LINK}|2026-11-10|{blank}|{blank}")
    letter = only(list_of(body))
    assert (letter.replied_on, letter.unit) == (None, None)


def test_a_reply_dated_before_its_letter_is_kept_as_shown_for_a_person_to_check() -> None:
    letter = only(list_of(table("标题 来信时间 答复时间", f"{LINK}|2026-11-10|2026-11-09")))
    assert (letter.replied_on, letter.answered) == (date(2026, 11, 9), True)


@pytest.mark.parametrize(
    ("cell", "answered"),
    [
        ("2026-11-12", True),
        ("11-12", True),
        ("已回复", True),
        ("查看答复", True),
        ("", False),
        ("--", False),
        ("暂无", False),
        ("未回复", False),
        ("待答复", False),
        ("正在办理", False),
        ("办理中", False),
    ],
)
def test_a_reply_column_shows_an_answer_dated_or_not_or_that_there_is_none(
    cell: str, answered: bool
) -> None:
    letter = only(list_of(table("标题 来信时间 答复时间", f"{LINK}|2026-11-10|{cell}")))
    assert letter.answered is answered


def test_a_list_without_a_reply_column_is_silent() -> None:
    assert only(list_of(table("标题 来信时间", f"{LINK}|2026-11-10"))).answered is None


def test_a_detail_page_with_an_undated_answer_is_answered_and_one_without_is_not() -> None:
    asked = "<p>来信时间：2026-11-10</p><p>来信内容：路灯不亮。</p>"
    assert only(detail_of(asked)).answered is False
    assert only(detail_of(f"{asked}<p>回复内容：已修复。</p>")).answered is True
    assert only(detail_of(f"{asked}<p>答复内容：</p>")).answered is False


def test_a_title_cut_short_in_its_column_is_taken_from_the_link() -> None:
    link = "<a href='?id=1' title='关于示例路夜间施工的投诉'>关于示例路夜...</a>"
    letter = only(list_of(table("标题 来信时间", f"{link}|2026-11-10")))
    assert letter.title == "关于示例路夜间施工的投诉"


def test_a_jact_list_without_rows_names_the_service_to_ask() -> None:
    url = "https://www.example.gov.cn/jact/front/mailpublist.do?sysid=107"
    reading = list_of("<table id='list'></table><script>load()</script>", url)
    follow = reading.follow
    assert reading.outcome is Outcome.UNREADABLE
    assert follow is not None
    assert follow.method == "POST"
    assert urlsplit(follow.url).path == "/jact/front/dataproxy_mailnewlist.action"
    assert follow.form["sysid"] == "107"
    assert follow.headers == {"Referer": url}


def test_a_jact_answer_in_another_order_keeps_its_titles_and_no_dates() -> None:
    row = "<tr><td>A1<td>2026-11-01<td><a href='?transactId=7'>咨询办理流程</a><td>公安局</tr>"
    store = f"<datastore><recordset><record><![CDATA[{row}]]></record></recordset></datastore>"
    letter = only(list_of(store))
    assert (letter.title, letter.received_on, letter.replied_on) == ("咨询办理流程", None, None)


def test_a_jact_answer_with_a_total_of_zero_is_an_empty_mailbox() -> None:
    store = "<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>"
    assert list_of(store).outcome is Outcome.EMPTY


def test_a_page_without_letters_is_unreadable_unless_it_says_so_itself() -> None:
    assert list_of("<form>标题 <input></form>").outcome is Outcome.UNREADABLE
    assert list_of(table("编号 标题 来信时间", "暂无数据")).outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>来信时间</td><td>2026-11-10</td></tr>"
        "<tr><td>答复时间</td><td>2026-11-12</td></tr></table>",
        "<dl><dt>来信时间</dt><dd>2026-11-10 08:20</dd>"
        "<dt>答复时间</dt><dd>2026-11-12 15:00</dd></dl>",
        "<p>来信时间：2026-11-10  答复时间：2026-11-12</p>",
        "<p><b>来信时间：</b>2026年11月10日</p><p><b>答复时间：</b>2026年11月12日</p>",
        "<ul><li><i>来信时间</i><em>2026-11-10</em></li>"
        "<li><i>答复时间</i><em>2026-11-12</em></li></ul>",
        "<div>来信 时间：2026/11/10</div><div>答复时间 : 2026/11/12</div>",
        "<table><tr><th>来信时间</th><th>答复时间</th></tr>"
        "<tr><td>2026-11-10</td><td>2026-11-12</td></tr></table>",
    ],
    ids=["table", "definition", "paragraph", "bold", "list", "blanks", "head row"],
)
def test_a_detail_page_labels_its_days_in_many_ways(body: str) -> None:
    letter = only(detail_of(f"<h2>咨询居住证办理流程</h2>{body}"))
    assert (letter.received_on, letter.replied_on) == (date(2026, 11, 10), date(2026, 11, 12))


def test_a_detail_page_completes_the_letter_of_the_list_and_keeps_its_reference() -> None:
    known = Letter("90018", "咨询居住证", LIST, received_on=date(2026, 11, 10), status="办理中")
    path = PAGES / "ok" / "letters_detail_table.html"
    letter = only(read_letter(Page(DETAIL, path.read_bytes(), TODAY), known))
    assert letter == Letter(
        ref="90018",
        title="咨询居住证",
        url=LIST,
        received_on=date(2026, 11, 10),
        replied_on=date(2026, 11, 12),
        unit="市公安局",
        status="已办结",
        answered=True,
    )


def test_an_empty_reply_is_no_reply_whatever_other_columns_say() -> None:
    body = "<p>来信时间：2026-11-10 办理时间：2026-11-11</p><p>答复时间：</p>"
    assert only(detail_of(body)).replied_on is None
    both = "<p>来信时间：2026-11-10 办理时间：2026-11-11 答复时间：2026-11-12</p>"
    assert only(detail_of(both)).replied_on == date(2026, 11, 12)
    row = f"{LINK} | 2026-11-10 | 2026-11-11 | | 市公安局 | 市局"
    letter = only(list_of(table("标题 来信时间 办理时间 答复时间 答复单位 办理单位", row)))
    assert (letter.replied_on, letter.unit) == (None, "市公安局")


def test_days_in_the_words_of_a_letter_or_its_answer_are_not_its_days() -> None:
    body = (
        "<p>来信时间：2026-11-10</p><p>来信内容：我于2026年11月1日反映过。</p>"
        "<p>答复内容：2026年11月15日我局派员到现场，将于2026年12月1日前完成。</p>"
    )
    letter = only(detail_of(body))
    assert (letter.received_on, letter.replied_on) == (date(2026, 11, 10), None)


def test_a_detail_page_without_a_reply_leaves_the_letter_open() -> None:
    path = PAGES / "ok" / "letters_detail_open.html"
    reading = read_letter(Page(DETAIL, path.read_bytes(), TODAY))
    assert reading.outcome is Outcome.OK
    assert (only(reading).replied_on, only(reading).status) == (None, "办理中")
    assert only(reading).unit is None


def test_a_page_that_labels_nothing_is_no_detail_page() -> None:
    known = Letter("90018", "咨询居住证", LIST, received_on=date(2026, 11, 10))
    reading = detail_of("<p>您的登录已超时，请返回首页重新进入。</p>" * 30, known)
    assert (reading.outcome, reading.letters) == (Outcome.UNREADABLE, ())


def test_a_refused_page_says_nothing_of_its_letters() -> None:
    refused = Page(LIST, table("标题 来信时间", f"{LINK}|2026-11-10").encode(), TODAY, 403)
    assert read_letters(refused).outcome is Outcome.BLOCKED
    assert read_letter(refused).outcome is Outcome.BLOCKED
