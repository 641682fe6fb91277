"""Flags on columns: fake freshness, and words and numbers in texts. All are for a person to weigh.

(国办秘函〔2019〕19号 W1: 弄虚作假, 严重表述错误; practice: 突击更新, 旧稿重发)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from checks.duty_table import Duty
from checks.facts import Observed
from checks.fakes import FakeRule, Flag, Sighting, back_dated, bursts, reposts
from checks.freshness import local_day
from checks.marks import MARK_WORDS, MarkKind, masked_text
from checks.owed import Answer, Case, nothing_seen
from checks.texts import LIST, TEXT, MarkedText, list_looks, text_looks
from checks.verdicts import DutyState

MOST_FAULTS = 20
MOST_NAMED = 3
# A check reads the numbers that its own row carries, and none of these.
UNASKED = {"tolerance_days": 0, "burst_items": 2, "burst_spread_days": 0, "repost_days": 0}


def answer_back_dated(case: Case, duty: Duty) -> Answer:
    """Did a row appear under a day on which the list had not shown it?"""
    recent = _recent(case, duty)
    return _of_list(case, duty, back_dated(recent, _rule(duty)) if recent else ())


def answer_burst(case: Case, duty: Duty) -> Answer:
    """Were old rows of many days put up at once?"""
    recent = _recent(case, duty)
    return _of_list(case, duty, bursts(recent, _rule(duty)) if recent else ())


def answer_repost(case: Case, duty: Duty) -> Answer:
    """Does a row carry, under a later day, a text that stood here or elsewhere before?"""
    least = duty.numbers["min_chars"]
    looks = case.looks(TEXT, duty)
    read = [look for look in text_looks(looks) if look.body_hash is not None]
    if case.rows is None or not read:
        return nothing_seen("该栏目信息的正文")
    long = {look.body_hash for look in read if look.chars >= least}
    rows = [row for row in case.rows if row.body_hash in long]
    found = [flag for flag in reposts(rows, _rule(duty)) if flag.rows[1].column == case.subject.key]
    met = f"近期读取的{len(read)}篇正文中，未发现旧稿重发"
    return _answer(found, "疑似旧稿重发", met, _evidence(looks))


def answer_marks(case: Case, duty: Duty) -> Answer:
    """Do titles or articles hold words of a term list, identity-card or mobile numbers?"""
    kind = MarkKind(duty.about)
    seen = [*case.looks(LIST, duty), *case.looks(TEXT, duty)]
    lists = case.once(("lists", duty.within.n), lambda: list_looks(seen))
    texts = case.once(("texts", duty.within.n), lambda: text_looks(seen))
    if not lists and not texts:
        return nothing_seen("该栏目的信息")
    words = MARK_WORDS[kind]
    looked_for = [*(look.kinds for look in lists), *(look.kinds for look in texts)]
    if not any(kind in kinds for kinds in looked_for):
        return Answer(DutyState.UNKNOWN, f"未配置相应词表，不检查{words}")
    held = [text for look in lists for text in look.marked]
    held += [look.text for look in texts]
    marked = _each_once(text for text in held if text.of_kind(kind))
    if not marked:
        told = f"近期查看的栏目列表和{len(texts)}篇正文中，未发现{words}"
        return Answer(DutyState.MET, told)
    lines = tuple(_mark_line(text, kind) for text in marked)
    newest = max(text.since for text in marked)
    return Answer(
        DutyState.UNMET,
        _reason(len(marked), words, lines),
        _capped(lines),
        evidence=_evidence_of(seen, marked[0]),
        basis=newest,
    )


def _rule(duty: Duty) -> FakeRule:
    asked = {name: number for name, number in duty.numbers.items() if name in UNASKED}
    return FakeRule(**{**UNASKED, **asked})


def _recent(case: Case, duty: Duty) -> list[Sighting]:
    return [
        row
        for row in case.rows or ()
        if row.column == case.subject.key
        and 0 <= (case.as_of - local_day(row.first_seen_at)).days <= duty.within.n
    ]


def _of_list(case: Case, duty: Duty, found: Sequence[Flag]) -> Answer:
    looks = case.looks(LIST, duty)
    if case.rows is None or not any(look.outcome.seen for look in looks):
        return nothing_seen("该栏目的列表")
    words = {"back_dated": "标注日期早于实际出现时间", "burst": "疑似集中补录"}[duty.about]
    return _answer(found, words, f"近期新出现的信息中，未发现{words}", _evidence(looks))


def _answer(found: Sequence[Flag], words: str, met: str, evidence: str | None) -> Answer:
    if not found:
        return Answer(DutyState.MET, met)
    newest_first = sorted(found, key=_order, reverse=True)
    lines = tuple(_flag_line(flag) for flag in newest_first)
    return Answer(
        DutyState.UNMET,
        _reason(len(found), words, lines),
        _capped(lines),
        evidence=evidence,
        basis=_seen_on(newest_first[0]),
    )


def _seen_on(flag: Flag) -> date:
    return max(local_day(row.first_seen_at) for row in flag.rows)


def _order(flag: Flag) -> tuple[date, date]:
    return _seen_on(flag), flag.rows[-1].published_on or date.min


def _flag_line(flag: Flag) -> str:
    named = [flag.rows[-1]] if len(flag.rows) <= 2 else flag.rows[:MOST_NAMED]
    rest = "等" if len(flag.rows) > len(named) > 1 else ""
    shown = "、".join(_named(row.title, row.url) for row in named)
    line = f"{shown}{rest}：{flag.reason}"
    if len(flag.rows) == 2:
        line += f"；此前的信息：{_named(flag.rows[0].title, flag.rows[0].url)}"
    return line


def _mark_line(text: MarkedText, kind: MarkKind) -> str:
    marks = text.of_kind(kind)
    places = "；".join(_place(mark) for mark in marks[:MOST_NAMED])
    more = f"等{len(marks)}处" if len(marks) > MOST_NAMED else ""
    return f"{_named(text.title, text.url)}：{places}{more}"


def _place(mark: Mapping[str, str]) -> str:
    advice = f"（{mark['advice'].rstrip('。')}）" if mark["advice"] else ""
    return f"“{mark['shown']}”{advice}，见“{mark['around']}”"


def _named(title: str, url: str | None) -> str:
    name = f"“{masked_text(title)}”"
    return f"{name}（{url}）" if url else name


def _reason(number: int, words: str, lines: Sequence[str]) -> str:
    return f"发现{number}处{words}，请人工核实。如{lines[0]}"


def _capped(lines: tuple[str, ...]) -> tuple[str, ...]:
    rest = len(lines) - MOST_FAULTS
    return (*lines[:MOST_FAULTS], f"另有{rest}处，见台账") if rest > 0 else lines


def _each_once(texts: Iterable[MarkedText]) -> list[MarkedText]:
    """The newest first; of a text seen in the list and as an article, what shows more."""
    held: dict[str, MarkedText] = {}
    for text in texts:
        before = held.get(text.name)
        if before is None or len(text.marks) > len(before.marks):
            held[text.name] = text
    return sorted(held.values(), key=lambda text: (text.since, text.name), reverse=True)


def _evidence(looks: Sequence[Observed]) -> str | None:
    latest = max(looks, key=lambda look: look.at, default=None)
    return latest.evidence if latest is not None else None


def _evidence_of(looks: Sequence[Observed], text: MarkedText) -> str | None:
    own = [look for look in looks if look.key == text.url]
    return _evidence(own or [look for look in looks if look.family == LIST])
