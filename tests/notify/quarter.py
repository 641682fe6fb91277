"""One quarter of a small synthetic county: findings over three quarters, judged by the real rules.

The fourth quarter of 2026, as of 31 December, told on 8 January 2027. No unit, column, account or
letter in it exists. The archive has only findings that nobody has confirmed.
"""

from __future__ import annotations

from datetime import date, datetime, time

from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.judge import Facts, judge
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.machine import found_by_machine
from checks.rules import Law
from checks.subjects import Subject, SubjectKind
from checks.watch import counting, places
from notify.quarterly import Judged, Material, Office, Quarter
from storage.inventory import Inventory

Q4 = Quarter(2026, 4)
ON = date(2026, 12, 31)
MADE_AT = datetime(2027, 1, 8, 9, tzinfo=SHANGHAI)
DUE = date(2027, 1, 22)
ARCHIVE = "evidence/2026/11/run-000012-20261110.warc.gz#urn:uuid:synthetic"
UNITS = {
    "gov": ("市政府办公室", "department"),
    "build": ("住房和城乡建设局", "department"),
    "archive": ("市档案馆", "department"),
    "east": ("城东镇", "town"),
    "south": ("河南镇", "town"),
}
SITES = {
    "s1": ("市政府门户网站", "gov", "3206210001"),
    "s2": ("住建局网站", "build", "3206210002"),
    "s3": ("档案信息网", "archive", "3206210003"),
    "s4": ("河南镇网站", "south", "3206210004"),
}
LATE, FRESH = date(2026, 11, 1), date(2026, 12, 29)
# Name, unit, site, and the last update that 31 December shows.
COLUMNS = {
    **{f"b{n}": (f"住建动态{n}", "build", "s2", LATE) for n in range(1, 6)},
    **{f"q{n}": (f"档案动态{n}", "archive", "s3", LATE) for n in range(1, 6)},
    "c1": ("政务要闻", "gov", "s1", LATE),
    "c2": ("部门动态", "gov", "s1", LATE),
    **{f"c{n}": (f"政务动态{n}", "gov", "s1", FRESH) for n in range(3, 9)},
    "c9": ("区镇动态", "gov", "s1", LATE),
    "e1": ("城东要闻", "east", "s1", LATE),
    "e2": ("城东党建", "east", "s1", LATE),
    "e3": ("城东动态", "east", "s1", LATE),
}
# Name, unit, platform, last update; None: it could not be looked at, or is closed.
ACCOUNTS = {
    "a1": ("示例发布", "gov", "wechat", FRESH),
    "a2": ("示例住建", "build", "weibo", LATE),
    "a3": ("城东之声", "east", "douyin", LATE),
    "a4": ("南河视窗", "south", "wechat", None),
    "a5": ("南河发布", "south", "weibo", None),
    "a6": ("档案之窗", "archive", "weibo", LATE),
}
Did = tuple[EventKind, str]
CONFIRMED, CLOSED, RECOVERED = EventKind.CONFIRMED, EventKind.CLOSED, EventKind.RECOVERED
DISMISSED, WAIVED, APPEALED = EventKind.DISMISSED, EventKind.WAIVED, EventKind.APPEALED
NOTIFIED, FAILED, URGED = EventKind.NOTIFIED, EventKind.FAILED, EventKind.URGED
REOPENED = EventKind.REOPENED


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI)


def finding(number: int, subject: str, unit: str, opened: str, *later: Did) -> Finding:
    """Of a column or an account; `later` are what happened to it, by day."""
    rule = "nm_14d" if subject.startswith("account") else "news_2w"
    key = Key("haian", rule, subject)
    events = [Event(EventKind.DETECTED, at(opened), "xunjian", "超期")]
    events += [
        Event(kind, at(day), "王一", "核实", until=date(2027, 6, 30) if kind is WAIVED else None)
        for kind, day in later
    ]
    return Finding(number, key, unit, date.fromisoformat(opened), LATE, ARCHIVE, tuple(events))


