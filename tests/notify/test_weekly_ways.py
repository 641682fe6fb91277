"""The weekly report says on what its figures rest: public pages, exports, entries by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks.facts import History, Letter, LetterState, Method, Outcome, Visit
from checks.freshness import Moment
from checks.judge import Facts, judge
from checks.rules import Law
from checks.verdicts import Verdict
from notify.weekly import Material, Period, WeeklyFigures, weekly_figures
from notify.weekly.model import Look
from notify.weekly.sections import weekly_report
from notify.weekly.selfcheck import release
from tests.notify.conftest import (
    AS_OF,
    MADE_AT,
    SEEN_AT,
    findings,
    letter,
    letters,
    register,
    subjects_and_histories,
)


def word(subject: str, method: Method, newest: date | None = None, days: int = 0) -> Visit:
    at = SEEN_AT - timedelta(days=days)
    shown = AS_OF - timedelta(days=days)
    return Visit(9, subject, at, Outcome.OK, newest, method=method, by="张三", shown_to=shown)


def exported(ref: str, received: date) -> LetterState:
    read = Letter(ref, "", None, received, None, None, None, "办理中")
    return LetterState("mailbox:m2", read, SEEN_AT, SEEN_AT, Method.EXPORT, AS_OF)


@pytest.fixture
def figures(law: Law) -> WeeklyFigures:
    """The blocked account is known by hand, a late one by a word that has run out; letters of the
    planning mailbox come from its back end too."""
    subjects, histories = subjects_and_histories()
    histories["account:a5"] = replace(
        histories["account:a5"], word=word("account:a5", Method.MANUAL, date(2026, 11, 19), 1)
    )
    old = word("account:a6", Method.MANUAL, date(2026, 11, 1), 8)
    histories["account:a3"] = History(word=replace(old, subject="account:a3"))
    export = word("mailbox:m2", Method.EXPORT)
    histories["mailbox:m2"] = replace(histories["mailbox:m2"], word=export)
    known = letters()
    known["mailbox:m2"] = [
        letter("P01", date(2026, 11, 17)),
        exported("P01", date(2026, 11, 17)),
        exported("P02", date(2026, 11, 18)),
    ]
    bench = judge(law, Facts(subjects, histories, known), Moment(AS_OF))
    exports = {"mailbox:m2": export}
    return weekly_figures(
        Material(bench, findings(), register(), law, MADE_AT, Period(2026, 47), exports=exports)
    )


def test_each_mailbox_says_how_many_letters_rest_on_which(figures: WeeklyFigures) -> None:
    told = {x.mailbox: (x.by_page, x.by_export, x.shown_to, x.by) for x in figures.origins}
    assert told["市长信箱"] == (5, 0, None, None)
    assert told["规划信箱"] == (0, 2, AS_OF, "张三")
    release(figures)


def test_the_letters_part_begins_with_what_it_rests_on(figures: WeeklyFigures) -> None:
    part = weekly_report(figures, ()).sections[5]
    assert part.paragraphs == ("本部分来信数据：据公开页面5封，据后台导出2封，分信箱情况见末表。",)
    assert part.tables[-1].name == "来信数据来源"
    assert part.tables[-1].total == ("合计", 5, 2, 7, None, None)


def test_an_account_names_the_way_by_which_it_is_known(figures: WeeklyFigures) -> None:
    lines = {line.account: line for line in figures.account_lines}
    assert (lines["南河视窗"].source, lines["南河视窗"].verdict) == (
        "人工登记（张三）",
        Verdict.OK,
    )
    assert (lines["城东之声"].source, lines["城东之声"].grade) == ("人工登记（张三）", "未知")


def test_what_was_seen_is_counted_by_its_way(figures: WeeklyFigures) -> None:
    looks = {look.words: look for look in figures.coverage.looks}
    assert looks["据人工登记"] == Look("据人工登记", True, 0, 0, 0, 1)
    assert looks["后台导出、人工登记已超过7天"] == Look(
        "后台导出、人工登记已超过7天", False, 0, 0, 0, 1
    )
