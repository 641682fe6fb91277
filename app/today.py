"""Today's judgement, portion by portion: what something follows from is kept, the rest is counted.

How much is held depends on how many faults, doubts and sites there are, not on how many columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.day import Portion, judge_in_portions
from app.home import Home
from app.settings import Settings
from app.standing import places_in
from checks.freshness import Moment, local_day
from checks.judge import Bench
from checks.lifecycle import Fault, Key, State
from checks.owed import DutyRow
from checks.rules import Law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, LetterJudgement, Verdict
from checks.watch import Place
from notify.nearing import PREFIX, may_be_told
from notify.news import OFFICE
from storage.clock import now
from storage.ledger import Ledger
from storage.ledger.portions import PORTION

T = TypeVar("T")
TOLD_AS_SUCH = (Verdict.DUE_SOON, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Today:
    """What follows from today's judgement.

    Of the bench there are all faults, the cleared keys that have a finding, and the rows and
    letters that a mail may speak of; `subjects` are the sites and whatever has a fault or a
    finding, by key; `places` are reduced to the vetoes that are near or were told of before.
    `verdicts` counts all rows; `gone` are the findings about what is no longer registered.
    """

    law: Law
    bench: Bench
    subjects: Mapping[str, Subject]
    places: Sequence[Place]
    verdicts: Mapping[Verdict, int]
    gone: Sequence[Key]


@dataclass(slots=True)
class _Kept:
    rows: list[Judgement] = field(default_factory=list)
    letters: list[LetterJudgement] = field(default_factory=list)
    faults: dict[Key, Fault] = field(default_factory=dict)
    cleared: dict[Key, str] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    duties: list[DutyRow] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)


def judge_today(home: Home, settings: Settings, ledger: Ledger, size: int = PORTION) -> Today:
    """How does everything stand today? About `size` subjects are held at a time."""
    law, present = home.law(settings), now()
    as_of = local_day(present)
    with ledger.reading() as session:
        known = ledger.latest_findings(session)
        told = ledger.told(session, OFFICE, PREFIX)
    found, kept = known.keys(), _Kept()
    named = {key.subject for key in found}
    dismissed = [each for each in known.values() if each.state is State.DISMISSED]
    for portion in judge_in_portions(ledger, law, as_of, present, size):
        _keep(kept, portion, found, named)
        kept.places += may_be_told(places_in(law, portion.bench, portion.facts, dismissed), told)
    order = list(SubjectKind)
    bench = Bench(
        Moment(as_of),
        tuple(sorted(kept.rows, key=lambda row: order.index(row.subject.kind))),
        tuple(kept.letters),
        _in_order(kept.faults),
        _in_order(kept.cleared),
        tuple(kept.duties),
    )
    gone = [key for key in found if key.subject not in kept.subjects]
    return Today(law, bench, kept.subjects, kept.places, kept.verdicts, gone)


def _keep(kept: _Kept, portion: Portion, found: Container[Key], named: Container[str]) -> None:
    bench = portion.bench
    at_fault = {key.subject for key in bench.faults}
    kept.rows += _rows(bench, found)
    kept.letters += (row for row in bench.letters if row.near or _is_held(row, bench, found))
    kept.faults |= bench.faults
    kept.duties += (row for row in bench.duties if _key(row) in bench.faults)
    kept.cleared |= {key: why for key, why in bench.cleared.items() if key in found}
    kept.verdicts.update(row.verdict for row in bench.rows)
    for subject in portion.facts.subjects:
        is_site = subject.kind is SubjectKind.SITE
        if is_site or subject.key in at_fault or subject.key in named:
            kept.subjects[subject.key] = subject


def _key(row: DutyRow) -> Key:
    return Key(row.duty.pack, row.duty.id, row.subject.key)


def _rows(bench: Bench, found: Container[Key]) -> Iterator[Judgement]:
    """What a mail may speak of, and for each site one row that shows it was seen."""
    near = {letter.mailbox.key for letter in bench.letters if letter.near}
    seen: set[str | None] = {None}
    for row in bench.rows:
        shown = row.inherits is None and row.outcome is not None and row.outcome.seen
        first = shown and row.subject.site not in seen
        if first:
            seen.add(row.subject.site)
        told = row.verdict in TOLD_AS_SUCH and row.outcome is not None
        key = Key(row.pack or "", row.rule or "", row.subject.key)
        if first or told or row.subject.key in near or key in bench.faults or key in found:
            yield row


def _is_held(row: LetterJudgement, bench: Bench, found: Container[Key]) -> bool:
    key = Key(row.pack or "", row.rule or "", row.mailbox.key, row.letter.ref)
    return key in bench.faults or key in found


def _in_order(held: Mapping[Key, T]) -> dict[Key, T]:
    """The order in which events are written does not depend on how the register was parted."""
    return dict(sorted(held.items(), key=lambda each: _place(each[0])))


def _place(key: Key) -> tuple[str, str, str, str]:
    return key.pack, key.rule, key.subject, key.letter
