"""Columns, accounts and the rest: what was seen of them, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from checks.facts import Method, Outcome
from checks.freshness import METHOD_WORDS, OUTCOME_WORDS, local_day
from checks.judge import spans_of
from checks.lifecycle import Finding, Key, State
from checks.measures import Measure
from checks.subjects import SubjectKind
from checks.verdicts import Judgement, Verdict
from checks.ways import Spans
from notify.documents.parts import Rate
from notify.terms import CLASSES, PLATFORMS, SOURCES, VERDICTS
from notify.weekly.desk import Desk, standings
from notify.weekly.lines import AccountLine, AtLeast, ColumnLine, NoteLine
from notify.weekly.model import Coverage, Look, PostTally, Tally

NEVER, EXCUSED = "尚未查看", "豁免或已关停，未要求查看"
# A provincial notice calls an account dead; that grades, it does not accuse.
GRADES = {Verdict.OK: "正常", Verdict.DUE_SOON: "预警", Verdict.UNKNOWN: "未知"}
FAILED, DEAD, UNRULED = "不合格", "僵尸", "未设时限"


def coverage(desk: Desk) -> Coverage:
    """What did the last look at each subject meet, within the time a look may be old?"""
    spans = spans_of(desk.material.law, desk.as_of)
    stale = f"超过{spans.look.chinese}未再查看"
    old_word = f"后台导出、人工登记已超过{spans.word.chinese}"
    seen_words = [OUTCOME_WORDS[outcome] for outcome in Outcome if outcome.seen]
    seen_words += [_told_by(method) for method in Method if method.brought]
    unseen_words = [OUTCOME_WORDS[outcome] for outcome in Outcome if not outcome.seen]
    met = Counter(
        (_met(row, desk, spans, (stale, old_word)), row.subject.kind) for row in desk.standings
    )
    looks = [_look(words, True, met) for words in seen_words]
    looks += [_look(words, False, met) for words in (*unseen_words, stale, old_word, NEVER)]
    looks.append(_look(EXCUSED, None, met))
    return Coverage(
        looks=tuple(look for look in looks if look.total),
        registered=len(desk.standings),
        seen=sum(look.total for look in looks if look.seen is True),
        unseen=sum(look.total for look in looks if look.seen is False),
        excused=sum(look.total for look in looks if look.seen is None),
    )


def _told_by(method: Method) -> str:
    return f"据{METHOD_WORDS[method]}"


def _met(row: Judgement, desk: Desk, spans: Spans, old: tuple[str, str]) -> str:
    """What the last look met, in words; `old` are those for a look and a word that are too old."""
    seen = row.outcome is not None and row.outcome.seen
    if row.verdict is Verdict.EXEMPT and not seen:
        return EXCUSED
    if row.outcome is None:
        return NEVER
    brought = row.method.brought
    since = row.shown_to if brought and row.shown_to else row.last_seen and local_day(row.last_seen)
    most = spans.word.n if brought else spans.look.n
    stale = since is not None and (desk.as_of - since).days > most
    if seen and stale and not desk.material.bench.moment.projected:
        return EXCUSED if row.verdict is Verdict.EXEMPT else old[brought]
    return _told_by(row.method) if seen and brought else OUTCOME_WORDS[row.outcome]


def _look(words: str, seen: bool | None, met: Counter[tuple[str, SubjectKind]]) -> Look:
    return Look(words, seen, **{kind.value: met[(words, kind)] for kind in SubjectKind})


def tally(label: str, rows: Sequence[Judgement]) -> Tally:
    counted = Counter(row.verdict for row in rows)
    return Tally(label, len(rows), **{verdict.value: counted[verdict] for verdict in Verdict})


def on_time(rows: Iterable[Judgement]) -> Rate:
    """Which share of the columns with a limit was on time, of those that a day's bench judged?"""
    return tally("", ruled(standings(rows))).in_time


def ruled(rows: Iterable[Judgement]) -> list[Judgement]:
    """The columns with a limit."""
    return [row for row in rows if row.subject.kind is SubjectKind.COLUMN and row.rule]


def overdue_by_class(rows: Iterable[Judgement]) -> tuple[tuple[str, int], ...]:
    """How many columns of each class are overdue? The most first."""
    late = [row.subject.column_class or "" for row in rows if row.verdict is Verdict.OVERDUE]
    counted = Counter(CLASSES.get(each, each or "其他") for each in late)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def column_lines(desk: Desk, *verdicts: Verdict) -> tuple[ColumnLine, ...]:
    """The columns with one of these verdicts, the longest overdue or nearest first."""
    rows = [row for row in desk.of(SubjectKind.COLUMN) if row.verdict in verdicts]
    rows.sort(key=lambda row: (-(row.days_over or 0), row.days_left or 0))
    found: dict[str, list[Finding]] = {}
    for finding in desk.latest.values():
        found.setdefault(finding.key.subject, []).append(finding)
    return tuple(_column_line(desk, row, found.get(row.subject.key, ())) for row in rows)


