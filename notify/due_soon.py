"""Which columns, accounts and letters are near their limit? Pure: an early warning a line."""

from __future__ import annotations

from datetime import date

from checks.rules import SEVERITIES, Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import LetterJudgement, Verdict
from notify.news import OFFICE, Line, News, Topic, unit_audience
from notify.terms import kind_word, sure_clause
from notify.words import web_link


def due_soon_lines(news: News) -> list[Line]:
    made: list[Line] = []
    warned: set[tuple[str, date | None]] = set()
    for row in news.bench.rows:
        if row.verdict is not Verdict.DUE_SOON or row.subject.kind is SubjectKind.MAILBOX:
            continue
        if row.inherits is not None or (row.subject.key, row.due) in warned:
            continue  # told of the column it shows, or of another pack's rule with the same day
        warned.add((row.subject.key, row.due))
        left = f"还剩{row.days_left}天" if row.days_left else "今日到期"
        made.append(
            _warning(
                news,
                row.subject,
                row.subject.unit,
                key=f"due_soon:{row.subject.key}:{row.pack}/{row.rule}:{row.due}",
                rule=news.rule(row.pack, row.rule),
                headline=f"临近更新时限，{left}",
                reason=row.reason,
                due=row.due,
            )
        )
    return made


def letter_warnings(news: News) -> list[Line]:
    """Letters near their limit. A mailbox that is exempt or unseen today gives no warning."""
    judged = {
        (row.pack, row.rule, row.subject.key)
        for row in news.bench.rows
        if row.verdict not in (Verdict.UNKNOWN, Verdict.EXEMPT)
    }
    return [
        _letter_warning(news, row)
        for row in news.bench.letters
        if row.near and (row.pack, row.rule, row.mailbox.key) in judged
    ]


def _letter_warning(news: News, row: LetterJudgement) -> Line:
    ref = row.letter.ref
    return _warning(
        news,
        row.mailbox,
        row.unit,
        key=f"due_soon:{row.mailbox.key}:{row.pack}/{row.rule}:{row.due}:{ref}",
        rule=news.rule(row.pack, row.rule),
        headline=f"临近答复时限，最迟应于{row.due}（含当日）答复",
        reason=row.reason,
        due=row.due,
        letter=ref,
        link=web_link(row.letter.url),
    )


def _warning(
    news: News,
    subject: Subject,
    unit: str,
    *,
    key: str,
    rule: Rule | None,
    headline: str,
    reason: str,
    due: date | None,
    letter: str = "",
    link: str | None = None,
) -> Line:
    return Line(
        key=key,
        topic=Topic.DUE_SOON,
        audiences=frozenset({OFFICE, unit_audience(unit)}),
        thing=f"{subject.key}#{letter}",
        what="来信" if letter else kind_word(subject.key, subject),
        name=f"{subject.name} {letter}" if letter else subject.name,
        headline=headline,
        reason=reason,
        clause=sure_clause(rule) if rule else "",
        clause_link=web_link(rule.link) if rule else None,
        remedy=rule.remedy if rule else "",
        link=link or web_link(subject.url),
        unit=news.unit_name(unit),
        site=news.site_of(subject),
        severity=SEVERITIES.index(rule.severity) if rule else len(SEVERITIES),
        due=due,
    )
