"""A notice as a value: it agrees with itself, says nothing twice, and cuts nothing away."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from io import BytesIO

import docx
import pytest

from notify.documents.parts import Picture
from notify.documents.webpage import webpage
from notify.notices import (
    Demand,
    Notice,
    NoticeKind,
    Problem,
    Proof,
    Sender,
    notice_document,
    notice_message,
    notice_report,
)
from notify.notices.mail import document_name, notice_subject
from notify.settings import MailSection
from notify.weekly import ReportError
from storage.ledger import Message
from tests.checks.make import day
from tests.notify.test_official_documents import png

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
MAIL = MailSection(sender="xunjian@example.cn")
PROBLEM = Problem(
    finding=4,
    what="栏目",
    name="政务动态",
    site="示例门户",
    url="http://portal.example/dt/",
    headline="超过两周未更新",
    situation="截至2026-03-02，最近更新2026-02-10",
    found_on=day("2026-03-01"),
    confirmed_on=day("2026-03-02"),
    newest=day("2026-02-10"),
    limit="14天",
    days_over=6,
    clause="示例条款（未经核实）",
    basis="示例办法",
    remedy="请更新。",
    proofs=(Proof("evidence/a.warc.gz#urn:uuid:1", "0" * 64),),
)
NOTICE = Notice(
    kind=NoticeKind.NOTICE,
    number="整改通知〔2026〕1号",
    unit="zfb",
    addressee="示例办公室",
    issued_on=day("2026-03-02"),
    due=day("2026-03-16"),
    problems=(PROBLEM, replace(PROBLEM, finding=9, name="教育动态")),
    findings=(4, 9),
    sender=Sender(None, "办公室"),
    made_at=NOW,
)


def message(notice: Notice, recipient: str = "zfb@example.cn", at: datetime = NOW) -> Message:
    return notice_message(notice, notice_document(notice), MAIL, recipient, at)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"findings": (4, 9, 11)},
            "正文所列问题2个 ≠ 所下发问题3个；反馈表行2个 ≠ 所下发问题3个",
        ),
        ({"findings": (4,)}, "正文所列问题2个 ≠ 所下发问题1个；反馈表行2个 ≠ 所下发问题1个"),
        ({"findings": (4, 8)}, "正文所列问题2个 ≠ 所下发问题2个；反馈表行2个 ≠ 所下发问题2个"),
        ({"due": day("2026-03-01")}, "整改期限2026-03-01早于下发日期2026-03-02"),
    ],
)
def test_a_notice_that_disagrees_with_itself_is_not_released(
    changed: dict[str, object], words: str
) -> None:
    with pytest.raises(ReportError) as raised:
        notice_report(replace(NOTICE, **changed))  # type: ignore[arg-type]
    assert str(raised.value) == f"整改通知〔2026〕1号核对未通过，未生成：{words}"


def test_equal_notices_give_equal_bytes_and_the_same_message_id() -> None:
    assert notice_document(NOTICE) == notice_document(NOTICE)
    assert message(NOTICE) == message(NOTICE)
    later = replace(NOTICE, made_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert message(later, at=later.made_at).message_id == message(NOTICE).message_id


@pytest.mark.parametrize(
    "changed", [{"number": "整改通知〔2026〕2号"}, {"unit": "jyj"}, {"due": day("2026-03-13")}]
)
def test_another_number_unit_or_content_is_another_message(changed: dict[str, object]) -> None:
    other = replace(NOTICE, **changed)  # type: ignore[arg-type]
    assert message(other).message_id != message(NOTICE).message_id


def test_each_recipient_has_a_message_of_their_own() -> None:
    assert message(NOTICE, "a@example.cn").message_id != message(NOTICE).message_id


def test_the_subject_names_the_unit_the_problems_and_the_deadline() -> None:
    assert notice_subject(NOTICE) == "【巡检】整改通知：示例办公室2个问题（限3月16日前整改）"


def test_a_name_that_no_folder_takes_is_made_fit() -> None:
    odd = replace(NOTICE, number='文号/a:b*"', addressee="某\n局")
    assert document_name(odd) == "文号_a_b__-某_局.docx"


def test_what_is_longer_than_a_cell_goes_on_in_the_next_one() -> None:
    clause = "甲" * 299 + "乙" * 299 + "（未经核实）"
    long = replace(NOTICE, problems=(replace(PROBLEM, clause=clause),), findings=(4,))
    table = docx.Document(BytesIO(notice_document(long))).tables[0]
    rows = [(row.cells[0].text, row.cells[1].text) for row in table.rows]
    told = [(label, words) for label, words in rows if label.startswith("依据")]
    assert [label for label, _ in told] == ["依据", "依据（续）", "依据（续）"]
    assert "".join(words for _, words in told) == clause


def test_cells_to_be_filled_in_are_empty_and_have_room() -> None:
    *_, feedback = docx.Document(BytesIO(notice_document(NOTICE))).tables
    assert [[cell.text for cell in row.cells[2:]] for row in feedback.rows[1:]] == [
        ["", "", ""]
    ] * 2
    assert all(row.height is not None and row.height.mm > 14 for row in feedback.rows[1:])


def test_an_urging_names_every_earlier_demand_once() -> None:
    demand = Demand("整改通知〔2026〕1号", day("2026-03-02"), day("2026-03-16"))
    problems = tuple(
        replace(each, demands=(demand,), remaining="复查未通过") for each in NOTICE.problems
    )
    urge = replace(NOTICE, kind=NoticeKind.URGE, number="督办通知〔2026〕1号", problems=problems)
    opening = notice_report(urge).sections[0].paragraphs[0]
    assert opening == (
        "前以整改通知〔2026〕1号（2026年3月2日）要求你单位限期整改有关问题。"
        "截至2026年3月2日，仍有以下2个问题未整改到位，现予督办，通知如下。"
    )


def test_titles_from_pages_stay_data_in_paper_page_and_mail() -> None:
    hostile = "<script>alert(1)</script>\n\u202e甲"
    notice = replace(NOTICE, problems=(replace(PROBLEM, name=hostile),), findings=(4,))
    assert "<script>alert" not in webpage(notice_report(notice))
    told = email.message_from_bytes(message(notice).mime, policy=default)
    assert isinstance(told, EmailMessage)
    body = told.get_body(("plain",))
    assert body is not None
    assert "\u202e" not in body.get_content()


def test_a_photograph_is_sent_as_what_it_is() -> None:
    jpeg = b"\xff\xd8\xff\xe0 synthetic"
    assert Picture("a", jpeg, "", 10).subtype == "jpeg"
    assert Picture("a", png(3, 3), "", 10).subtype == "png"
    notice = replace(
        NOTICE,
        problems=(replace(PROBLEM, pictures=(Picture("a", jpeg, "核实材料", 10),)),),
        findings=(4,),
    )
    assert 'src="data:image/jpeg;base64,' in webpage(notice_report(notice))
