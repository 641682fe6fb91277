"""A notice as a report of sections and tables, checked before it is released."""

from __future__ import annotations

from collections.abc import Iterator

from notify.documents.parts import Blank, Cell, Form, Link, Report, Section, Table, heads
from notify.documents.text import MOST_CHARACTERS
from notify.documents.word import word_document
from notify.notices.model import Notice, Problem
from notify.notices.words import (
    ANSWERS,
    CLOSING,
    DEMANDS,
    FEEDBACK,
    PROBLEMS,
    TITLES,
    answers,
    demands,
    opening,
)
from notify.weekly import ReportError
from notify.words import chinese_day

PROBLEM_HEADS = heads(("项目", 28), ("内容", 128, True))
FEEDBACK_HEADS = heads(
    ("编号", 16), ("问题", 56, True), ("整改措施", 40, True), ("完成日期", 24), ("责任人", 20)
)


def notice_document(notice: Notice) -> bytes:
    """The Word document; equal notices give equal bytes. Raises ReportError."""
    return word_document(notice_report(notice))


def notice_report(notice: Notice) -> Report:
    """The notice in official form. Raises ReportError with both figures where it disagrees."""
    report = Report(
        title=TITLES[notice.kind],
        subtitle="",
        made_at=notice.made_at,
        sections=(
            Section("", (opening(notice),)),
            *_problems(notice),
            Section(DEMANDS, tuple(demands(notice))),
            Section(ANSWERS, tuple(answers(notice))),
            Section(f"附件 {FEEDBACK}", tables=(_feedback(notice),), new_page=True),
        ),
        form=Form(
            red_head=notice.sender.head,
            number=notice.number,
            addressee=notice.addressee,
            closing=(CLOSING,),
            annexes=(FEEDBACK,),
            signed_by=notice.sender.signature,
            dated=notice.issued_on,
        ),
    )
    if faults := [*_disagreements(notice, report)]:
        raise ReportError(f"{notice.number}核对未通过，未生成：" + "；".join(faults))
    return report


def _problems(notice: Notice) -> Iterator[Section]:
    yield Section(PROBLEMS[notice.kind])
    for place, problem in enumerate(notice.problems, 1):
        heading = f"{place}. {problem.subject}：{problem.headline}"
        rows = tuple(row for label, cell in _facts(problem) for row in _rows(label, cell))
        table = Table(heading, PROBLEM_HEADS, rows, "无。")
        yield Section(heading, tables=(table,))
        if problem.pictures:
            yield Section("", pictures=problem.pictures)


def _facts(problem: Problem) -> Iterator[tuple[str, Cell]]:
    yield "问题编号", problem.finding
    if problem.site:
        yield "所属网站", problem.site
    if problem.url:
        yield "页面地址", Link(problem.url, problem.url)
    for demand in problem.demands:
        told = f"{chinese_day(demand.on)}，{demand.number}"
        yield "已要求整改", f"{told}，期限{chinese_day(demand.due)}"
    if problem.remaining:
        yield "未整改情况", problem.remaining
    yield "核实情况", problem.situation
    if problem.newest:
        yield "最近更新", problem.newest
    if problem.limit:
        yield "时限", problem.limit
    if problem.days_over:
        yield "已超期", f"{problem.days_over}天"
    confirmed = f"，{problem.confirmed_on}经人工核实" if problem.confirmed_on else ""
    yield "发现日期", f"{problem.found_on}{confirmed}"
    yield "依据", problem.clause
    yield "整改要求", problem.remedy
    for proof in problem.proofs:
        told = f"；SHA-256：{proof.sha256}" if proof.sha256 else ""
        yield "证据", f"{proof.words}{told}"


def _rows(label: str, cell: Cell) -> Iterator[tuple[Cell, ...]]:
    """One row; what is longer than a cell may be goes on in the next: nothing is cut away."""
    if not isinstance(cell, str):
        yield label, cell
        return
    for start in range(0, max(1, len(cell)), MOST_CHARACTERS):
        yield label if not start else f"{label}（续）", cell[start : start + MOST_CHARACTERS]


def _feedback(notice: Notice) -> Table:
    blank = Blank()
    rows = tuple(
        (each.finding, f"{each.subject}：{each.headline}", blank, blank, blank)
        for each in notice.problems
    )
    return Table(FEEDBACK, FEEDBACK_HEADS, rows, "无。")


def _disagreements(notice: Notice, report: Report) -> Iterator[str]:
    told = [each.finding for each in notice.problems]
    asked = [row[0] for row in report.after[0].tables[0].rows]
    for name, numbers in (("正文所列问题", told), ("反馈表行", asked)):
        if sorted(map(str, numbers)) != sorted(map(str, notice.findings)):
            yield f"{name}{len(numbers)}个 ≠ 所下发问题{len(notice.findings)}个"
    if notice.due < notice.issued_on:
        yield f"整改期限{notice.due}早于下发日期{notice.issued_on}"
