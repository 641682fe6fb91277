"""The alert of the day a veto comes nearer: told when it changes, once, and to the office alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from checks.calendar import load_calendar
from checks.facts import Hand, History, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.indicators import Indicator
from checks.judge import Facts, judge
from checks.rules import Law, Rule, pack_texts, read_law
from checks.sites import Found, Measure
from checks.subjects import Subject, SubjectKind
from checks.watch import places
from notify.nearing import PREFIX, veto_lines
from notify.news import OFFICE, Contact, Line, News, Topic
from notify.queue import queue_alerts
from notify.settings import MailSection
from notify.terms import sure_clause
from storage.ledger import Ledger

LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
PACK = LAW.packs[0]
MONDAY = date(2026, 11, 16)
SITE = Subject(SubjectKind.SITE, "s1", "示例门户", "gov", "s1", "https://www.example.gov.cn/")
COLUMNS = [
    Subject(SubjectKind.COLUMN, f"c{n}", f"动态{n}", "gov", "s1", column_class="news")
    for n in range(12)
]
ACCOUNT = Subject(SubjectKind.ACCOUNT, "a1", "示例发布", "gov", platform="weibo")
UNITS = {"gov": Contact("市政府办公室", ("gov@example.gov.cn",))}
MAIL = MailSection(sender="xunjian@example.gov.cn", office=("office@example.gov.cn",))
LATE, FRESH = 20, 1


def news(
    day: date,
    late: int,
    unseen: int = 0,
    told: Sequence[str] = (),
    *,
    account: int = FRESH,
    found: Mapping[str, Found] | None = None,
    hands: Sequence[Hand] = (),
    law: Law = LAW,
) -> News:
    """Of twelve columns the first are late, the next not seen; the account's post is so old."""
    ages = {subject: LATE if n < late else FRESH for n, subject in enumerate(COLUMNS)}
    histories = {}
    for n, (subject, age) in enumerate((*ages.items(), (ACCOUNT, account))):
        blocked = late <= n < late + unseen
        outcome = Outcome.BLOCKED if blocked else Outcome.OK
        at = datetime.combine(day, time(8), SHANGHAI)
        visit = Visit(1, subject.key, at, outcome, day - timedelta(days=age))
        histories[subject.key] = History(visit, None if blocked else visit)
    subjects = [SITE, *COLUMNS, ACCOUNT]
    bench = judge(law, Facts(subjects, histories), Moment(day))
    stood = places(law.packs[0], bench, found, {SITE.key: hands})
    return News(bench, (), UNITS, {s.key: s for s in subjects}, law, stood, told)


def said(lines: Sequence[Line]) -> list[str]:
    return [f"{line.name}：{line.headline}" for line in lines]


def run(ledger: Ledger, day: date, late: int, unseen: int = 0) -> list[str]:
    """One day's run: what is queued for the office of the site's columns."""
    at = datetime.combine(day, time(9), SHANGHAI)
    with ledger.writing() as session:
        known = news(day, late, unseen, ledger.told(session, OFFICE, PREFIX))
        lines = veto_lines(known)
        fresh = ledger.untold(session, OFFICE, [line.key for line in lines])
        queue_alerts(ledger, session, known, MAIL, at)
    return [line.headline for line in lines if line.key in fresh]


def test_a_week_of_runs_tells_each_change_on_its_day_and_nothing_twice(ledger: Ledger) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(8)]
    near = "距“栏目不更新”单项否决还差"
    assert run(ledger, days[0], 2) == []  # three away: nobody is warned
    assert run(ledger, days[1], 3) == [f"{near}2个栏目"]
    assert run(ledger, days[1], 3) == []  # a second run of the day
    assert run(ledger, days[2], 3) == []
    assert run(ledger, days[3], 4) == [f"{near}1个栏目（上次告知时3个）"]
    # No run on day 4; the change of day 4 is told on day 5, once.
    reached = "已达到“栏目不更新”单项否决的5个栏目，现有6个（上次告知时4个）"
    assert run(ledger, days[5], 6) == [reached]
    assert run(ledger, days[6], 6) == []
    eased = "“栏目不更新”单项否决情形已缓解，现有1个栏目（上次告知时6个）"
    assert run(ledger, days[7], 1) == [eased]
    assert run(ledger, days[7] + timedelta(days=1), 2) == []
    again = MONDAY + timedelta(days=20)
    assert run(ledger, again, 4) == [f"{near}1个栏目（上次告知时1个）"]


