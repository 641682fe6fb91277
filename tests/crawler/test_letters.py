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


# Slips of the page


@pytest.mark.parametrize("name", ["来信时间", "受理时间"])
def test_a_letter_received_in_the_future_has_no_day_of_receipt(name: str) -> None:
    letter = only(list_of(table(f"标题 {name} 状态", f"{LINK}|2026-11-23|办理中")))
    assert (letter.received_on, letter.accepted_on) == (None, None)
    today = only(list_of(table(f"标题 {name} 状态", f"{LINK}|2026-11-22|办理中")))
    assert date(2026, 11, 22) in (today.received_on, today.accepted_on)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-05 24:00", date(2026, 1, 5)),
        ("昨天 08:30", date(2026, 11, 21)),
        ("3天前", date(2026, 11, 19)),
        ("2026/1/5", date(2026, 1, 5)),
        ("11-10", None),
        ("3个月前", None),
    ],
)
def test_the_day_of_receipt_is_read_as_pages_write_it(written: str, day: date | None) -> None:
    assert only(list_of(table("标题 来信时间", f"{LINK}|{written}"))).received_on == day


@pytest.mark.parametrize("title", ["{{row.title}}", "${row.bt}", "<%=title%>", "{item.title}"])
def test_a_row_that_a_script_has_yet_to_fill_is_no_letter(title: str) -> None:
    row = f"<a href='#'>{title.replace('<', '&lt;')}</a>|2026-11-10|办理中"
    reading = list_of(table("标题 来信时间 状态", row))
    assert (reading.outcome, reading.letters) == (Outcome.UNREADABLE, ())


def test_a_head_without_rows_is_not_filled_with_the_links_beside_it() -> None:
    news = "".join(
        f"<li><a href='/xw/{n}.html'>市领导开展第{n}次调研活动</a><span>2026-11-1{n}</span></li>"
        for n in range(5)
    )
    reading = list_of(f"{table('编号 标题 来信时间 状态')}<ul>{news}</ul>")
    assert (reading.outcome, reading.letters) == (Outcome.UNREADABLE, ())


# One letter, one number


def test_the_same_letter_shown_twice_is_one_letter() -> None:
    rows = (
        "A-001 | <a href='?id=90018'>【置顶】咨询居住证办理流程</a> | 2026-11-10 | 办理中",
        "A-002 | <a href='?id=90019'>咨询户口迁移</a> | 2026-11-11 | 办理中",
        "A-001 | <a href='?id=90018'>咨询居住证办理流程</a> | 2026-11-10 | 办理中",
    )
    letters = list_of(table("编号 标题 来信时间 状态", *rows)).letters
    assert [(letter.ref, letter.title) for letter in letters] == [
        ("A-001", "咨询居住证办理流程"),
        ("A-002", "咨询户口迁移"),
    ]


def test_letters_that_share_an_address_without_id_stay_apart() -> None:
    rows = ("<a href='/login'>来信甲</a> | 2026-11-10", "<a href='/login'>来信乙</a> | 2026-11-11")
    letters = list_of(table("标题 来信时间", *rows)).letters
    assert [letter.title for letter in letters] == ["来信甲", "来信乙"]
    assert len({letter.ref for letter in letters}) == 2


def test_the_number_of_a_row_is_not_the_number_of_its_letter() -> None:
    row = "{} | <a href='?id=9001{}'>来信{}</a> | 2026-11-1{}"
    letters = list_of(table("编号 标题 来信时间", row.format(1, 8, "甲", 0))).letters
    later = list_of(
        table("编号 标题 来信时间", row.format(1, 9, "乙", 1), row.format(2, 8, "甲", 0))
    ).letters
    assert [letter.ref for letter in letters] == ["90018"]
    assert [letter.ref for letter in later] == ["90019", "90018"]


@pytest.mark.parametrize(
    ("title", "status", "said"),
    [
        ("【重复件】反映路灯不亮", "", "重复件"),
        ("反映路灯不亮（已撤回）", "办理中", "办理中（已撤回）"),
        ("反映路灯不亮[同一诉求]", "转办", "转办（同一诉求）"),
        ("反映路灯不亮【重复来信】", "重复来信", "重复来信"),
        ("发票（作废）后如何重开", "办理中", "办理中"),
        ("关于重复收费的投诉", "办理中", "办理中"),
    ],
)
def test_a_mark_in_brackets_at_either_end_of_a_title_belongs_to_the_status(
    title: str, status: str, said: str
) -> None:
    row = f"<a href='?id=90018'>{title}</a> | 2026-11-10 | {status}"
    assert only(list_of(table("标题 来信时间 状态", row))).status == said


def test_a_mark_in_the_list_stays_with_the_letter_when_its_page_has_a_status() -> None:
    known = Letter("90018", "咨询居住证", DETAIL, status="办理中（重复件）")
    letter = only(detail_of("<h2>咨询居住证</h2><p>来信时间：2026-11-10 状态：转办</p>", known))
    assert letter.status == "转办（重复件）"


