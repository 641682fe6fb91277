"""The one door to all rules: facts of one day in, verdicts and faults out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from checks.answers import answer_duties
from checks.calendar import Limit
from checks.facts import Hand, History, LetterState, Observed
from checks.fakes import Sighting
from checks.faults import duty_fault, letter_faults, name_once, row_fault
from checks.freshness import (
    Moment,
    unseen_reason,
)
from checks.letter_clock import Clock
from checks.lifecycle import Fault, Key
from checks.links import SiteLinks
from checks.owed import Case, DutyRow
from checks.probes import Probe
from checks.replies import (
    judge_letter,
    judge_mailbox,
)
from checks.rules import LIST, OPERATOR_PACK, Law, Rule
from checks.subjects import Subject, SubjectKind
from checks.unseen import Watch, unseen_fault
from checks.updates import Updates, by_site
from checks.verdicts import Judgement, LetterJudgement, Verdict
from checks.ways import KnownLetter, Spans, deciding, known_letters


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was known at the day judged. Histories are keyed by subject key,
    `units` gives the ids of registered units by name. `observed`, `hands` and `rows` are keyed by
    subject key, `probes` and `links` by site id. `targets` are columns that an entry among the
    subjects leads to and that are not judged here themselves.
    """

    subjects: Sequence[Subject]
    histories: Mapping[str, History]
    letters: Mapping[str, Sequence[LetterState]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    observed: Mapping[str, Sequence[Observed]] = field(default_factory=dict)
    probes: Mapping[str, Sequence[Probe]] = field(default_factory=dict)
    hands: Mapping[str, Sequence[Hand]] = field(default_factory=dict)
    links: Mapping[str, SiteLinks] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    targets: Sequence[Subject] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """One day's judgements. `faults` and `cleared` feed the lifecycle; the rest is unknown.

    `rows` answer the rules, `duties` what is owed and is no time limit.
    """

    moment: Moment
    rows: tuple[Judgement, ...]
    letters: tuple[LetterJudgement, ...]
    faults: Mapping[Key, Fault]
    cleared: Mapping[Key, str]
    duties: tuple[DutyRow, ...] = ()


class NoRuleError(LookupError):
    """No rule was in force on a day: nothing can be said of it."""


def allowance(law: Law, as_of: date) -> Limit:
    """How old may the last good look be? Raises NoRuleError when no row says so."""
    rule = law.rule(OPERATOR_PACK, "unseen", as_of)
    if rule is None:
        raise NoRuleError(f"no rule operator/unseen in force on {as_of}")
    return rule.limit


def judge(law: Law, facts: Facts, moment: Moment) -> Bench:
    """How does every subject stand on the day judged, under every rule that applies to it?

    A subject with several rules has a row for each; one with none has one row, rule None.
    """
    spans = spans_of(law, moment.as_of)
    span, watch = spans.look, Watch.under(law, moment.as_of)
    raw, facts = facts.histories, _decided(facts, moment, spans)
    updates = _updates(law, facts, raw, moment, span)
    rows: list[Judgement] = []
    letters: list[LetterJudgement] = []
    faults: dict[Key, Fault] = {}
    cleared: dict[Key, str] = {}
    for subject in facts.subjects:
        history = facts.histories.get(subject.key, History())
        rules = law.applying_to(subject, moment.as_of)
        known: list[KnownLetter] | None = None
        if subject.redirect_to is not None:
            told = updates.inherited(subject)
            rows += told
            cleared |= _own_cleared(subject, rules, told)
            rules = ()
        elif not rules:
            rows.append(updates.plain(subject))
        for rule in rules:
            if subject.kind is SubjectKind.MAILBOX and rule.of != LIST:
                clock = Clock(subject, rule, law.calendar, facts.units)
                unseen = unseen_reason(history, moment, span)
                if known is None:
                    states = facts.letters.get(subject.key, ())
                    known = known_letters(states, raw.get(subject.key, history), moment, spans)
                judged = tuple(
                    judge_letter(clock, letter.state, moment, letter.unseen) for letter in known
                )
                letters.extend(judged)
                row = judge_mailbox(clock, judged, history, moment, span)
                if unseen is None or row.verdict is Verdict.EXEMPT:
                    letter_faults(judged, row, rule, moment.as_of, faults, cleared)
            else:
                row = updates.judged(subject, rule)
                row_fault(row, rule, faults, cleared)
            rows.append(row)
        unseen_fault(watch, subject, history, moment, faults, cleared)
    name_once(rows, faults, cleared)
    bare = {row.subject.key for row in rows if row.rule and row.verdict is Verdict.BLANK}
    duties = judge_duties(law, replace(facts, histories=raw), moment)
    for owed in duties:
        duty_fault(owed, bare, _looked(facts, owed.subject.key), faults, cleared)
    return Bench(moment, tuple(rows), tuple(letters), faults, cleared, duties)


def spans_of(law: Law, as_of: date) -> Spans:
    """How old may a look be, and what a person brought? Raises NoRuleError when no row says so.

    A law that was kept before there were such words has no row for them: they are as looks.
    """
    look, word = allowance(law, as_of), law.rule(OPERATOR_PACK, "word", as_of)
    return Spans(look, word.limit if word is not None else look)


def _decided(facts: Facts, moment: Moment, spans: Spans) -> Facts:
    """The same facts, with the history that decides of each subject that persons speak of."""
    known = ((each, facts.histories.get(each.key, History())) for each in facts.subjects)
    decided = {
        subject.key: deciding(subject, history, moment, spans)
        for subject, history in known
        if subject.brought or history.word is not None
    }
    return replace(facts, histories={**facts.histories, **decided}) if decided else facts


def _updates(
    law: Law, facts: Facts, looks: Mapping[str, History], moment: Moment, span: Limit
) -> Updates:
    return Updates(
        law=law,
        moment=moment,
        allowance=span,
        histories=facts.histories,
        looks=looks,
        letters=facts.letters,
        observed=facts.observed,
        columns={
            each.id: each
            for each in (*facts.targets, *facts.subjects)
            if each.kind is SubjectKind.COLUMN
        },
        second_level=by_site(facts.subjects),
    )


def _own_cleared(
    entry: Subject, rules: Sequence[Rule], told: Sequence[Judgement]
) -> dict[Key, str]:
    """An entry is judged by nobody: what was once found of it, under any rule, is over."""
    named = {(rule.pack, rule.id) for rule in rules}
    named |= {(row.pack, row.rule) for row in told if row.pack and row.rule}
    return {Key(pack, rule, entry.key): told[0].reason for pack, rule in sorted(named)}


def judge_duties(law: Law, facts: Facts, moment: Moment) -> tuple[DutyRow, ...]:
    """How does every duty of every subject stand? A day ahead shows nothing, so there are none."""
    owed = () if moment.projected else law.duties_in_force(moment.as_of)
    of_kind = {kind: [duty for duty in owed if duty.subject == kind] for kind in SubjectKind}
    kin: dict[str, list[Subject]] = {}
    for subject in facts.subjects if owed else ():
        kin.setdefault(subject.unit, []).append(subject)
    return tuple(
        row
        for subject in (facts.subjects if owed else ())
        for row in answer_duties(
            _case(facts, subject, kin[subject.unit], moment.as_of), of_kind[subject.kind]
        )
    )


def _case(facts: Facts, subject: Subject, kin: Sequence[Subject], as_of: date) -> Case:
    is_site = subject.kind is SubjectKind.SITE
    return Case(
        subject=subject,
        as_of=as_of,
        observed=facts.observed.get(subject.key, ()),
        kin=kin,
        probes=facts.probes.get(subject.id, ()) if is_site else (),
        hands=facts.hands.get(subject.key, ()),
        history=facts.histories.get(subject.key, History()),
        links=facts.links.get(subject.id) if is_site else None,
        rows=facts.rows.get(subject.key),
    )


def _looked(facts: Facts, key: str) -> datetime | None:
    """When was anything of this subject last looked at?"""
    last = facts.histories.get(key, History()).last
    looks = [each.at for each in facts.observed.get(key, ())]
    return max([*looks, last.observed_at] if last is not None else looks, default=None)