def test_a_column_that_is_no_longer_seen_is_no_recovery(ledger: Ledger) -> None:
    assert len(run(ledger, MONDAY, 4)) == 1
    assert run(ledger, MONDAY + timedelta(days=1), 3, unseen=1) == []
    assert run(ledger, MONDAY + timedelta(days=2), 4) == []
    assert run(ledger, MONDAY + timedelta(days=3), 2, unseen=1) == [
        "“栏目不更新”单项否决情形已缓解，现有2个栏目（上次告知时4个）"
    ]


def test_the_line_goes_to_the_office_alone_and_says_where_the_site_stands(ledger: Ledger) -> None:
    (line,) = veto_lines(news(MONDAY, 3))
    assert (line.topic, line.audiences) == (Topic.VETO, frozenset({OFFICE}))
    assert line.key == "veto:site:s1:cn-2019/W4a:3/5:2026-11-16"
    assert line.reason == (
        "未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个："
        "计入3个栏目；达到5个为单项否决，还差2个；涉及：动态0、动态1、动态2"
    )
    assert (line.confirmed, line.unit, line.advice) == (False, "市政府办公室", "工作建议")
    run(ledger, MONDAY, 3)
    by_person = {d.message.recipient: d.message.subject for d in ledger.deliveries()}
    assert "1项单项否决提示" in by_person["office@example.gov.cn"]
    assert "单项否决" not in by_person.get("gov@example.gov.cn", "")


def test_an_account_is_told_when_it_reaches_its_veto_and_when_it_is_over() -> None:
    (line,) = veto_lines(news(MONDAY, 0, account=15))
    assert said([line]) == ["示例发布：已达到“内容不更新”单项否决"]
    assert veto_lines(news(MONDAY, 0, told=[line.key], account=15)) == []
    (over,) = veto_lines(news(MONDAY, 0, told=[line.key]))
    assert said([over]) == ["示例发布：“内容不更新”单项否决情形已消除"]
    assert veto_lines(news(MONDAY, 0, account=14)) == []


@pytest.mark.parametrize(
    ("part", "headlines"),
    [
        (4, []),
        (5, ["示例门户：接近“站点无法访问”单项否决"]),
        (7, ["示例门户：接近“站点无法访问”单项否决"]),
        (8, ["示例门户：已达到“站点无法访问”单项否决"]),
    ],
)
def test_three_in_a_hundred_visits_are_near_and_five_are_the_veto(
    part: int, headlines: list[str]
) -> None:
    found = {SITE.key: Found({"W2": Measure(part, 160)})}
    assert said(veto_lines(news(MONDAY, 0, found=found))) == headlines


def test_while_it_stays_near_a_share_is_not_told_again() -> None:
    found = [{SITE.key: Found({"W2": Measure(part, 160)})} for part in (5, 6, 4)]
    (near,) = veto_lines(news(MONDAY, 0, found=found[0]))
    assert veto_lines(news(MONDAY, 0, told=[near.key], found=found[1])) == []
    (gone,) = veto_lines(news(MONDAY, 0, told=[near.key], found=found[2]))
    assert gone.headline == "已不再接近“站点无法访问”单项否决"


def test_what_a_person_found_is_told_as_confirmed() -> None:
    at = datetime.combine(MONDAY, time(8), SHANGHAI)
    hand = Hand(SITE.key, "cn-2019", "W1", True, None, "截图1", "张三", at)
    (line,) = veto_lines(news(MONDAY, 0, hands=[hand]))
    assert (line.headline, line.confirmed) == ("已达到“安全、泄密事故等严重问题”单项否决", True)
    none = replace(hand, fault=False, points=Decimal(0))
    assert veto_lines(news(MONDAY, 0, hands=[none])) == []


def test_a_clause_that_is_not_verified_says_so_once() -> None:
    listed: list[Rule | Indicator] = [*PACK.rules, *PACK.indicators]
    rows = {row.id: row for row in listed}
    assert sure_clause(rows["news_2w"]) == rows["news_2w"].clause
    assert sure_clause(rows["W4b"]) == f"{rows['W4b'].clause}（未经核实）"
    assert sure_clause(rows["interp_6m"]) == rows["interp_6m"].clause
    assert rows["interp_6m"].clause.count("未经核实") == 1