def letter_finding(number: int, ref: str, opened: str, *later: Did) -> Finding:
    """Of a letter that had been answered, too late, when it was found."""
    made = finding(number, "column:none", "gov", opened, *later)
    key = Key("haian", "mailbox_5wd", "mailbox:m1", ref)
    due = date.fromisoformat(opened)
    return Finding(number, key, "gov", made.opened_on, due, None, made.events, over=True)


def findings() -> list[Finding]:
    """Confirmed, unconfirmed, dismissed, waived, appealed, closed, failed and urged ones."""
    return [
        finding(1, "column:b1", "build", "2026-05-10", (CONFIRMED, "2026-05-12")),
        finding(
            *(2, "column:b2", "build", "2026-08-10"),
            (CONFIRMED, "2026-08-12"),
            (NOTIFIED, "2026-08-13"),
            (FAILED, "2026-09-20"),
            (URGED, "2026-10-08"),
        ),
        # Found in the quarter, confirmed when it was over.
        finding(3, "column:b3", "build", "2026-11-10", (CONFIRMED, "2027-01-05")),
        finding(4, "column:b4", "build", "2026-12-01", (CONFIRMED, "2026-12-05")),
        finding(5, "column:b5", "build", "2026-12-01", (CONFIRMED, "2026-12-05")),
        finding(
            6, "column:c1", "gov", "2026-08-01", (CONFIRMED, "2026-08-03"), (CLOSED, "2026-10-12")
        ),
        finding(7, "column:c1", "gov", "2026-11-20", (CONFIRMED, "2026-11-22")),
        finding(8, "column:c2", "gov", "2026-12-10"),
        finding(
            *(9, "column:c3", "gov", "2026-09-01"),
            (CONFIRMED, "2026-09-02"),
            (RECOVERED, "2026-12-20"),
        ),
        finding(
            *(10, "column:c4", "gov", "2026-09-05"),
            (CONFIRMED, "2026-09-06"),
            (DISMISSED, "2026-11-01"),
        ),
        finding(
            *(11, "column:c5", "gov", "2026-10-20"),
            (CONFIRMED, "2026-10-21"),
            (DISMISSED, "2027-01-06"),
        ),
        finding(
            12, "column:c6", "gov", "2026-09-10", (CONFIRMED, "2026-09-12"), (WAIVED, "2026-09-20")
        ),
        finding(
            13, "column:c7", "gov", "2026-11-01", (CONFIRMED, "2026-11-02"), (WAIVED, "2026-12-01")
        ),
        finding(
            *(14, "column:e1", "east", "2026-10-15"),
            (CONFIRMED, "2026-10-16"),
            (APPEALED, "2026-10-20"),
        ),
        finding(
            *(15, "column:e2", "east", "2026-09-15"),
            (CONFIRMED, "2026-09-16"),
            (APPEALED, "2026-09-20"),
        ),
        finding(
            16,
            "column:e3",
            "east",
            "2026-07-10",
            (CONFIRMED, "2026-07-11"),
            (NOTIFIED, "2026-07-13"),
        ),
        finding(17, "account:a2", "build", "2026-12-20", (CONFIRMED, "2026-12-21")),
        finding(18, "account:a3", "east", "2026-12-10"),
        letter_finding(19, "L05", "2026-11-18", (CONFIRMED, "2026-11-19")),
        letter_finding(20, "L06", "2026-09-18", (CONFIRMED, "2026-09-19")),
        *(finding(20 + n, f"column:q{n}", "archive", "2026-12-10") for n in range(1, 6)),
        Finding(
            *(26, Key("operator", "unseen", "site:s4"), None, date(2026, 12, 20), None, None),
            (Event(EventKind.DETECTED, at("2026-12-20"), "xunjian", "未能查看"),),
        ),
        finding(
            *(27, "column:q1", "archive", "2026-10-05"),
            (RECOVERED, "2026-10-10"),
            (CLOSED, "2026-10-12"),
        ),
        finding(
            *(28, "column:c8", "gov", "2026-11-05"),
            (CONFIRMED, "2026-11-06"),
            (RECOVERED, "2026-12-01"),
            (CLOSED, "2026-12-03"),
        ),
        finding(29, "column:c9", "gov", "2026-12-02", (CONFIRMED, "2026-12-04")),
    ]


