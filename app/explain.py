"""Why does it say so? One subject, told from the visit to the verdict, for a clerk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from app.asked import decided_by
from app.day import Day
from app.reread import Reread
from app.show import visible
from app.views import status_row
from app.words import EVENTS
from checks.facts import DateSource, History, Method, Visit
from checks.freshness import METHOD_WORDS, OUTCOME_WORDS, SHANGHAI, shown_to
from checks.lifecycle import Finding
from checks.owed import DutyRow
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, Judgement
from crawler.readers.as_json import candidate_json
from notify.terms import LETTERS, STATES, VERDICTS
from notify.words import KIND_WORDS

SOURCES = {
    DateSource.META: "文章页面的元数据",
    DateSource.LABEL: "文章页面标注的发布时间",
    DateSource.LIST: "列表页该行所示日期",
    DateSource.URL: "网址中的日期",
    DateSource.FEED: "订阅源条目的发布时间",
    DateSource.API: "接口返回或后台导出的发布时间",
    DateSource.TEXT: "文章正文中的日期",
}


DUTIES = {
    DutyState.UNMET: "存在问题",
    DutyState.UNKNOWN: "未判定",
    DutyState.MET: "未发现问题",
    DutyState.EXEMPT: "豁免",
}


def explain(
    day: Day,
    subject: Subject,
    history: History,
    findings: Sequence[Finding],
    again: Reread | None = None,
) -> str:
    """The whole chain of reasoning in Chinese: visit, row, dates, rule, arithmetic, evidence.

    `again` are all dates of the newest item, as the evidence shows them.
    """
    unit = day.unit_names.get(subject.unit, subject.unit)
    lines = [
        f"{KIND_WORDS[subject.kind]}：{subject.name}（{subject.key}）",
        f"责任单位：{unit}",
        f"页面：{subject.url or '—'}",
        f"判定日：{day.bench.moment.as_of}（北京时间）"
        + ("；为推算：假定此后没有新内容" if day.bench.moment.projected else ""),
        "",
        *_visits(subject, history, decided_by(day, subject, history)),
        *(_weighed(again) if again is not None else ()),
    ]
    for row in _rows(day, subject):
        lines += ["", *_judgement(day, row)]
    if subject.kind is SubjectKind.MAILBOX:
        lines += ["", *_letters(day, subject)]
    if duties := _duties(day, subject):
        lines += ["", *_duty_lines(duties)]
    lines += ["", *_history_of_findings(findings)]
    # A title may hold a line break of its own: it must not pass for a line of ours.
    return "\n".join(map(visible, lines))


def explain_json(
    day: Day,
    subject: Subject,
    history: History,
    findings: Sequence[Finding],
    again: Reread | None = None,
) -> dict[str, Any]:
    """The same as one document: the verdicts, the newest item, and all its dates."""
    good = decided_by(day, subject, history).good
    item = None
    if good is not None and good.newest is not None:
        item = {
            "title": good.newest_title,
            "url": good.newest_url,
            "date": good.newest,
            "date_text": good.date_text,
            "date_source": str(good.date_source) if good.date_source else None,
        }
    return {
        "as_of": day.bench.moment.as_of,
        "subject": subject.key,
        "subjects": [status_row(row) for row in _rows(day, subject)],
        "duties": [_duty_json(row) for row in _duties(day, subject)],
        "item": item,
        "candidates": [candidate_json(each) for each in again.candidates] if again else [],
        "why": again.why if again else None,
        "origin": again.origin if again else None,
        "findings": [finding.id for finding in findings],
        "text": explain(day, subject, history, findings, again).splitlines(),
    }


def _rows(day: Day, subject: Subject) -> list[Judgement]:
    return [row for row in day.bench.rows if row.subject.key == subject.key]


def _duties(day: Day, subject: Subject) -> list[DutyRow]:
    """What else is owed: the unmet first, then what is not known."""
    own = [row for row in day.bench.duties if row.subject.key == subject.key]
    return sorted(own, key=lambda row: list(DUTIES).index(row.state))


def _duty_json(row: DutyRow) -> dict[str, Any]:
    duty, answer = row.duty, row.answer
    return {
        "pack": duty.pack,
        "duty": duty.id,
        "headline": duty.headline,
        "state": str(answer.state),
        "reason": answer.reason,
        "faults": list(answer.faults),
        "doubts": list(answer.doubts),
        "evidence": answer.evidence,
        "clause": duty.clause,
        "source": duty.source,
        "verified": duty.verified,
    }


def _duty_lines(duties: Sequence[DutyRow]) -> Iterator[str]:
    number = Counter(row.state for row in duties)
    told = "，".join(f"{words}{number[state]}项" for state, words in DUTIES.items())
    yield f"其他要求{len(duties)}项：{told}。"
    for row in duties:
        duty, answer = row.duty, row.answer
        mark = "" if duty.verified else "；未核实，仅供参考"
        yield f"　　【{DUTIES[row.state]}】{duty.headline}（{duty.pack}/{duty.id}{mark}）"
        yield f"　　　　{answer.reason}。"
        listed = answer.faults if row.state is DutyState.UNMET else answer.doubts
        yield from (f"　　　　· {line}" for line in listed if answer.reason not in line)
        if row.state is DutyState.UNMET:
            yield f"　　　　依据：{duty.clause}"
            yield f"　　　　整改建议：{duty.remedy}"
            yield f"　　　　证据：{answer.evidence or '无'}"


def _weighed(again: Reread) -> Iterator[str]:
    """Every date the newest item shows, and why the first is the day of publication."""
    yield f"　　该条见到的日期（可信的在前；{again.origin}）："
    for number, each in enumerate(again.candidates, 1):
        shown = each.on or "日期不全"
        source = f"（{SOURCES[each.source]}）" if each.source else ""
        yield f"　　　{number}. {shown}，原文“{each.text}”，{each.rule}{source}"
    yield f"　　认定理由：{again.why}。"


def _visits(subject: Subject, history: History, decided: History) -> Iterator[str]:
    if subject.redirect_to is not None:
        yield f"一、查看：本栏目转到栏目 {subject.redirect_to}，不单独查看，沿用其判定。"
        return
    if history.last is None and history.word is None:
        yield "一、查看：尚未查看过，不能作任何判定。"
        return
    yield from _looks(history)
    good = decided.good
    if good is None or subject.kind is SubjectKind.MAILBOX:
        return
    if good.newest is None:
        yield "二、日期：没有可以认定的发布日期。"
        return
    yield f"二、日期：最新一条为“{good.newest_title}”，{good.newest_url or '无链接'}"
    if good.date_source is None and good.method is Method.MANUAL:
        yield f"　　登记的日期为 {good.newest}，依据：人工登记，附截图。"
    else:
        source = SOURCES[good.date_source] if good.date_source else "未注明"
        yield f"　　页面原文“{good.date_text}”，认定为 {good.newest}，依据：{source}。"
    if good.unresolved and subject.kind is SubjectKind.ACCOUNT:
        yield "　　不能排除此后已有更新，见上述查看说明。"
    elif good.unresolved:
        yield f"　　另有 {good.unresolved} 条置顶或日期未明的信息可能更新。"


def _looks(history: History) -> Iterator[str]:
    """Our own looks, then what the office brought."""
    last, good, word = history.last, history.good, history.word
    if last is not None:
        yield f"一、查看：{_visit(last)}"
        if good is not None and good.id != last.id:
            yield f"　　最近一次正常查看：{_visit(good)}"
    if word is not None:
        start = "一、查看：" if last is None else "　　另据"
        at = word.observed_at.astimezone(SHANGHAI)
        told = f"{METHOD_WORDS[word.method]}（{word.by}，{at:%Y-%m-%d %H:%M}）"
        yield f"{start}{told}，反映到{shown_to(word)}，{word.item_count} 条（{word.note}）"


def _visit(visit: Visit) -> str:
    at = visit.observed_at.astimezone(SHANGHAI)
    told = f"（{visit.note}）" if visit.note else ""
    reader = f"，读取方式 {visit.reader}" if visit.reader else ""
    return (
        f"{at:%Y-%m-%d %H:%M:%S}，{OUTCOME_WORDS[visit.outcome]}{told}"
        f"，见到 {visit.item_count} 条{reader}"
    )


def _judgement(day: Day, row: Judgement) -> Iterator[str]:
    rule = day.law.rule(row.pack, row.rule, day.bench.moment.as_of)
    if rule is None:
        yield f"三、判定：{VERDICTS[row.verdict]}。本对象没有适用的时限指标。{row.reason}"
    else:
        yield from _rule(rule, row.subject)
        yield f"四、计算：{row.reason}。"
        yield f"五、判定：{VERDICTS[row.verdict]}。"
        if row.verdict.against_unit:
            yield f"　　整改建议：{rule.remedy}"
    yield f"证据：{row.evidence or '无（未取得页面）'}"


def _rule(rule: Rule, subject: Subject) -> Iterator[str]:
    yield f"三、指标：{rule.headline}（{rule.name}，版本 {rule.version}）"
    yield f"　　依据：{rule.clause}"
    verified = "已核实" if rule.verified else "未核实，仅供参考"
    limit = rule.limit_for(subject).chinese
    yield f"　　时限：{limit}（含当日）；来源：{rule.source}（{verified}）"


def _letters(day: Day, subject: Subject) -> Iterator[str]:
    yield "来信："
    mine = [row for row in day.bench.letters if row.mailbox.key == subject.key]
    for row in mine:
        yield f"　　{row.letter.ref}　{LETTERS[row.verdict]}：{row.reason}"
    if not mine:
        yield "　　没有见到来信。"


def _history_of_findings(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        yield "问题记录：无。"
        return
    yield "问题记录："
    for finding in findings:
        state = STATES[finding.state]
        letter = f" 来信 {finding.key.letter}" if finding.key.letter else ""
        yield f"　　问题 {finding.id}（{finding.key.pack}/{finding.key.rule}{letter}）：{state}"
        for event in finding.events:
            at = event.at.astimezone(SHANGHAI)
            yield f"　　　　{at:%Y-%m-%d %H:%M} {EVENTS[event.kind]}：{event.note}"
