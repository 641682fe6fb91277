"""How far is a site, or an account, from each veto of the table? (国办秘函〔2019〕19号 W2 to M3)

What was not seen is never counted, yet it is told: it could become a fault. So an indicator is
hit, not hit, or not known; with nothing watched for it, it is not known.

A subject counts once among the indicators of one part: in the first row, in the pack's order,
that takes it. A blank news column is a blank column (W4c) and no second time a late one (W4a).
An entry that shows another column's list counts nowhere: that column is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from checks.indicators import Indicator
from checks.judge import Bench
from checks.owed import DutyRow
from checks.replies import is_within
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, Judgement, LetterJudgement, LetterVerdict, Verdict

OF_SITE = frozenset((SubjectKind.SITE, SubjectKind.COLUMN, SubjectKind.MAILBOX))
OF_ACCOUNT = frozenset((SubjectKind.ACCOUNT,))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measure:
    """Of `whole` visits `part` met the fault, and of `unclear` ones nobody can say."""

    part: int
    whole: int
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What else is known of one site or account, by indicator id.

    `measures` are of visits; `by_machine` is what the checks found of a row that nothing counts,
    `by_hand` what a person found, which has the last word. True is a fault, False none.
    """

    measures: Mapping[str, Measure] = field(default_factory=dict)
    by_machine: Mapping[str, bool] = field(default_factory=dict)
    by_hand: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one site (or one account) on `as_of`."""

    as_of: date
    kinds: frozenset[SubjectKind]
    rows: Sequence[Judgement] = ()
    letters: Sequence[LetterJudgement] = ()
    duties: Sequence[DutyRow] = ()
    found: Found = field(default_factory=Found)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one indicator stands.

    `hit` is None where it is not known. `counted` are the subjects at fault, `not_known` those
    that could become so, `watched` how many were looked for; where duties are counted there is a
    subject for each duty, and `unmet` are those duties. `said` is what a person found.
    """

    indicator: Indicator
    hit: bool | None
    counted: tuple[Subject, ...] = ()
    not_known: tuple[Subject, ...] = ()
    watched: int = 0
    measure: Measure | None = None
    unmet: tuple[DutyRow, ...] = ()
    said: bool | None = None

    @property
    def count(self) -> int:
        return len(self.counted)

    @property
    def distance(self) -> int | None:
        """How many more faults would hit it? None where nothing is counted up to a limit."""
        limit = self.indicator.limit
        return None if limit is None else max(0, limit - self.count)

    @property
    def veto(self) -> bool | None:
        """Is it a veto? A hit of an indicator that is not verified is for a person to confirm."""
        return self.hit if self.indicator.verified or self.said or not self.hit else None


def watched(bench: Bench, found: Mapping[str, Found] | None = None) -> dict[str, Watched]:
    """What does the day's bench know of each site, with its columns and mailboxes, and account?

    By subject key, in one pass; `found` is keyed in the same way.
    """
    rows = _by_place((row.subject, row) for row in bench.rows if row.inherits is None)
    letters = _by_place((row.mailbox, row) for row in bench.letters)
    duties = _by_place((row.subject, row) for row in bench.duties)
    return {
        place: Watched(
            bench.moment.as_of,
            OF_ACCOUNT if place.startswith(f"{SubjectKind.ACCOUNT}:") else OF_SITE,
            rows[place],
            letters.get(place, ()),
            duties.get(place, ()),
            (found or {}).get(place, Found()),
        )
        for place in rows
    }


