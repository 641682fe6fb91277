"""Judging one day: what was known at its end, under the law then in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.home import Home
from app.settings import Settings, SettingsError
from checks.facts import LetterState, Observed
from checks.fakes import Sighting
from checks.freshness import SHANGHAI, Moment, local_day
from checks.judge import Bench, Facts, NoRuleError, allowance, judge
from checks.links import LOOKED, SiteLinks, gather
from checks.replies import is_within
from checks.rules import Law
from checks.subjects import Subject, SubjectKind
from checks.texts import FROM_LISTS, REPOST
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Ledger
from storage.ledger.portions import PORTION


class NoLawError(SettingsError):
    """A day on which no indicators were in force."""


# A week of whole days before the day judged, and that day itself.
PROBES = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Day:
    """One judged day. `cutoff` is the last instant whose visits count; `facts` are those judged.

    A day ahead is a projection: nothing new is assumed to appear. Only today's judgement is
    ever written down.
    """

    bench: Bench
    law: Law
    cutoff: datetime
    register: Inventory
    facts: Facts

    @property
    def subjects(self) -> dict[str, Subject]:
        return {row.subject.key: row.subject for row in self.bench.rows}

    @property
    def unit_names(self) -> dict[str, str]:
        return {row["id"]: row["name"] for row in self.register["unit"]}


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for all subjects of one judgement.

    `units` gives unit ids by name; `late` are the columns in which an old row appeared of late,
    None where the law has no flags that ask for it. The register is that of `at`, None: now.
    """

    law: Law
    as_of: date
    cutoff: datetime
    units: Mapping[str, str]
    late: frozenset[str] | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the register, judged: nothing outside is needed to know how it stands."""

    bench: Bench
    facts: Facts


def judge_day(home: Home, settings: Settings, ledger: Ledger, as_of: date | None = None) -> Day:
    """How did everything stand on `as_of` (None: today, in Asia/Shanghai)?

    A past day is judged from the visits, the register and the law of that day's end. Raises
    NoLawError for a day before any law.
    """
    return judge_with_past(home, settings, ledger, as_of, ())[0]


def judge_with_past(
    home: Home, settings: Settings, ledger: Ledger, as_of: date | None, past: Sequence[date]
) -> tuple[Day, list[Day]]:
    """The same, and how everything stood on days before it, given the earliest first.

    Letters are read once for all. Of the days before, letters that had their answer and that no
    indicator counts any more are left out.
    """
    present = now()
    today, present_law = local_day(present), home.law(settings)
    asked = [*past, as_of or today]
    known = [known_by(ledger, day, present) for day in asked]
    letters = ledger.letters_at([cutoff for cutoff, _ in known])
    laws = [
        (ledger.law_at(cutoff) or present_law) if day < today else present_law
        for day, (cutoff, _) in zip(asked, known, strict=True)
    ]
    for day, law in zip(asked, laws, strict=True):
        _in_force(law, day)
    late = _late_in_all(ledger, laws, asked, [cutoff for cutoff, _ in known])
    judged: list[Day] = []
    for day, (cutoff, at), law, states in zip(asked, known, laws, letters, strict=True):
        subjects, register = ledger.subjects(at), ledger.inventory(at)
        units = {row["name"]: row["id"] for row in register["unit"]}
        frame = Frame(law, day, cutoff, units, late, at)
        counted = states if len(judged) == len(past) else _counted(law, day, states)
        facts = facts_of(ledger, frame, subjects, counted)
        bench = judge(law, facts, Moment(day, projected=day > today))
        judged.append(Day(bench, law, cutoff, register, facts))
    return judged[-1], judged[:-1]


def _in_force(law: Law, day: date) -> None:
    try:
        allowance(law, day)
    except NoRuleError as error:
        raise NoLawError(f"{day} 没有生效的指标，无从判定。请选择较晚的日期。") from error


def _counted(
    law: Law, day: date, letters: Mapping[str, Sequence[LetterState]]
) -> dict[str, list[LetterState]]:
    """The letters that are open, and those that an indicator may still count on this day."""
    spans = [row.within for pack in law.packs for row in pack.indicators if row.within is not None]
    return {
        mailbox: [
            state
            for state in states
            if state.letter.replied_on is None
            or any(is_within(state.letter, day, span) for span in spans)
        ]
        for mailbox, states in letters.items()
    }


def _late_in_all(
    ledger: Ledger, laws: Sequence[Law], days: Sequence[date], cutoffs: Sequence[datetime]
) -> frozenset[str] | None:
    """In which columns did an old row appear before any of these days?

    What is late for one day alone is looked at for all: each row is weighed by itself then.
    """
    spans = [
        (cutoff - span[0], span[1])
        for law, day, cutoff in zip(laws, days, cutoffs, strict=True)
        if (span := _flag_span(law, day)) is not None
    ]
    if not spans:
        return None
    since, tolerance = (min(each) for each in zip(*spans, strict=True))
    return ledger.late_columns(max(cutoffs), since, tolerance)


def known_by(ledger: Ledger, as_of: date, present: datetime) -> tuple[datetime, datetime | None]:
    """The last instant that counts for a day, and that of its register (None: now)."""
    if as_of >= local_day(present):
        return present, None
    cutoff = end_of(as_of)
    first = ledger.first_loaded_at()
    # Before the first register there was nothing to judge by: show it, unseen.
    return cutoff, max(cutoff, first + timedelta(microseconds=1)) if first else cutoff


def end_of(day: date) -> datetime:
    """The last instant of a day in Asia/Shanghai."""
    return datetime.combine(day, time.max, SHANGHAI)


def judge_in_portions(
    ledger: Ledger, law: Law, as_of: date, cutoff: datetime, size: int = PORTION
) -> Iterator[Portion]:
    """How does everything registered now stand on `as_of`, about `size` subjects at a time?

    What is held at a time does not grow with the register.
    """
    frame = frame_of(ledger, law, as_of, cutoff, ledger.unit_ids())
    for subjects in ledger.portions(size=size):
        facts = facts_of(ledger, frame, subjects)
        yield Portion(judge(law, facts, Moment(as_of)), facts)


def frame_of(
    ledger: Ledger, law: Law, as_of: date, cutoff: datetime, units: Mapping[str, str]
) -> Frame:
    """What has to be asked once, however many portions there are?"""
    span = _flag_span(law, as_of)
    late = ledger.late_columns(cutoff, cutoff - span[0], span[1]) if span else None
    return Frame(law, as_of, cutoff, units, late)


def facts_of(
    ledger: Ledger,
    frame: Frame,
    subjects: Sequence[Subject],
    letters: Mapping[str, Sequence[LetterState]] | None = None,
) -> Facts:
    """What was known of these subjects at the cutoff? `letters` None: they are read."""
    cutoff = frame.cutoff
    targets = ledger.targets_of(subjects, frame.at)
    keys = [subject.key for subject in subjects]
    mailboxes = [subject.key for subject in subjects if subject.kind is SubjectKind.MAILBOX]
    sites = [subject.id for subject in subjects if subject.kind is SubjectKind.SITE]
    observed = ledger.observed(cutoff, keys)
    return Facts(
        subjects=subjects,
        histories=ledger.histories([*keys, *(each.key for each in targets)], cutoff),
        letters=ledger.letters(cutoff, mailboxes) if letters is None else letters,
        units=frame.units,
        observed=observed,
        probes=ledger.probes(cutoff - PROBES, cutoff, sites),
        hands=ledger.hands(cutoff, keys),
        links=_links(ledger, frame, subjects),
        rows=_rows(ledger, frame, observed),
        targets=targets,
    )


def _links(ledger: Ledger, frame: Frame, subjects: Sequence[Subject]) -> dict[str, SiteLinks]:
    """How the links of each site stand; none where the law does not ask."""
    owed = frame.law.duties_in_force(frame.as_of)
    spans = [duty.within.n for duty in owed if duty.about == LOOKED]
    if not spans:
        return {}
    since = frame.as_of - timedelta(days=max(spans))
    homes = {each.id: each.url or "" for each in subjects if each.kind is SubjectKind.SITE}
    pages = ledger.linked_pages_of(list(homes), frame.cutoff)
    looks = ledger.link_looks_of(list(homes), frame.cutoff)
    return {
        site: gather(home, pages.get(site, ()), looks.get(site, {}), since)
        for site, home in homes.items()
    }


def _rows(
    ledger: Ledger, frame: Frame, observed: Mapping[str, Sequence[Observed]]
) -> Mapping[str, Sequence[Sighting]]:
    """The rows that a flag may speak of; none where the law in force has no such flags."""
    span = _flag_span(frame.law, frame.as_of)
    if span is None:
        return {}
    since = frame.cutoff - span[0]
    return ledger.sightings(frame.cutoff, since, observed, span[1], frame.late)


def _flag_span(law: Law, as_of: date) -> tuple[timedelta, int] | None:
    """How far back do flags look, and from how many days on is a new row an old one?"""
    owed = [d for d in law.duties_in_force(as_of) if d.about in (*FROM_LISTS, REPOST)]
    if not owed:
        return None
    late = min((d.numbers["tolerance_days"] for d in owed if d.about in FROM_LISTS), default=0)
    return timedelta(days=max(duty.within.n for duty in owed) + 1), late
