"""What the looks of one day leave behind: evidence, visits, items, notes of lists.

A page that shows nothing new is "unchanged": its visit leans on the one before, as after a 304.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from app.simulate.rows import Rows
from app.simulate.size import DAY
from app.simulate.watched import Watched
from checks.freshness import SHANGHAI
from checks.subjects import SubjectKind
from checks.texts import LIST, ListLook
from storage.evidence import GENESIS, link
from storage.tables import EvidenceRow, ItemRow, ObservationRow, Run, VisitRow

AT_ONCE = 2  # rows that appear on a day of publishing
SHOWN = 20  # rows that a list shows
BEGINS = time(7, 30)
SPREAD = tuple(timedelta(seconds=n) for n in range(3600))
RUN = "id started_at finished_at planned seen unseen method"
EVIDENCE = "id at subject url warc offset record_id sha256 chain"
VISIT = (
    "id run_id subject observed_at outcome url status elapsed_ms reader newest newest_title "
    "newest_url date_text date_source item_count dated_count unresolved etag unchanged_since "
    "evidence_id method"
)
ITEM = "subject digest title url published_on date_text date_source first_seen visit_id"
NOTE = "run_id subject family key at outcome facts evidence_id"
Values = tuple[Any, ...]


def morning(day: date) -> datetime:
    """When do the looks of a day begin?"""
    return datetime.combine(day, BEGINS, SHANGHAI).astimezone(UTC)


@dataclass(slots=True)
class Looks:
    """All looks, day after day. What later ones lean on is held by the place of the subject."""

    watched: Sequence[Watched]
    number: int = 0  # of the last visit
    evidence: int = 0
    chain: str = GENESIS
    visits: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visits, self.answers = [0] * len(self.watched), [0] * len(self.watched)

    def of_day(self, run: int, day: date) -> Iterator[Rows]:
        """The rows of one day, each table after those that its rows refer to."""
        begun, today = morning(day), day.toordinal()
        answers: list[Values] = []
        visits: list[Values] = []
        items: list[Values] = []
        notes: list[Values] = []
        for place, each in enumerate(self.watched):
            self.number += 1
            at = begun + SPREAD[place % len(SPREAD)]
            if each.fails(today):
                visits.append(self._failed(run, each, at, place))
                continue
            days = self._new_days(each, today, first=not self.visits[place])
            fresh = bool(days) or not self.visits[place]
            if fresh:
                self.evidence += 1
                answers.append(self._answer(run, each, at))
                self.answers[place] = self.evidence
            visits.append(self._visit(run, each, at, place, today, fresh=fresh))
            if fresh:
                self.visits[place] = self.number
                items += (row for on in days for row in _items(each, on, at, self.number))
                if each.kind is SubjectKind.COLUMN:
                    notes.append(self._note(run, each, at, days))
        seen = sum(row[4] in ("ok", "empty") for row in visits)
        ended = begun + SPREAD[-1]
        told = (run, begun, ended, len(visits), seen, len(visits) - seen, "crawl")
        yield Rows.of(Run, RUN, [told])
        yield Rows.of(EvidenceRow, EVIDENCE, answers)
        yield Rows.of(VisitRow, VISIT, visits)
        yield Rows.of(ItemRow, ITEM, items)
        yield Rows.of(ObservationRow, NOTE, notes)

    def _new_days(self, each: Watched, today: int, *, first: bool) -> list[int]:
        """The days whose rows this look is the first to show: those since the last good look."""
        if not each.pace or each.empty:
            return []
        if first:
            newest = each.newest(today).toordinal()
            return [newest - each.pace * back for back in reversed(range(SHOWN // AT_ONCE))]
        missed = [today - 1] if each.fails(today - 1) else []
        return [on for on in (*missed, today) if each.publishes(on)]

    def _answer(self, run: int, each: Watched, at: datetime) -> Values:
        digest = sha256(f"{run}/{each.key}".encode()).hexdigest()
        self.chain = link(self.chain, digest, each.key, each.url, at)
        warc = f"simulated/run-{run:06d}.warc.gz"
        record = f"urn:uuid:00000000-0000-4000-8000-{self.evidence:012x}"
        return self.evidence, at, each.key, each.url, warc, 0, record, digest, self.chain

    def _failed(self, run: int, each: Watched, at: datetime, place: int) -> Values:
        outcome = ("blocked", "unreachable")[place % 2]
        told = (self.number, run, each.key, at, outcome, each.url, None, 15_000, None)
        return *told, None, None, None, None, None, 0, 0, 0, None, None, None, "crawl"

    def _visit(
        self, run: int, each: Watched, at: datetime, place: int, today: int, *, fresh: bool
    ) -> Values:
        told = (self.number, run, each.key, at, "empty" if each.empty else "ok", each.url, 200, 180)
        newest = each.newest(today) if each.pace and not each.empty else None
        shown = ("rows", newest, *(_named(each, newest) if newest else (None,) * 4))
        rows = SHOWN if newest else 0
        etag = f'"{self.answers[place]:x}"'
        leans = None if fresh else self.visits[place]
        return *told, *shown, rows, rows, 0, etag, leans, self.answers[place], "crawl"

    def _note(self, run: int, each: Watched, at: datetime, days: Sequence[int]) -> Values:
        down_to = date.fromordinal(min(days)) if days else None
        look = ListLook(0 if each.empty else SHOWN, down_to, True, "rows", ("identity", "mobile"))
        return run, each.key, LIST, "", at, "ok", look.facts(), self.evidence


def _named(each: Watched, newest: date) -> Values:
    """The title, address and date of the newest row, and where the date was read."""
    _, _, title, url, on, *_ = next(_items(each, newest.toordinal(), None, 0))
    return title, url, str(on), "list"


def _items(each: Watched, day: int, at: datetime | None, visit: int) -> Iterator[Values]:
    on = date.fromordinal(day)
    for n in range(AT_ONCE):
        title = f"模拟信息：关于第{day}-{n}项工作有关事项的通知"
        url = f"{each.url}{on:%Y%m}/t{on:%Y%m%d}_{n}.html"
        digest = f"{each.n:012x}{day:012x}{n:08x}"
        yield each.key, digest, title, url, on, str(on), "list", at, visit


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both inclusive."""
    while first <= last:
        yield first
        first += DAY
