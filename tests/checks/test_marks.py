"""Words and numbers for a person to look at. Every number here is synthetic."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.marks import (
    CHECK_DIGITS,
    MARK_WORDS,
    WEIGHTS,
    Mark,
    MarkKind,
    Term,
    TermFinder,
    find_marks,
    is_identity_number,
    mask,
    masked_text,
    plain_width,
    without_numbers,
)

WRONG = Term(MarkKind.WORDING, "示例错词", "请改为“示例正词”。")
LEADER = Term(MarkKind.LEADER, "示例人")
# The example number of GB 11643 itself, belonging to nobody.
EXAMPLE = "11010519491231002X"
MOBILE = "13800138000"


def shown(text: str) -> list[str]:
    return [f"{mark.kind} {mark.shown}" for mark in find_marks(text, [])]


# Terms


def test_each_place_of_a_term_is_told_with_its_advice_in_reading_order() -> None:
    text = "示例人出席。示例错词，示例错词"
    assert find_marks(text, [WRONG, LEADER]) == (
        Mark(MarkKind.LEADER, 0, 3, "示例人"),
        Mark(MarkKind.WORDING, 6, 10, "示例错词", "请改为“示例正词”。"),
        Mark(MarkKind.WORDING, 11, 15, "示例错词", "请改为“示例正词”。"),
    )


def test_without_a_list_no_word_is_marked() -> None:
    assert find_marks("示例错词", []) == ()


def test_a_term_does_not_overlap_itself() -> None:
    found = list(TermFinder([Term(MarkKind.WORDING, "哈哈")]).find("哈哈哈哈哈"))
    assert [(mark.start, mark.end) for mark in found] == [(0, 2), (2, 4)]


@pytest.mark.parametrize("text", ["", " ", "\u3000"])
def test_a_term_without_characters_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a text"):
        find_marks("", [Term(MarkKind.WORDING, text)])


def test_two_terms_may_overlap_and_each_is_told() -> None:
    terms = [Term(MarkKind.WORDING, word) for word in ("示例市", "例市委", "市")]
    found = [(mark.start, mark.end) for mark in find_marks("示例市委", terms)]
    assert found == [(0, 3), (1, 4), (2, 3)]


def test_one_word_may_stand_in_two_lists() -> None:
    terms = [Term(MarkKind.LEADER, "示例人"), Term(MarkKind.WORDING, "示例人")]
    assert [mark.kind for mark in find_marks("示例人", terms)] == ["leader", "wording"]


@pytest.mark.parametrize(
    ("term", "text"),
    [("ABC示例", "ＡＢＣ示例"), ("ＡＢＣ示例", "ABC示例"), ("示例（一）", "示例(一)")],
)
def test_the_width_of_a_character_does_not_matter(term: str, text: str) -> None:
    (mark,) = find_marks(f"前{text}后", [Term(MarkKind.WORDING, term)])
    assert (mark.start, mark.end, mark.shown) == (1, 1 + len(text), term)


def test_a_character_that_would_become_several_stays_and_offsets_hold() -> None:
    (mark,) = find_marks("㎡…㍿示例错词", [WRONG])
    assert (mark.start, mark.end) == (3, 7)


def test_half_a_character_in_a_text_or_a_term_is_no_obstacle() -> None:
    assert len(find_marks("\ud800示例错词\udfff", [WRONG])) == 1
    assert len(find_marks("\ud800错", [Term(MarkKind.WORDING, "\ud800错")])) == 1


def test_a_list_says_which_kinds_it_holds() -> None:
    assert TermFinder([]).kinds == frozenset()
    assert TermFinder([LEADER]).kinds == {MarkKind.LEADER}


@given(st.text(max_size=60))
def test_the_plain_form_of_a_text_has_its_length(text: str) -> None:
    assert len(plain_width(text)) == len(text)


# Identity-card numbers


def test_a_number_with_its_check_character_is_marked_and_masked() -> None:
    assert find_marks(f"身份证号{EXAMPLE}。", []) == (
        Mark(MarkKind.IDENTITY, 4, 22, "11**************2X"),
    )


@pytest.mark.parametrize(
    "text", ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", f"号：{EXAMPLE}，"]
)
def test_a_small_or_wide_character_is_the_same_number(text: str) -> None:
    assert len(shown(text)) == 1


@pytest.mark.parametrize("last", "0123456789")
def test_of_eleven_check_characters_only_the_right_one_is_taken(last: str) -> None:
    assert shown(EXAMPLE[:17] + last) == []


@pytest.mark.parametrize("place", range(17))
def test_one_digit_misread_is_no_identity_number(place: int) -> None:
    for digit in "0123456789":
        other = EXAMPLE[:place] + digit + EXAMPLE[place + 1 :]
        assert is_identity_number(other) is (other == EXAMPLE)


@pytest.mark.parametrize(
    "born", ["19490230", "19491301", "19490100", "17991231", "21000101", "19490229"]
)
def test_a_day_on_which_nobody_was_born_makes_no_identity_number(born: str) -> None:
    assert not is_identity_number(signed(f"110105{born}002"))


@pytest.mark.parametrize("born", ["18000101", "19480229", "20000229", "20991231"])
def test_a_true_day_makes_an_identity_number(born: str) -> None:
    assert is_identity_number(signed(f"110105{born}002"))


@pytest.mark.parametrize("text", [f"1{EXAMPLE}", f"A{EXAMPLE}", f"{EXAMPLE}1", f"{EXAMPLE}a"])
def test_a_part_of_a_longer_number_or_word_is_no_identity_number(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize("text", ["", EXAMPLE[:17], EXAMPLE + "0", "0" + EXAMPLE[1:], "110105" * 3])
def test_what_has_not_the_form_is_no_identity_number(text: str) -> None:
    assert not is_identity_number(text)


def test_a_number_masked_by_its_publisher_is_not_marked() -> None:
    assert shown("110105********002X，138****8000") == []


# Mobile numbers


@pytest.mark.parametrize(
    "text",
    [
        MOBILE,
        "138-0013-8000",
        "138 0013 8000",
        "１３８００１３８０００",
        "138—0013—8000",
        "+8613800138000",
        "+86 13800138000",
        "008613800138000",
        "86-138-0013-8000",
        "电话13800138000转",
    ],
)
def test_a_mobile_number_is_marked_however_it_is_written(text: str) -> None:
    assert shown(text) == ["mobile 13*******00"]


def test_the_country_code_and_the_words_around_are_not_part_of_the_mark() -> None:
    (mark,) = find_marks("手机：+86 138-0013-8000。", [])
    assert (mark.start, mark.end) == (7, 20)


@pytest.mark.parametrize(
    "text",
    [
        "12800138000",
        "1380013800",
        "138001380001",
        "0513-88123456",
        "20261123138001",
        "2026-11-23",
        "A13800138000",
        "13800138000B",
    ],
)
def test_what_has_not_the_form_of_a_mobile_number_is_not_marked(text: str) -> None:
    assert shown(text) == []


def test_an_identity_number_is_not_marked_again_as_a_mobile_number() -> None:
    number = signed("13800119490101800")
    assert shown(number) == [f"identity {mask(number)}"]


# Masking


@pytest.mark.parametrize(
    ("number", "masked"),
    [("", ""), ("1", "*"), ("1234", "****"), ("12345", "12*45"), (MOBILE, "13*******00")],
)
def test_only_the_first_and_last_two_characters_are_shown(number: str, masked: str) -> None:
    assert mask(number) == masked


def test_a_text_is_quoted_with_its_long_numbers_masked_and_its_dates_left() -> None:
    text = f"2026年11月23日，{EXAMPLE}，电话138-0013-8000，0513-88123456"
    assert masked_text(text) == (
        "2026年11月23日，11**************2X，电话13*********00，0513-88123456"
    )


def test_a_number_of_the_old_form_or_with_a_wrong_check_character_is_masked_too() -> None:
    assert masked_text("110105491231002 110105194912310020") == "11***********02 11**************20"


def test_every_kind_of_mark_has_its_words() -> None:
    assert set(MARK_WORDS) == set(MarkKind)


# Properties


def signed(seventeen: str) -> str:
    """The seventeen digits with the check character that belongs to them."""
    total = sum(int(d) * weight for d, weight in zip(seventeen, WEIGHTS, strict=True))
    return seventeen + CHECK_DIGITS[total % 11]


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITIES = st.builds(
    lambda place, born, serial: signed(f"{place}{born:%Y%m%d}{serial:03d}"),
    st.integers(110000, 829999),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.integers(0, 999),
)
AROUND = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20)


@given(AROUND, MOBILES | IDENTITIES, AROUND)
def test_no_number_can_be_read_back_from_a_result(before: str, number: str, after: str) -> None:
    text = f"{before} {number}，{after}"
    marks = find_marks(text, [])
    assert [mark.shown for mark in marks] == [mask(number)]
    assert number not in repr(marks)
    assert number not in masked_text(text)
    assert text[marks[0].start : marks[0].end] == number


@given(st.text(st.sampled_from("0123456789Xx- 　－１８A年"), max_size=60))
def test_a_quoted_text_keeps_its_length_and_holds_no_long_number(text: str) -> None:
    quoted = masked_text(text)
    assert len(quoted) == len(text)
    assert re.search(r"[0-9]{11}", quoted) is None
    assert find_marks(quoted, []) == ()


@given(st.text(st.sampled_from("示例错词人 "), max_size=40))
def test_every_mark_of_a_term_is_where_the_term_stands(text: str) -> None:
    marks = find_marks(text, [WRONG, LEADER])
    assert all(text[mark.start : mark.end] == mark.shown for mark in marks)
    assert len(marks) == text.count(WRONG.text) + text.count(LEADER.text)


def test_a_title_is_kept_with_its_numbers_masked_and_everything_else_as_it_was() -> None:
    title = f"公示：{EXAMPLE}、１３８００１３８０００（编号2026-12345678901）"
    assert without_numbers(title) == (
        "公示：11**************2X、13*******00（编号2026-12345678901）"
    )
    assert without_numbers("示例市２０２６年通知") == "示例市２０２６年通知"


@given(AROUND, MOBILES | IDENTITIES, AROUND)
def test_a_masked_title_holds_no_number(before: str, number: str, after: str) -> None:
    kept = without_numbers(f"{before} {number}，{after}")
    assert number not in kept
    assert find_marks(kept, []) == ()
