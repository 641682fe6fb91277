"""The parts of the annual section and of the yearly form, one by one. All data are synthetic."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from checks.calendar import Limit
from checks.course import Event, EventKind
from checks.freshness import SHANGHAI
from checks.lifecycle import Finding, Key
from checks.periods import Days
from notify.annual.accounts import account_tally
from notify.annual.figures import fault_tally, limit_words
from notify.annual.form_fields import FORM, form_table
from notify.annual.form_sheet import form_lines, form_sheet
from notify.annual.form_values import FormValue, SiteForm
from notify.annual.model import AccountTally, FaultTally
from storage.inventory import Inventory
from tests.storage.make import raw_register, register

YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))
MADE_AT = datetime(2027, 1, 5, 9, tzinfo=SHANGHAI)


# Accounts


def accounts(*rows: dict[str, Any]) -> Inventory:
    plain = {"platform": "wechat", "unit": "zfb", "source": "manual"}
    raw = raw_register()
    raw["account"] = [
        {**plain, "id": f"a{number}", "name": f"账号{number}", **row}
        for number, row in enumerate(rows)
    ]
    return register(**raw)


def test_accounts_are_told_as_they_were_before_came_and_went() -> None:
    before = accounts({}, {}, {"id": "gone"})
    cancelled = {"closed_on": date(2026, 6, 30), "status": "cancelled"}
    now = accounts({}, cancelled, {"opened_on": date(2026, 3, 1)}, {})
    assert account_tally(now, before, YEAR) == AccountTally(
        now=3, before=3, opened=1, closed=1, enrolled=1, dropped=1
    )


def test_an_account_opened_and_closed_in_the_year_is_both() -> None:
    brief = {"opened_on": date(2026, 2, 1), "closed_on": date(2026, 12, 31)}
    tally = account_tally(accounts({}, brief), accounts({}), YEAR)
    assert tally == AccountTally(now=1, before=1, opened=1, closed=1, enrolled=0, dropped=0)


def test_without_an_earlier_register_the_days_of_opening_tell_the_year_before() -> None:
    dated = {"opened_on": date(2025, 12, 31)}
    closed = {"opened_on": date(2020, 1, 1), "closed_on": date(2025, 12, 31)}
    new = {"opened_on": date(2026, 1, 1)}
    tally = account_tally(accounts(dated, closed, new), None, YEAR)
    assert tally == AccountTally(now=2, before=1, opened=1, closed=0, enrolled=0, dropped=0)


def test_without_any_of_both_the_year_before_is_not_known() -> None:
    tally = account_tally(accounts({}, {"opened_on": date(2026, 1, 1)}), None, YEAR)
    assert tally == AccountTally(now=2, before=None, opened=1, closed=0, enrolled=0, dropped=0)


# Faults


def finding(pack: str, opened: date, *later: tuple[EventKind, date]) -> Finding:
    def at(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)

    course = [(EventKind.DETECTED, opened), *later]
    events = tuple(Event(kind, at(day), "甲", "示例") for kind, day in course)
    return Finding(1, Key(pack, "news_2w", "column:c"), "zfb", opened, None, None, events)


def test_what_happens_in_a_year_belongs_to_it_whenever_the_fault_was_found() -> None:
    old, new, next_year = date(2025, 11, 1), date(2026, 5, 1), date(2027, 1, 4)
    findings = [
        finding("haian", old, (EventKind.CONFIRMED, old), (EventKind.CLOSED, new)),
        finding("haian", new, (EventKind.CONFIRMED, new), (EventKind.CLOSED, next_year)),
        finding("haian", new, (EventKind.DISMISSED, new)),
        finding("haian", new, (EventKind.CONFIRMED, new), (EventKind.URGED, new)),
        finding("operator", new),
    ]
    assert fault_tally(findings, YEAR) == FaultTally(
        found=2, dismissed=1, confirmed=2, closed=1, urged=1, standing=1
    )


# Words


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("14 days", "2周"),
        ("10 days", "10天"),
        ("6 months", "6个月"),
        ("5 working days", "5个工作日"),
        ("7 working days", "7个工作日"),
    ],
)
def test_a_limit_reads_as_in_such_a_report(limit: str, words: str) -> None:
    assert limit_words(Limit.parse(limit)) == words


# The yearly form


def account(name: str, posts: int | None) -> dict[str, FormValue]:
    return {
        "account_name": FormValue(name, "登记册"),
        "account_posts": FormValue(posts, "账号发布记录，仅掌握30天", True),
        "account_followers": FormValue(None, ""),
    }


def form(**values: FormValue) -> SiteForm:
    accounts = {
        "weibo": [account("示例微博", 12)],
        "wechat": [account("甲", 3), account("乙", None)],
    }
    return SiteForm("s", "示例网站", values, accounts)


def test_every_field_of_the_form_stands_in_its_order() -> None:
    fields = [(field.section, field.name) for field in form_table().fields]
    assert len(fields) == 58
    assert fields[8:14] == [
        ("基本信息", "独立用户访问总量"),
        ("基本信息", "网站总访问量"),
        ("信息发布", "总数"),
        ("信息发布", "概况类信息更新量"),
        ("信息发布", "政务动态信息更新量"),
        ("信息发布", "信息公开目录信息更新量"),
    ]
    confirmed = {field.name for field in form_table().fields if field.confidence == "A"}
    assert {"公开答复数量", "征集调查期数", "访谈期数", "总数"} <= confirmed
    assert "解读材料数量" not in confirmed


def test_a_row_of_the_form_that_is_wrong_is_named() -> None:
    text = FORM.read_text(encoding="utf-8").replace('section = "创新发展"', 'section = "创新"', 1)
    text += '\n[[field]]\nsection = "创新发展"\nconfidence = "B"\nnote = "x"\n'
    with pytest.raises(ValueError, match="field 54") as told:
        form_table(text)
    for words in ("'创新'; expected one of", "field 59 (no name): unknown field note", "'B'"):
        assert words in str(told.value)
    assert "field 59 (no name): missing name" in str(told.value)


def test_each_account_has_its_lines_and_they_are_numbered_where_there_are_several() -> None:
    lines = [line for line in form_lines(form_table(), form()) if line.section == "移动新媒体"]
    told = [(line.group, line.name, line.value) for line in lines]
    assert told[1:10] == [
        ("微博", "名称＊", "示例微博"),
        ("微博", "信息发布量＊", 12),
        ("微博", "关注量＊", None),
        ("微信1", "名称＊", "甲"),
        ("微信1", "信息发布量＊", 3),
        ("微信1", "订阅数＊", None),
        ("微信2", "名称＊", "乙"),
        ("微信2", "信息发布量＊", None),
        ("微信2", "订阅数＊", None),
    ]
    assert lines[2].source == "账号发布记录，仅掌握30天；仅为系统所见"
    assert lines[3].source == "需人工填报"
    assert lines[8].source == "需人工填报（账号发布记录，仅掌握30天）"


def test_without_accounts_the_lines_stand_blank() -> None:
    bare = SiteForm("s", "示例网站", {}, {})
    lines = [line for line in form_lines(form_table(), bare) if line.group in ("微博", "微信")]
    assert len(lines) == 6
    assert {line.source for line in lines} == {"需人工填报"}


def test_zero_is_a_number_and_a_name_is_no_formula() -> None:
    values = {
        "items": FormValue(0, "各栏目列表页", True),
        "site_name": FormValue("=1+1", "登记册"),
        "average_days": FormValue(Decimal("3.5"), "据公开日期估算", True),
    }
    body = form_sheet(form_table(), form(**values), 2026, "2026年12月31日", MADE_AT)
    assert body == form_sheet(form_table(), form(**values), 2026, "2026年12月31日", MADE_AT)
    sheet = openpyxl.load_workbook(BytesIO(body))["年度报表"]
    cells = {
        sheet.cell(row, 2).value or sheet.cell(row, 3).value: sheet.cell(row, 5)
        for row in range(4, 62)
    }
    assert (cells["网站名称＊"].value, cells["网站名称＊"].data_type) == ("=1+1", "s")
    assert (cells["总数"].value, cells["总数"].data_type) == (0, "n")
    assert sheet["A1"].value == "政府网站工作年度报表（2026年度）"
    assert "国办函〔2018〕12号" in str(sheet["A2"].value)
