"""What stands beside the looks at lists: pages noted, probes, letters, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from app.simulate.looks import NOTE, SPREAD, Values, morning
from app.simulate.rows import Rows
from app.simulate.size import DAY, Size
from app.simulate.watched import Watched, home_of, unit_of
from checks.duties import FormLink, LinkSeen, MarkSeen, PageFacts, PageKind, Presence, TagSeen
from checks.duty_table import Mark
from checks.freshness import SHANGHAI
from checks.homes import FAMILY as HOME
from checks.homes import Undated
from checks.page_facts import PAGE, page_data
from checks.subjects import SubjectKind
from storage.ledger.probes import PACKED_AFTER, pack_day
from storage.tables import EventRow, FindingRow, LetterRow, ObservationRow, ProbeDayRow, ProbeRow

KINDS = (PageKind.HOME, *[PageKind.LIST] * 4, *[PageKind.ARTICLE] * 5)
TAGS = ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType", "ArticleTitle")
ANSWERED_AFTER, LATE = 4, 9  # days; one letter in forty is late
PER_FINDING = 220  # a column has a finding each so many days
PROBE = "site at elapsed_ms outcome ours"
LETTER = "mailbox ref seen_at visit_id title_sha256 received_on replied_on answered method"
FINDING = "id pack rule subject letter unit opened_on basis over rule_version calendar_version"
EVENT = "finding_id kind at by note"


def page_facts(n: int, page: int, kind: PageKind) -> PageFacts:
    """What is noted of a page of the site of this number; each fifth site misses a mark."""
    marks = tuple(MarkSeen(mark, Presence.FOUND, f"{mark}") for mark in Mark)
    links = tuple(
        LinkSeen(f"https://w{link}.example.{end}/", f"w{link}.example.{end}", f"链接{link}")
        for link, end in enumerate(("gov.cn",) * 9 + ("com",))
    )
    return PageFacts(
        url=home_of(n) if kind is PageKind.HOME else f"{home_of(n)}p{page}",
        kind=kind,
        host=f"s{n}.simulated.example",
        marks=marks[1:] if n % 5 == 0 else marks,
        tags=tuple(TagSeen(name, f"{name}的内容") for name in TAGS),
        shown_times=("2026-11-26 09:30",),
        entry_code="3206000001",
        links=links,
        forms=(FormLink("政府网站工作年度报表", f"{home_of(n)}b", 2025),),
    )


def site_notes(size: Size, run: int, day: date) -> Rows:
    """Of each site a note on its home page's links a day, and on ten of its pages a week."""

    def rows() -> Iterator[Values]:
        at = morning(day)
        for n in range(size.sites):
            home = Undated({f"{home_of(n)}u{link}": day - link * DAY for link in range(20)})
            yield run, f"site:s{n}", HOME, "", at, "ok", home.as_facts(), None
            for page, kind in enumerate(KINDS if (day.toordinal() + n) % 7 == 0 else ()):
                facts = page_facts(n, page, kind)
                yield run, f"site:s{n}", PAGE, facts.url, at, "ok", page_data(facts), None

    return Rows.of(ObservationRow, NOTE, rows())


def probes(size: Size, day: date, last: date) -> Rows:
    """A probe each half hour of each site; of days long past packed, as upkeep leaves them."""
    begun = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    halves = [begun + half * timedelta(minutes=30) for half in range(48)]

    def of(n: int) -> list[tuple[datetime, int | None, str]]:
        lost = [(day.day + half + n) % 97 == 0 for half in range(48)]
        return [
            (at, None if out else 800, "unreachable" if out else "ok")
            for at, out in zip(halves, lost, strict=True)
        ]

    sites = range(size.sites)
    if day > last - PACKED_AFTER:
        singles = ((f"s{n}", at, ms, met, False) for n in sites for at, ms, met in of(n))
        return Rows.of(ProbeRow, PROBE, singles)
    packed = (
        tuple(pack_day(f"s{n}", day, [_probe(*each) for each in of(n)]).values()) for n in sites
    )
    return Rows.of(ProbeDayRow, "site day count body", packed)


def _probe(at: datetime, elapsed_ms: int | None, outcome: str) -> Any:
    told = {"at": at, "elapsed_ms": elapsed_ms, "outcome": outcome}
    return SimpleNamespace(**told, ours=False, status=None, note=None)


def letters(size: Size, watched: Sequence[Watched], first_visit: int, day: date) -> Rows:
    """The letters that the mailboxes show on a day: each from its day on until it is answered.

    `first_visit` is the number of the day's first visit.
    """
    today = day.toordinal()

    def rows() -> Iterator[Values]:
        for place, each in enumerate(watched):
            if each.kind is not SubjectKind.MAILBOX or each.fails(today):
                continue
            at, visit = morning(day) + SPREAD[place % len(SPREAD)], first_visit + place
            for back in range(ANSWERED_AFTER + LATE + 1):
                came = today - back
                late = (came + each.n) % 40 == 0
                left = ANSWERED_AFTER + late * LATE - back
                if (came + each.n) % size.letters_apart or left < 0:
                    continue
                on = date.fromordinal(came)
                replied = None if left else day
                told = (f"{on}-{each.n}", at, visit, "-", on, replied, not left, "crawl")
                yield each.key, *told

    return Rows.of(LetterRow, LETTER, rows())


def findings(size: Size, last: date) -> Iterator[Rows]:
    """Findings over all the days, most of them closed, and their events up to the last day."""
    first = size.first(last)
    count = max(1, size.columns * size.days // PER_FINDING)

    def opened(n: int) -> date:
        return first + n * size.days // count * DAY

    def one(n: int) -> Values:
        key = "haian", "news_2w", f"column:c{n * 7 % size.columns}", ""
        unit = unit_of(size, n * 7 % size.columns)
        return n + 1, *key, unit, opened(n), opened(n) - 15 * DAY, False, "1", "1"

    def events(n: int) -> Iterator[Values]:
        steps = [(0, "detected", "xunjian", "最近更新已超期")]
        steps += [(7, "reminded", "xunjian", "最近更新已超期")]
        if n % 50:
            steps += [(9, "recovered", "xunjian", "已更新"), (12, "closed", "办公室", "已核对")]
        for after, kind, by, note in steps:
            day = opened(n) + after * DAY
            if day <= last:
                yield n + 1, kind, morning(day) + SPREAD[-1], by, note

    yield Rows.of(FindingRow, FINDING, map(one, range(count)))
    yield Rows.of(EventRow, EVENT, (row for n in range(count) for row in events(n)))
