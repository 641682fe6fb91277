"""The office's term list: what it may hold, and what is said of a faulty one. Terms synthetic."""

from __future__ import annotations

import pytest

from checks.marks import MarkKind, Term
from checks.terms import TermsError, read_terms

HEAD = "kind,term,advice\n"


def test_each_row_is_a_term_with_its_advice() -> None:
    text = (
        HEAD + 'wording,示例错词,请改为“示例正词”。\nleader,示例人,\n\nwording,"甲,乙"," 空格 "\n'
    )
    assert read_terms(text, "terms.csv") == (
        Term(MarkKind.WORDING, "示例错词", "请改为“示例正词”。"),
        Term(MarkKind.LEADER, "示例人"),
        Term(MarkKind.WORDING, "甲,乙", "空格"),
    )


def test_a_list_that_excel_saved_is_read() -> None:
    text = "\ufeff" + HEAD.replace("\n", "\r\n") + "leader,示例人,核对职务\r\n"
    assert read_terms(text, "terms.csv") == (Term(MarkKind.LEADER, "示例人", "核对职务"),)


def test_a_list_with_its_head_alone_has_no_terms() -> None:
    assert read_terms(HEAD, "terms.csv") == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("identity,甲乙,", "第2行：kind 应为 wording、leader 之一，所给为 'identity'"),
        ("wording,甲,", "第2行：term 应为 2 至 50 个字，所给为 '甲'"),
        ("wording,  ,", "第2行：term 应为 2 至 50 个字，所给为 ''"),
        ("wording," + "甲" * 51 + ",", "第2行：term 应为 2 至 50 个字"),
        ("wording,甲乙", "第2行：应有 3 列（kind,term,advice），所给为 2 列"),
        ("wording,甲乙,丙,丁", "第2行：应有 3 列（kind,term,advice），所给为 4 列"),
        ("wording,甲乙,\nwording,甲乙,", "第3行：term '甲乙' 与第2行重复"),
        ("wording,ＡＢ,\nwording,AB,", "第3行：term 'AB' 与第2行重复"),
        ('wording,"甲"乙,', "第2行：不是合法的 CSV"),
        ('leader,甲乙,\nwording,"甲乙,', "第3行：不是合法的 CSV"),
    ],
)
def test_a_fault_is_named_with_its_file_line_and_what_was_expected(rows: str, said: str) -> None:
    with pytest.raises(TermsError) as told:
        read_terms(HEAD + rows + "\n", "词表 terms.csv")
    assert f"词表 terms.csv {said}" in str(told.value)


@pytest.mark.parametrize("head", ["", "词,类别\n", "kind,term\n", "term,kind,advice\n"])
def test_another_head_is_refused(head: str) -> None:
    with pytest.raises(TermsError, match=r"terms\.csv 第1行：应为 kind,term,advice，所给为"):
        read_terms(head + "wording,甲乙,\n", "terms.csv")


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(TermsError) as told:
        read_terms(HEAD + "a,甲乙,\nleader,丙丁,\nb,戊己,\n", "terms.csv")
    assert [line.partition("：")[0] for line in str(told.value).splitlines()] == [
        "terms.csv 第2行",
        "terms.csv 第4行",
    ]


def test_one_word_may_stand_under_both_kinds() -> None:
    assert len(read_terms(HEAD + "leader,甲乙,\nwording,甲乙,\n", "terms.csv")) == 2