def subjects() -> list[Subject]:
    made = [
        Subject(SubjectKind.SITE, key, name, unit, key, f"https://{key}.example.gov.cn", code=code)
        for key, (name, unit, code) in SITES.items()
    ]
    made += [
        Subject(SubjectKind.COLUMN, key, name, unit, site, column_class="news")
        for key, (name, unit, site, _) in COLUMNS.items()
    ]
    made.append(Subject(SubjectKind.MAILBOX, "m1", "市长信箱", "gov", "s1"))
    made += [
        Subject(
            *(SubjectKind.ACCOUNT, key, name, unit),
            platform=platform,
            closed_on=date(2026, 6, 1) if key == "a5" else None,
        )
        for key, (name, unit, platform, _) in ACCOUNTS.items()
    ]
    return made


def histories(on: date, newest: date | None = None) -> dict[str, History]:
    """What a look on `on` shows: the county's own days, or `newest` everywhere."""
    days: dict[str, date | None] = {"mailbox:m1": FRESH}
    days |= {f"site:{key}": FRESH for key in ("s1", "s2", "s3")}
    days |= {f"column:{key}": day for key, (*_, day) in COLUMNS.items()}
    days |= {f"account:{key}": day for key, (*_, day) in ACCOUNTS.items()}
    seen = datetime.combine(on, time(9), SHANGHAI)
    looks = {
        key: Visit(1, key, seen, Outcome.OK, newest or day) for key, day in days.items() if day
    }
    unseen = {"site:s4", "account:a4"}
    looks |= {key: Visit(1, key, seen, Outcome.UNREACHABLE) for key in unseen}
    return {key: History(v, v if v.outcome.seen else None) for key, v in looks.items()}


def letters() -> dict[str, list[LetterState]]:
    told = [
        ("L01", "2026-11-09", "2026-11-12", "住房和城乡建设局"),
        ("L02", "2026-11-16", "2026-11-27", None),
        ("L03", "2026-12-29", None, "住房和城乡建设局"),
        ("L05", "2026-11-02", "2026-11-18", "自来水公司"),
        ("L06", "2026-09-01", "2026-09-18", None),
        ("L07", None, None, None),
    ]
    seen = at("2026-12-31")
    day = date.fromisoformat
    return {
        "mailbox:m1": [
            LetterState(
                "mailbox:m1",
                Letter(
                    *(ref, "", None, day(received) if received else None, None),
                    *(day(replied) if replied else None, unit, "已办结" if replied else "办理中"),
                ),
                seen,
                seen,
            )
            for ref, received, replied, unit in told
        ]
    }


def register() -> Inventory:
    return {
        "unit": [{"id": key, "name": name, "kind": kind} for key, (name, kind) in UNITS.items()],
        "site": [{"id": key, "name": name} for key, (name, *_) in SITES.items()],
        "column": [],
        "mailbox": [],
        "account": [{"id": key, "source": "feed"} for key in ACCOUNTS],
    }


def judged(law: Law, on: date, newest: date | None = None) -> Judged:
    facts = Facts(subjects(), histories(on, newest), letters())
    bench = judge(law, facts, Moment(on))
    stood = tuple(
        place
        for pack in counting(law, on)
        for place in places(pack, bench, found_by_machine(pack, bench, facts), facts.hands)
    )
    seen = {key for key, held in facts.histories.items() if held.good}
    return Judged(bench, law, register(), stood, frozenset(seen))


def material(law: Law) -> Material:
    """The quarter under this law; at the end of the one before nothing was late."""
    return Material(
        quarter=Q4,
        day=judged(law, ON),
        before=judged(law, date(2026, 9, 30), date(2026, 9, 28)),
        findings=findings(),
        made_at=MADE_AT,
        due=DUE,
        office=Office("示例市人民政府办公室", "示例市人民政府办公室", "政务公开科"),
        hashes={ARCHIVE: "0123456789abcdef" * 4},
    )
