"""Which sites and accounts have a veto that a person has confirmed?

A veto that the system alone found, or that rests on an unverified indicator, fails nobody: it is
counted as awaiting a person, and named nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.blanks import BLANK
from checks.indicators import Indicator, in_force
from checks.lifecycle import Finding
from checks.sites import Standing
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, Judgement, Verdict
from checks.watch import counting
from notify.quarterly.lot import Sort, end_of, sort_of, stands
from notify.quarterly.model import Judged

Names = frozenset[tuple[str, str]]
NOT_JUDGED = (Verdict.UNKNOWN, Verdict.EXEMPT)


@dataclass(frozen=True, slots=True)
class Hit:
    """One veto that is hit: in words, and whether a person has confirmed what hits it."""

    words: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Near:
    """One veto that confirmed findings alone bring near: how many there are, of how many."""

    words: str
    count: int
    limit: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How one site or account stands. `checked`: something of it could be judged."""

    subject: Subject
    checked: bool
    hits: tuple[Hit, ...]
    near: tuple[Near, ...]

    @property
    def failed(self) -> bool:
        return any(hit.confirmed for hit in self.hits)

    @property
    def pending(self) -> bool:
        return bool(self.hits) and not self.failed


def is_asked(judged: Judged, kinds: frozenset[SubjectKind]) -> bool:
    """Does the law in force veto subjects of these kinds at all?"""
    as_of = judged.bench.moment.as_of
    packs = counting(judged.law, as_of)
    rows = [row for pack in packs for row in in_force(pack.indicators, as_of)]
    if any(row.part == "veto" and row.subject in kinds for row in rows):
        return True
    return any(
        rule.severity == "veto" and rule.subject in kinds for rule in judged.law.in_force(as_of)
    )


def stands_of(judged: Judged, findings: Iterable[Finding]) -> tuple[Stand, ...]:
    """How does every site and every account that is in use stand? In the register's order."""
    bench = _Bench.of(judged, findings)
    subjects = {row.subject.key: row.subject for row in judged.bench.rows}
    return tuple(
        _stand(bench, subject)
        for subject in subjects.values()
        if subject.kind is SubjectKind.SITE
        or (subject.kind is SubjectKind.ACCOUNT and not is_closed(judged, subject))
    )


def is_closed(judged: Judged, account: Subject) -> bool:
    """Was the account closed by the day judged?"""
    return account.closed_on is not None and account.closed_on <= judged.bench.moment.as_of


@dataclass(frozen=True, slots=True)
class _Bench:
    """The day laid out: rows by subject and by place, standings by place, and under which rules
    each subject has a confirmed finding that stands.
    """

    judged: Judged
    rows: Mapping[str, Sequence[Judgement]]
    at: Mapping[str, Sequence[Judgement]]
    vetoes: Mapping[str, Sequence[Standing]]
    confirmed: Mapping[str, Names]

    @classmethod
    def of(cls, judged: Judged, findings: Iterable[Finding]) -> _Bench:
        rows: dict[str, list[Judgement]] = {}
        at: dict[str, list[Judgement]] = {}
        for row in judged.bench.rows:
            if row.inherits is None:
                rows.setdefault(row.subject.key, []).append(row)
                at.setdefault(_place(row.subject), []).append(row)
        vetoes: dict[str, list[Standing]] = {}
        for place in judged.places:
            vetoes.setdefault(place.subject.key, []).extend(place.vetoes)
        last = end_of(judged.bench.moment.as_of)
        confirmed: dict[str, set[tuple[str, str]]] = {}
        for each in findings:
            if sort_of(each) is Sort.LISTED and stands(each, last):
                confirmed.setdefault(each.key.subject, set()).add((each.key.pack, each.key.rule))
        return cls(judged, rows, at, vetoes, {k: frozenset(v) for k, v in confirmed.items()})

    def has(self, subject: str, names: Iterable[tuple[str, str]]) -> bool:
        return not self.confirmed.get(subject, frozenset()).isdisjoint(names)


def _place(subject: Subject) -> str:
    of_account = subject.kind is SubjectKind.ACCOUNT
    return subject.key if of_account else f"{SubjectKind.SITE}:{subject.site}"