def test_the_writer_is_not_part_of_a_letter() -> None:
    row = f"A-001|{LINK}|写信人甲|13900000000|2026-11-10|办理中"
    letter = only(list_of(table("编号 标题 写信人 联系电话 来信时间 状态", row)))
    assert "写信人甲" not in repr(letter)
    assert "13900000000" not in repr(letter)


# What a detail page may leave unsaid

ASKED = "<h2>咨询居住证</h2><p>来信时间：2026-11-10</p>"
KNOWN = Letter("90018", "咨询居住证", DETAIL, received_on=date(2026, 11, 10))


@pytest.mark.parametrize(
    "more",
    [
        "<p>答复内容：{{mail.reply}}</p>",
        "<p>答复内容：</p><div v-html='mail.replyContent'></div>",
        "<p>答复内容：<span id='r'></span></p><script>$('#replyContent').html(d.x)</script>",
        "<div>您的来信收悉，现答复如下：路灯已修复。</div>",
        "<div>感谢您对城市管理工作的支持！</div>",
        "<div><b>市公安局</b> 回复于 2026-11-12<p>请到派出所办理。</p></div>",
        "<h3>【网站回复】</h3><div>请到派出所办理。</div>",
        "<div>您好，您反映的问题已转派出所。</div>",
        "<div>经核实，路灯已修复。</div>",
        "<table><tr><th>办理单位</th><th>办理时间</th><th>办理情况</th></tr>"
        "<tr><td>信箱办</td><td>2026-11-11</td><td>转办</td></tr>"
        "<tr><td>公安局</td><td>2026-11-12</td><td>已答复</td></tr></table>",
        "<table><tr><th>处理单位</th><th>处理时间</th><th>处理情况</th></tr>"
        "<tr><td>信箱办</td><td>2026-11-11</td><td>转办</td></tr></table>",
    ],
)
def test_an_answer_that_may_stand_there_unlabelled_or_come_by_script_is_not_denied(
    more: str,
) -> None:
    letter = only(detail_of(ASKED + more, KNOWN))
    assert (letter.answered, letter.replied_on) == (None, None)


@pytest.mark.parametrize(
    "more",
    [
        "<p>来信内容：路灯不亮，望尽快修复并答复，盼回复。</p>",
        "<p>答复单位：</p><p>答复时间：</p><p>答复内容：</p>",
        "<div class='footer'><p>感谢您的来信，您反映的问题我们将尽快答复。</p></div>",
    ],
)
def test_words_of_the_writer_blank_labels_and_the_footer_are_no_answer(more: str) -> None:
    assert only(detail_of(ASKED + more, KNOWN)).answered is False


def test_a_picture_in_a_cell_speaks_for_it() -> None:
    body = table("标题 来信时间 状态", f"{LINK}|2026-11-10|<img src='g.gif' alt='已回复'>")
    assert only(list_of(body)).status == "已回复"


def test_a_plain_detail_page_without_answer_shows_that_there_is_none() -> None:
    script = "<script>$.ajax({url: '/visit/count.do'}); $('#hits').html(n)</script>"
    assert only(detail_of(f"{ASKED}<p>来信内容：路灯不亮。</p>{script}", KNOWN)).answered is False


def test_a_page_that_does_not_show_the_title_says_nothing_of_an_answer() -> None:
    other = "<h2>写信须知</h2><p>来信时间：2026-11-01</p>"
    assert only(detail_of(other, KNOWN)).answered is None


def test_labels_without_a_day_make_no_detail_page() -> None:
    reading = detail_of("<h2>咨询居住证</h2><p>受理时间：工作日上午9时至11时</p>", KNOWN)
    assert (reading.outcome, reading.letters) == (Outcome.UNREADABLE, ())


def test_a_long_text_beside_the_words_for_a_status_is_the_answer() -> None:
    text = "经现场核实，示例路路灯线路老化，已安排人员更换，感谢您的反映。"
    letter = only(detail_of(f"{ASKED}<p>办理情况：</p><div>{text}</div>", KNOWN))
    assert (letter.status, letter.answered) == (None, True)


def test_an_answer_shown_by_the_list_is_not_undone_by_the_detail_page() -> None:
    known = Letter("90018", "咨询居住证", DETAIL, received_on=date(2026, 11, 10), answered=True)
    assert only(detail_of(ASKED, known)).answered is True


def test_controls_named_for_what_they_hold_are_read() -> None:
    body = (
        "<h2>咨询居住证</h2><span id='CaseDetail_lbl_requestDate'>2026/11/10 8:20:00</span>"
        "<span id='CaseDetail_lbl_answerDate'>2026/11/12</span>"
        "<span id='CaseDetail_lbl_limitDate'>2026/11/17</span>"
    )
    letter = only(detail_of(body, KNOWN))
    assert (letter.received_on, letter.replied_on) == (date(2026, 11, 10), date(2026, 11, 12))


def test_a_hostile_page_is_read_in_time() -> None:
    for piece in ("lbl_", "来信时间：", "id=lbl_a ", "[", "/linked/list.do", "sq_id="):
        body = (piece * 200_000)[:400_000]
        assert list_of(body).outcome is Outcome.UNREADABLE
        assert detail_of(body).outcome is Outcome.UNREADABLE
