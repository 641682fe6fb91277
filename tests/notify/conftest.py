"""One week of a small synthetic city, judged by the real rules: the weekly report's material.

As of Sunday 22 November 2026. No unit, column or letter in it exists.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from checks.calendar import load_calendar
from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.judge import Facts, judge
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.measures import Gap, Measure
from checks.periods import Days
from checks.rules import Law, pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.watch import counting, places
from notify.weekly import Material, Period, Posting, WeeklyFigures, weekly_figures
from storage.inventory import Inventory

AS_OF = date(2026, 11, 22)
SEEN_AT = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
MADE_AT = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
HOST = "https://www.example.gov.cn"
UNITS = {"gov": "市政府办公室", "build": "住房和城乡建设局", "east": "城东镇", "south": "河南镇"}


def column(row_id: str, name: str, unit: str, column_class: str = "news") -> Subject:
    url = f"{HOST}/{row_id}/{row_id}.html"
    kind = SubjectKind.COLUMN
    return Subject(kind, row_id, name, unit, "s1", url, column_class=column_class)


def account(row_id: str, name: str, unit: str, platform: str) -> Subject:
    return Subject(SubjectKind.ACCOUNT, row_id, name, unit, None, platform=platform)


def mailbox(row_id: str, name: str, limit: str | None = None) -> Subject:
    return Subject(SubjectKind.MAILBOX, row_id, name, "gov", "s1", f"{HOST}/{row_id}", limit=limit)


def visit(subject: Subject, outcome: Outcome, newest: date | None = None) -> Visit:
    return Visit(1, subject.key, SEEN_AT, outcome, newest)


def looks(subject: Subject, outcome: Outcome, newest: date | None = None) -> History:
    """A history whose last look met `outcome`; an unseen one had a good look before."""
    if outcome.seen:
        good = visit(subject, outcome, newest)
        return History(good, good)
    good = Visit(1, subject.key, SEEN_AT - timedelta(days=1), Outcome.OK, newest)
    return History(visit(subject, outcome), good if newest else None)


def subjects_and_histories() -> tuple[list[Subject], dict[str, History]]:
    exempt = Subject(
        SubjectKind.COLUMN,
        "c8",
        "工程动态",
        "build",
        "s1",
        f"{HOST}/c8",
        column_class="news",
        exempt_until=date(2026, 12, 31),
        exempt_reason="机构调整",
    )
    closed = Subject(
        SubjectKind.ACCOUNT,
        "a6",
        "南河发布",
        "south",
        platform="weibo",
        closed_on=date(2026, 6, 1),
    )
    site = Subject(SubjectKind.SITE, "s1", "市政府门户网站", "gov", "s1", HOST)
    other = Subject(SubjectKind.SITE, "s2", "住建局网站", "build", "s2", "https://b.example.gov.cn")
    seen: list[tuple[Subject, Outcome, date | None]] = [
        (site, Outcome.OK, None),
        (other, Outcome.UNREACHABLE, None),
        (column("c1", "政务要闻", "gov"), Outcome.OK, date(2026, 11, 20)),
        (column("c2", "部门动态", "gov"), Outcome.OK, date(2026, 11, 8)),
        (column("c3", "区镇动态", "gov"), Outcome.OK, date(2026, 10, 30)),
        (column("c4", "政策解读", "build", "interpretation"), Outcome.OK, date(2026, 5, 1)),
        (column("c5", "工作进展", "build"), Outcome.EMPTY, None),
        (column("c6", "质量安全", "build"), Outcome.UNDATED, None),
        (column("c7", "住房保障", "build"), Outcome.BLOCKED, date(2026, 11, 1)),
        (exempt, Outcome.OK, date(2026, 1, 5)),
        (column("c9", "通知公告", "east", "notice"), Outcome.OK, date(2026, 2, 1)),
        (column("c10", "镇村动态", "east"), Outcome.UNREACHABLE, None),
        (mailbox("m1", "市长信箱"), Outcome.OK, None),
        (mailbox("m2", "规划信箱", "60 working days"), Outcome.OK, None),
        (account("a1", "示例发布", "gov", "wechat"), Outcome.OK, date(2026, 11, 21)),
        (account("a2", "示例住建", "build", "weibo"), Outcome.OK, date(2026, 11, 10)),
        (account("a3", "城东之声", "east", "douyin"), Outcome.OK, date(2026, 11, 1)),
        (account("a4", "城东微博", "east", "weibo"), Outcome.OK, date(2026, 7, 1)),
        (account("a5", "南河视窗", "south", "wechat"), Outcome.BLOCKED, date(2026, 10, 1)),
        (closed, Outcome.GONE, None),
    ]
    return [s for s, _, _ in seen], {s.key: looks(s, how, day) for s, how, day in seen}


def letter(
    ref: str, received: date, replied: date | None = None, unit: str | None = None
) -> LetterState:
    read = Letter(ref, "", None, received, None, replied, unit, "已办结" if replied else "办理中")
    return LetterState("mailbox:m1", read, SEEN_AT, SEEN_AT)


def letters() -> dict[str, list[LetterState]]:
    build = UNITS["build"]
    return {
        "mailbox:m1": [
            letter("L01", date(2026, 11, 6), unit=build),
            letter("L02", date(2026, 11, 16)),
            letter("L03", date(2026, 11, 18)),
            letter("L04", date(2026, 11, 12), date(2026, 11, 17), build),
            letter("L05", date(2026, 11, 2), date(2026, 11, 18), "自来水公司"),
            letter("L06", date(2026, 9, 1), date(2026, 9, 3)),
            letter("L07", date(2026, 9, 1), date(2026, 9, 25)),
        ],
        "mailbox:m2": [letter("P01", date(2026, 11, 17))],
    }


def finding(
    number: int, key: Key, unit: str | None, opened: date, *later: tuple[EventKind, date]
) -> Finding:
    def at(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)

    events = [(EventKind.DETECTED, opened), *later]
    told = tuple(Event(kind, at(day), "xunjian", "已4天未能查看") for kind, day in events)
    return Finding(number, key, unit, opened, None, None, told, over=bool(key.letter == "L05"))


def findings() -> list[Finding]:
    recovered = (EventKind.RECOVERED, date(2026, 11, 18))
    return [
        finding(1, Key("haian", "interp_6m", "column:c4"), "build", date(2026, 11, 3)),
        finding(2, Key("haian", "news_2w", "column:c1"), "gov", date(2026, 11, 5), recovered),
        finding(3, Key("haian", "news_2w", "column:c3"), "gov", date(2026, 11, 16)),
        finding(4, Key("haian", "mailbox_5wd", "mailbox:m1", "L05"), "gov", date(2026, 11, 18)),
        finding(5, Key("operator", "unseen", "column:c10"), None, date(2026, 11, 20)),
    ]


def register() -> Inventory:
    sources = {"a1": "feed", "a2": "weibo", "a3": "page", "a4": "csv", "a5": "manual"}
    return {
        "unit": [{"id": row_id, "name": name} for row_id, name in UNITS.items()],
        "site": [{"id": "s1", "name": "市政府门户网站"}, {"id": "s2", "name": "住建局网站"}],
        "column": [],
        "mailbox": [],
        "account": [{"id": i, "source": s} for i, s in {**sources, "a6": "weibo"}.items()],
    }


def posting(first: date, last: date, posts: int, gap: int) -> Posting:
    """So many posts of the week, and a gap of so many days; these days are known."""
    known, week = Days(first, last), Days(date(2026, 11, 16), AS_OF)
    month = Days(AS_OF - timedelta(days=29), AS_OF)
    in_week, in_month = known.common(week), known.common(month)
    longest = Gap(last - timedelta(days=gap), last)
    return Posting(
        Measure(week, (in_week,), posts=posts) if in_week else Measure(week),
        Measure(month, (in_month,), posts=posts, gap=longest) if in_month else Measure(month),
    )


def measures() -> dict[str, Posting]:
    """a1 is known for all days, a2 from the middle of the week, a3 has only one known day, a4
    posted nothing for 144 days, a5 was not seen in these weeks; a6 is closed.
    """
    return {
        "account:a1": posting(date(2026, 10, 1), AS_OF, 5, 3),
        "account:a2": posting(date(2026, 11, 18), AS_OF, 2, 1),
        "account:a3": posting(AS_OF, AS_OF, 0, 0),
        "account:a4": posting(date(2026, 7, 1), AS_OF, 0, 144),
        "account:a5": posting(date(2026, 9, 1), date(2026, 10, 1), 0, 0),
        "account:a6": Posting(Measure(None), Measure(None)),
    }


@pytest.fixture(scope="session")
def law() -> Law:
    return read_law(pack_texts(["haian"]), load_calendar())


@pytest.fixture
def material(law: Law) -> Material:
    subjects, histories = subjects_and_histories()
    bench = judge(law, Facts(subjects, histories, letters()), Moment(AS_OF))
    return Material(bench, findings(), register(), law, MADE_AT, Period(2026, 47))


@pytest.fixture
def figures(material: Material) -> WeeklyFigures:
    return weekly_figures(material)


@pytest.fixture(scope="session")
def both() -> Law:
    """The local rule with the national table beside it."""
    return read_law(pack_texts(["haian", "cn-2019"]), load_calendar())


def national_material(law: Law, facts: Facts, *earlier: Facts) -> Material:
    """The week under both; `earlier` are what was known at the end of the weeks before."""
    (pack,) = counting(law, AS_OF)
    bench = judge(law, facts, Moment(AS_OF))
    past = [
        places(pack, judge(law, known, Moment(AS_OF - timedelta(weeks=back))))
        for back, known in zip((3, 2, 1), earlier, strict=True)
    ]
    week, near = Period(2026, 47), places(pack, bench)
    return Material(
        bench, findings(), register(), law, MADE_AT, week, near, past, measures=measures()
    )


@pytest.fixture
def national(both: Law) -> WeeklyFigures:
    """The same city under both; of the weeks before nothing is known."""
    subjects, histories = subjects_and_histories()
    facts = Facts(subjects, histories, letters())
    return weekly_figures(national_material(both, facts, *[Facts(subjects, {})] * 3))