def _stand(bench: _Bench, subject: Subject) -> Stand:
    told = bench.vetoes.get(subject.key)
    hits = _by_rules(bench, subject) if told is None else _by_indicators(bench, subject, told)
    found = tuple(dict.fromkeys(hits))
    near = tuple(_near(bench, told or ()))
    rows = bench.at.get(subject.key, ())
    checked = bool(found) or any(row.verdict not in NOT_JUDGED for row in rows)
    return Stand(subject, checked, found, near)


def _by_rules(bench: _Bench, subject: Subject) -> Iterator[Hit]:
    """Where no indicator counts, a rule of the law may still be a veto by itself."""
    for row in bench.at.get(subject.key, ()):
        rule = bench.judged.law.rule(row.pack, row.rule, bench.judged.bench.moment.as_of)
        if rule is not None and rule.severity == "veto" and row.verdict.against_unit:
            own = row.subject.key
            confirmed = rule.verified and bench.has(own, _named(bench, own, [row]))
            yield Hit(rule.headline, confirmed)


def _by_indicators(bench: _Bench, subject: Subject, told: Sequence[Standing]) -> Iterator[Hit]:
    for one in told:
        if one.hit:
            row = one.indicator
            yield Hit(f"{row.name}：{row.headline}", _is_confirmed(bench, subject, one))


def _is_confirmed(bench: _Bench, subject: Subject, one: Standing) -> bool:
    """Has a person confirmed enough of it? A person's own record under the indicator does."""
    row = one.indicator
    if one.said:
        return True
    if not row.verified or row.counts == "hand":
        return False
    if row.counts == "share":
        return bench.has(subject.key, _unmet(bench, subject, row))
    return _confirmed_count(bench, one) >= (row.limit or 1)


def _unmet(bench: _Bench, subject: Subject, row: Indicator) -> Iterator[tuple[str, str]]:
    """The duties of the site itself, unmet, that are a veto: its availability."""
    for owed in bench.judged.bench.duties:
        own = owed.subject.key == subject.key and owed.duty.pack == row.pack
        if own and owed.duty.severity == "veto" and owed.state is DutyState.UNMET:
            yield owed.duty.pack, owed.duty.id


def _confirmed_count(bench: _Bench, one: Standing) -> int:
    """How many of the faults counted has a person confirmed?"""
    if one.indicator.counts == "duties":
        return sum(
            bench.has(owed.subject.key, [(owed.duty.pack, owed.duty.id)]) for owed in one.unmet
        )
    return sum(bench.has(each.key, _names(bench, one.indicator, each)) for each in one.counted)


def _names(bench: _Bench, row: Indicator, subject: Subject) -> Names:
    """Under which rules may the finding stand that this indicator counts of the subject?"""
    if row.counts == "letters":
        return frozenset((row.pack, rule) for rule in row.rules)
    asked = [
        each
        for each in bench.rows.get(subject.key, ())
        if each.verdict in row.verdicts
        and (not row.rules or (each.pack == row.pack and each.rule in row.rules))
    ]
    return _named(bench, subject.key, asked)


def _named(bench: _Bench, subject: str, asked: Sequence[Judgement]) -> Names:
    """The rules that name the same fault: of several packs only the first holds the finding."""
    faults = {(row.verdict, row.due) for row in asked}
    names = {
        (row.pack or "", row.rule or "")
        for row in bench.rows.get(subject, ())
        if (row.verdict, row.due) in faults
    }
    if any(row.verdict is Verdict.BLANK for row in asked):
        names |= {
            (owed.duty.pack, owed.duty.id)
            for owed in bench.judged.bench.duties
            if owed.subject.key == subject and owed.duty.about == BLANK
        }
    return frozenset(names)


def _near(bench: _Bench, told: Sequence[Standing]) -> Iterator[Near]:
    """The vetoes that confirmed findings alone bring within the indicator's warning."""
    for one in told:
        row = one.indicator
        if row.limit is None or row.warn is None or not row.verified:
            continue
        count = _confirmed_count(bench, one)
        if row.warn <= count < row.limit:
            yield Near(f"{row.name}：{row.headline}", count, row.limit)