def _column_line(desk: Desk, row: Judgement, findings: Sequence[Finding]) -> ColumnLine:
    subject = row.subject
    return ColumnLine(
        unit=desk.unit(subject.unit),
        column=desk.name(subject),
        class_words=CLASSES.get(subject.column_class or "", subject.column_class or "其他"),
        limit=desk.rule_of(row.pack, row.rule).limit_for(subject).chinese if row.rule else UNRULED,
        verdict=row.verdict,
        newest=row.newest,
        due=row.due,
        days_over=row.days_over,
        weeks_over=None if row.days_over is None else -(-row.days_over // 7),
        days_left=row.days_left,
        reason=row.reason,
        url=subject.url,
        handled=_handled(row, findings),
    )


def _handled(row: Judgement, findings: Sequence[Finding]) -> State | None:
    """Has a person looked at the finding? One that was closed is another fault by now.

    A fault that rules of several packs name is one finding, under one of them.
    """
    own = Key(row.pack or "", row.rule or "", row.subject.key)
    same = (each for each in findings if each.basis == row.newest and row.newest is not None)
    exact = (each for each in findings if each.key == own)
    finding = next(exact, None) or next(same, None)
    if finding is None or finding.state in (State.FOUND, State.CLOSED):
        return None
    settled = finding.state in (State.DISMISSED, State.WAIVED)
    return finding.state if settled or finding.course.confirmed_on is not None else None


def account_lines(desk: Desk) -> tuple[AccountLine, ...]:
    return tuple(_account_line(desk, row) for row in desk.of(SubjectKind.ACCOUNT))


def _account_line(desk: Desk, row: Judgement) -> AccountLine:
    subject = row.subject
    newest = None if row.verdict in (Verdict.UNKNOWN, Verdict.EXEMPT) else row.newest
    source = desk.sources.get(subject.id, "")
    posting = desk.material.measures.get(subject.key)
    return AccountLine(
        account=subject.name,
        platform=PLATFORMS.get(subject.platform or "", subject.platform or "其他"),
        unit=desk.unit(subject.unit),
        newest=newest,
        days=None if newest is None else (desk.as_of - newest).days,
        verdict=row.verdict,
        grade=_grade(desk, row),
        source=_way(row, SOURCES.get(source, source or "未登记")),
        url=subject.url,
        posts=_seen(posting.week, posting.week.posts) if posting else None,
        gap=_gap(posting.month) if posting else None,
    )


def _gap(measure: Measure) -> AtLeast | None:
    return _seen(measure, measure.gap.days if measure.gap else None)


def _seen(measure: Measure, number: int | None) -> AtLeast | None:
    """What may be told of it: where days are missing, none seen is not none."""
    if number is None or not (number or measure.complete):
        return None
    return AtLeast(number, measure.complete)


def post_tally(desk: Desk) -> PostTally:
    """How many posts of the week were seen?"""
    keys = {row.subject.key for row in desk.of(SubjectKind.ACCOUNT)}
    weeks = [held.week for key, held in desk.material.measures.items() if key in keys]
    whole = [week.posts or 0 for week in weeks if week.complete]
    part = [week.posts for week in weeks if week.posts and not week.complete]
    return PostTally(sum(whole) + sum(part), len(whole) + len(part), len(part))


def _way(row: Judgement, source: str) -> str:
    """By which way is the account known: what the office brought names who brought it."""
    if not row.method.brought:
        return source
    return f"{METHOD_WORDS[row.method]}（{row.by}）" if row.by else METHOD_WORDS[row.method]


def _grade(desk: Desk, row: Judgement) -> str:
    if row.verdict is Verdict.OVERDUE:
        return DEAD if row.subject.key in desk.dead else FAILED
    if row.verdict is Verdict.OK and row.rule is None:
        return UNRULED
    return GRADES.get(row.verdict, VERDICTS[row.verdict])


def note_lines(desk: Desk, verdict: Verdict) -> tuple[NoteLine, ...]:
    return tuple(
        NoteLine(desk.unit(r.subject.unit), r.subject.kind, desk.name(r.subject), r.reason)
        for r in desk.standings
        if r.verdict is verdict
    )
