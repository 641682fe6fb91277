"""Which check answers for a subject's last update: its own, that of its columns, or another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.calendar import Limit
from checks.facts import History, LetterState, Method, Observed
from checks.freshness import Moment, judge_freshness, judge_plain
from checks.homes import Bar, judge_columns_of, judge_home
from checks.inherit import inherited
from checks.public_list import judge_public_list
from checks.rules import Law, Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Updates:
    """What was known at the day judged, laid out for the rules about the last update.

    `histories`, `letters` and `observed` are keyed by subject key, `columns` by id, `second_level`
    (a site's columns) by site id. `allowance` is how old the last good look may be. `looks` are
    the histories without what persons brought: a back end shows nothing of the public list.
    """

    law: Law
    moment: Moment
    allowance: Limit
    histories: Mapping[str, History]
    looks: Mapping[str, History]
    letters: Mapping[str, Sequence[LetterState]]
    observed: Mapping[str, Sequence[Observed]]
    columns: Mapping[str, Subject]
    second_level: Mapping[str, Sequence[Subject]]

    def judged(self, subject: Subject, rule: Rule) -> Judgement:
        """How does a subject stand under a rule about its last update?"""
        history = self.history(subject)
        law, moment, span = self.law, self.moment, self.allowance
        if subject.kind is SubjectKind.MAILBOX:
            looked = self.looks.get(subject.key, History())
            states = self.letters.get(subject.key, ())
            public = [state for state in states if state.method is Method.CRAWL]
            return judge_public_list(subject, rule, public, looked, moment, law.calendar, span)
        if subject.kind is not SubjectKind.SITE:
            return judge_freshness(subject, rule, history, moment, law.calendar, span)
        bar = Bar(rule, moment, law.calendar, span)
        if subject.nav_only:
            listed = self.second_level.get(subject.id, ())
            # What an entry leads to is a second-level page as well: a visitor finds it there.
            shown = (self.columns.get(each.redirect_to or "", each) for each in listed)
            columns = list({each.key: each for each in shown}.values())
            return judge_columns_of(subject, history, columns, self.histories, bar)
        return judge_home(subject, history, self.observed.get(subject.key, ()), bar)

    def plain(self, subject: Subject) -> Judgement:
        """How does a subject stand to which no rule applies?"""
        return judge_plain(subject, self.history(subject), self.moment, self.allowance)

    def inherited(self, entry: Subject) -> list[Judgement]:
        """The rows of the column whose list this entry shows, as the entry's own."""
        target = self.columns.get(entry.redirect_to or "")
        if target is None or target.redirect_to is not None:
            return [judge_plain(entry, History(), self.moment, self.allowance)]
        rules = self.law.applying_to(target, self.moment.as_of)
        rows = [self.judged(target, rule) for rule in rules] or [self.plain(target)]
        return [inherited(row, entry, self.moment.as_of) for row in rows]

    def history(self, subject: Subject) -> History:
        return self.histories.get(subject.key, History())


def by_site(subjects: Sequence[Subject]) -> dict[str, list[Subject]]:
    """The columns of each site, by its id."""
    found: dict[str, list[Subject]] = {}
    for subject in subjects:
        if subject.kind is SubjectKind.COLUMN and subject.site is not None:
            found.setdefault(subject.site, []).append(subject)
    return found