def _by_place(told: Iterable[tuple[Subject, T]]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = {}
    for subject, row in told:
        own = subject.kind is SubjectKind.ACCOUNT
        place = subject.key if own else f"{SubjectKind.SITE}:{subject.site}"
        grouped.setdefault(place, []).append(row)
    return grouped


def standings(
    watched: Watched, indicators: Iterable[Indicator], part: str = "veto"
) -> tuple[Standing, ...]:
    """How does each indicator of one part stand, in the pack's order?

    `indicators` are those in force on the day; those about other kinds of subject are left out.
    """
    told: list[Standing] = []
    taken: set[str] = set()
    for indicator in indicators:
        if indicator.part != part or indicator.subject not in watched.kinds:
            continue
        standing = _stand(watched, indicator, frozenset(taken))
        if indicator.counts != "duties":
            taken |= {subject.key for subject in standing.counted}
        told.append(standing)
    return tuple(told)


def vetoed(told: Iterable[Standing]) -> bool | None:
    """Is there a veto? None where it cannot be ruled out."""
    answers = [standing.veto for standing in told]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _stand(watched: Watched, indicator: Indicator, taken: frozenset[str]) -> Standing:
    standing = _by_machine(watched, indicator, taken)
    said = watched.found.by_hand.get(indicator.id)
    return standing if said is None else replace(standing, hit=said, said=said)


def _by_machine(watched: Watched, indicator: Indicator, taken: frozenset[str]) -> Standing:
    if indicator.counts == "hand":
        return Standing(indicator, watched.found.by_machine.get(indicator.id))
    if indicator.counts == "share":
        measure = watched.found.measures.get(indicator.id)
        return Standing(indicator, _share_hit(indicator, measure), measure=measure)
    if indicator.counts == "duties":
        return _duties(watched, indicator)
    asked: dict[str, list[Judgement]] = {}
    for row in watched.rows:
        if _asked(indicator, row):
            asked.setdefault(row.subject.key, []).append(row)
    answers = {
        rows[0].subject: _at_fault(watched, indicator, rows)
        for key, rows in asked.items()
        if key not in taken
    }
    counted = tuple(subject for subject, at_fault in answers.items() if at_fault)
    not_known = tuple(subject for subject, at_fault in answers.items() if at_fault is None)
    hit = _count_hit(indicator, len(counted), len(not_known), len(asked))
    return Standing(indicator, hit, counted, not_known, len(asked))


def _duties(watched: Watched, indicator: Indicator) -> Standing:
    """One unmet duty of one subject is one fault, on however many pages it shows."""
    pack, ids = indicator.pack, indicator.rules
    asked = [row for row in watched.duties if row.duty.pack == pack and row.duty.id in ids]
    unmet = tuple(row for row in asked if row.state is DutyState.UNMET)
    not_known = tuple(row.subject for row in asked if row.state is DutyState.UNKNOWN)
    hit = _count_hit(indicator, len(unmet), len(not_known), len(asked))
    counted = tuple(row.subject for row in unmet)
    return Standing(indicator, hit, counted, not_known, len(asked), unmet=unmet)


def _count_hit(indicator: Indicator, count: int, not_known: int, watched: int) -> bool | None:
    limit = indicator.limit or 1
    if count >= limit:
        return True
    unsure = not watched or indicator.partial or count + not_known >= limit
    return None if unsure else False


def _share_hit(indicator: Indicator, measure: Measure | None) -> bool | None:
    if indicator.share is None or indicator.least is None:
        raise ValueError(f"indicator {indicator.id}: a share needs share and least")
    if measure is None or measure.whole < indicator.least:
        return None
    bound = indicator.share * measure.whole
    if measure.part >= bound:
        return True
    return None if measure.part + measure.unclear >= bound else False


def _asked(indicator: Indicator, row: Judgement) -> bool:
    """Does this row speak of what the indicator counts?"""
    if row.subject.kind != indicator.subject:
        return False
    return not indicator.rules or (row.pack == indicator.pack and row.rule in indicator.rules)


def _at_fault(watched: Watched, indicator: Indicator, rows: Sequence[Judgement]) -> bool | None:
    verdicts = {row.verdict for row in rows}
    if Verdict.EXEMPT in verdicts:
        return False
    if indicator.counts == "letters":
        unseen = Verdict.UNKNOWN in verdicts
        return _letters_at_fault(watched, indicator, rows[0].subject, unseen)
    if verdicts & set(indicator.verdicts):
        return True
    # Without a day nothing shows that the subject was updated in time, nor that it was not.
    unsure = {Verdict.UNKNOWN, Verdict.UNDATED} if indicator.rules else {Verdict.UNKNOWN}
    return None if verdicts & unsure else False


def _letters_at_fault(
    watched: Watched, indicator: Indicator, mailbox: Subject, unseen: bool
) -> bool | None:
    answers = [
        _letter_at_fault(watched.as_of, indicator, letter)
        for letter in watched.letters
        if letter.pack == indicator.pack
        and letter.rule in indicator.rules
        and letter.mailbox.id == mailbox.id
    ]
    if True in answers:
        return True
    return None if unseen or None in answers else False


def _letter_at_fault(as_of: date, indicator: Indicator, row: LetterJudgement) -> bool | None:
    """Does this letter count? One received before the span does not, whatever became of it."""
    if indicator.within is None:
        raise ValueError(f"indicator {indicator.id}: letters need within")
    if not is_within(row.letter, as_of, indicator.within):
        return False
    if row.verdict in indicator.verdicts:
        return True
    is_open = row.verdict in (LetterVerdict.WAITING, LetterVerdict.PROVISIONAL)
    return None if is_open and (row.due is None or row.due < as_of) else False
