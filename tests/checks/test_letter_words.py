"""Status words: what answers a letter, what ends it, what keeps it open, and what says nothing."""

from __future__ import annotations

import pytest

from checks.letter_words import DECLINED_WORDS, PENDING_WORDS, is_answered, is_declined
from checks.verdicts import LetterVerdict
from tests.checks.make import letter, letter_of

IN_TIME, WAITING = LetterVerdict.ANSWERED_IN_TIME, LetterVerdict.WAITING
OVERDUE = LetterVerdict.OVERDUE


@pytest.mark.parametrize(
    "status",
    ["待审查", "待处理", "未处理", "已受理", "受理中", "办理中", "转办", "已转办", "处理中"],
)
def test_a_letter_on_its_way_is_overdue_after_its_limit(status: str) -> None:
    assert letter_of(letter("11-10", status=status, answered=None)).verdict is OVERDUE


@pytest.mark.parametrize("status", ["超期", "已逾期", "超时未处理", "是否超时：是"])
def test_a_letter_that_the_site_itself_calls_late_is_overdue(status: str) -> None:
    assert letter_of(letter("11-10", status=status)).verdict is OVERDUE


@pytest.mark.parametrize(
    "status", ["已回复", "已答复", "已办结", "已处理", "已办理", "办理完毕", "待评价", "已评价"]
)
def test_a_letter_whose_status_says_so_is_answered(status: str) -> None:
    state = letter("10-08", status=status, answered=False)
    assert is_answered(state.letter)
    assert letter_of(state).verdict is IN_TIME


@pytest.mark.parametrize("status", ["未办理完毕", "未完成", "未解决", "未反馈", "待办结"])
def test_a_negated_word_answers_nothing(status: str) -> None:
    assert not is_answered(letter("11-10", status=status).letter)
    assert letter_of(letter("11-10", status=status)).verdict is OVERDUE


@pytest.mark.parametrize(
    "status", ["不予受理", "不受理", "已撤回", "撤件", "已作废", "重复来信", "办理中（重复件）"]
)
@pytest.mark.parametrize("received", ["10-08", None])
def test_a_letter_withdrawn_refused_or_sent_twice_is_never_overdue(
    status: str, received: str | None
) -> None:
    row = letter_of(letter(received, status=status, answered=False))
    assert (row.verdict, row.reason) == (IN_TIME, f"状态为“{status}”，不计时限")


@pytest.mark.parametrize("status", ["公开", "正常", "2", "满意", "市公安局"])
@pytest.mark.parametrize("answered", [None, False])
def test_a_status_that_is_not_understood_is_held_against_nobody(
    status: str, answered: bool | None
) -> None:
    row = letter_of(letter("11-10", status=status, answered=answered))
    assert row.verdict is WAITING
    assert row.reason.endswith(f"状态“{status}”含义不明，不作判定")


def test_a_letter_without_status_on_a_page_silent_about_answers_is_held_against_nobody() -> None:
    row = letter_of(letter("11-10", answered=None))
    assert row.verdict is WAITING
    assert "页面未显示答复情况" in row.reason


@pytest.mark.parametrize("word", PENDING_WORDS)
def test_no_word_for_a_step_on_the_way_answers_or_ends_a_letter(word: str) -> None:
    state = letter("11-10", status=word)
    assert not is_answered(state.letter)
    assert not is_declined(state.letter)


@pytest.mark.parametrize("word", DECLINED_WORDS)
def test_no_word_that_ends_a_letter_answers_it(word: str) -> None:
    assert not is_answered(letter("11-10", status=word).letter)
