"""What asks a person to look at a column, and what never does. All texts and numbers synthetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from checks.answers import ANSWERS
from checks.duty_table import Duty
from checks.facts import Item, Observed, Outcome
from checks.fakes import Look, Sighting
from checks.flags import MOST_FAULTS
from checks.marks import MarkKind, Term, TermFinder
from checks.owed import Answer, Case
from checks.rules import pack_texts, read_pack
from checks.texts import (
    EVERYTHING,
    FROM_LISTS,
    FROM_TEXTS,
    LIST,
    MOST_MARKS,
    TEXT,
    ListLook,
    MarkedText,
    TextLook,
    kinds_of,
    quoted_marks,
    shown_down_to,
)
from checks.verdicts import DutyState
from tests.checks.make import at, column, day

PACK = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
DUTIES = {duty.about: duty for duty in PACK.duties if duty.about in FROM_LISTS | FROM_TEXTS}
C1, C2 = column().key, "column:c2"
MET, UNMET, UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN
LOOK = Look(at("11-20"), day("06-01"))
EXAMPLE = "11010519491231002X"  # the example number of GB 11643 itself, belonging to nobody
TERMS = [Term(MarkKind.WORDING, "示例错词", "请改为“示例正词”。"), Term(MarkKind.LEADER, "示例人")]
ALL = TermFinder(TERMS)


def row(printed: str, **known: Any) -> Sighting:
    """A row first seen on 21 November; the look of the day before reached down to 1 June."""
    plain = Sighting(C1, f"示例信息{printed}", f"/{printed}", day(printed), at("11-21"), LOOK)
    return replace(plain, **known)


def list_look(on: str = "11-21", finder: TermFinder = ALL, **known: Any) -> Observed:
    marked = tuple(
        MarkedText(title, url, day(since), tuple(quoted_marks(title, finder)))
        for title, url, since in known.pop("titles", ())
    )
    look = ListLook(20, day("06-01"), True, "rows", kinds_of(finder), marked)
    return Observed(C1, LIST, "", at(on), known.pop("outcome", Outcome.OK), look.facts(), "list.w")


def text_look(
    text: str = "", url: str = "/a", on: str = "11-21", finder: TermFinder = ALL, **known: Any
) -> Observed:
    since = day(known.get("since", on))
    look = TextLook(
        MarkedText(known.get("title", "示例信息"), url, since, tuple(quoted_marks(text, finder))),
        day(known.get("printed", on)),
        known.get("body_hash"),
        known.get("chars", 200),
        kinds_of(finder),
    )
    outcome = known.get("outcome", Outcome.OK)
    return Observed(C1, TEXT, url, at(on), outcome, look.facts(), f"{url}.w")


def answer(
    about: str,
    rows: Sequence[Sighting] | None = (),
    observed: Sequence[Observed] = (),
    as_of: str = "11-21",
) -> Answer:
    return answered(Case(column(), day(as_of), tuple(observed), rows=rows), DUTIES[about])


def answered(case: Case, duty: Duty) -> Answer:
    told = ANSWERS[duty.about](case, duty)
    assert told is not None
    return told


def with_numbers(about: str, numbers: Mapping[str, int], rows: Sequence[Sighting]) -> DutyState:
    duty = replace(DUTIES[about], numbers={**DUTIES[about].numbers, **numbers})
    case = Case(column(), day("11-21"), (list_look(),), rows=rows)
    return answered(case, duty).state


# The rows of the pack


def test_every_flag_is_a_row_that_only_asks_a_person() -> None:
    assert set(DUTIES) == FROM_LISTS | FROM_TEXTS
    for duty in DUTIES.values():
        assert (duty.severity, duty.verified) == ("flag", False)
        assert "请人工核实" in duty.headline


def test_the_thresholds_are_those_of_the_pack() -> None:
    numbers = {name: dict(duty.numbers) for name, duty in DUTIES.items() if duty.numbers}
    assert numbers == {
        "back_dated": {"tolerance_days": 3},
        "burst": {"tolerance_days": 3, "burst_items": 5, "burst_spread_days": 30},
        "repost": {"repost_days": 30, "min_chars": 200},
    }


# Back-dated rows


@pytest.mark.parametrize(("printed", "state"), [("11-16", UNMET), ("11-17", MET), ("11-18", MET)])
def test_a_row_is_flagged_from_the_fourth_day_before_the_look_that_did_not_show_it(
    printed: str, state: DutyState
) -> None:
    assert answer("back_dated", [row(printed)], [list_look()]).state is state


def test_a_flag_names_the_row_its_address_and_what_a_person_shall_do() -> None:
    found = answer("back_dated", [row("11-10"), row("11-12")], [list_look()])
    assert found.reason == (
        "发现2处标注日期早于实际出现时间，请人工核实。如“示例信息11-12”（/11-12）：标注日期为2026-11-12，"
        "2026-11-20查看时列表中尚无此条，2026-11-21首次出现，请人工核实发布日期"
    )
    assert [line.partition("：")[0] for line in found.faults] == [
        "“示例信息11-12”（/11-12）",
        "“示例信息11-10”（/11-10）",
    ]
    assert (found.basis, found.evidence) == (day("11-21"), "list.w")


def test_the_basis_is_the_day_of_the_newest_flagged_row() -> None:
    later = row("11-11", first_seen_at=at("11-25"), before=Look(at("11-24"), day("06-01")))
    both = answer("back_dated", [row("11-10"), later], [list_look("11-25")], "11-26")
    assert both.basis == day("11-25")
    assert both.faults[0].startswith("“示例信息11-11”")


@pytest.mark.parametrize(("as_of", "state"), [("12-20", UNMET), ("12-21", UNMET), ("12-22", MET)])
def test_a_flag_stands_for_thirty_days(as_of: str, state: DutyState) -> None:
    assert answer("back_dated", [row("11-10")], [list_look(as_of)], as_of).state is state


@pytest.mark.parametrize("about", ["back_dated", "burst", "repost"])
def test_a_column_that_was_never_looked_at_is_not_judged(about: str) -> None:
    assert answer(about, None, []).state is UNKNOWN
    assert answer(about, [], []).state is UNKNOWN
    assert answer(about, [], [list_look(outcome=Outcome.BLOCKED)]).state is UNKNOWN


@pytest.mark.parametrize("about", ["back_dated", "burst"])
def test_a_look_older_than_the_row_allows_is_no_look(about: str) -> None:
    assert answer(about, [], [list_look("10-22")]).state is MET
    assert answer(about, [], [list_look("10-21")]).state is UNKNOWN


def test_the_first_look_at_a_column_flags_nothing() -> None:
    rows = [row(printed, before=None) for printed in ("01-10", "03-10", "05-10", "07-10", "09-10")]
    for about in ("back_dated", "burst"):
        assert answer(about, rows, [list_look()]).state is MET


def test_a_column_read_further_down_flags_nothing() -> None:
    rows = [row(printed) for printed in ("01-10", "02-10", "03-10", "04-10", "05-10", "06-01")]
    for about in ("back_dated", "burst"):
        assert answer(about, rows, [list_look()]).state is MET


def test_a_row_of_another_column_is_not_held_against_this_one() -> None:
    assert answer("back_dated", [row("11-10", column=C2)], [list_look()]).state is MET


# Bursts

OLD = ("07-01", "08-01", "09-01", "10-01", "10-31", "10-15")


@pytest.mark.parametrize(("number", "state"), [(4, MET), (5, UNMET), (6, UNMET)])
def test_five_old_rows_are_a_burst_and_four_are_not(number: int, state: DutyState) -> None:
    rows = [row(printed) for printed in OLD[:number]]
    assert answer("burst", rows, [list_look()]).state is state


@pytest.mark.parametrize(("newest", "state"), [("10-30", MET), ("10-31", MET), ("11-01", UNMET)])
def test_a_burst_spreads_over_more_than_thirty_days(newest: str, state: DutyState) -> None:
    rows = [row(printed) for printed in ("10-01", "10-02", "10-03", "10-04", newest)]
    assert answer("burst", rows, [list_look()]).state is state


def test_the_numbers_of_a_burst_are_those_of_its_row() -> None:
    rows = [row(printed) for printed in OLD[:5]]
    assert with_numbers("burst", {"burst_items": 6}, rows) is MET
    assert with_numbers("burst", {"burst_spread_days": 122}, rows) is MET
    assert with_numbers("burst", {"burst_spread_days": 121}, rows) is UNMET
    assert with_numbers("burst", {"tolerance_days": 20}, rows) is MET
    assert with_numbers("burst", {"tolerance_days": 19}, rows) is UNMET


def test_a_burst_is_one_thing_that_names_its_first_rows() -> None:
    found = answer("burst", [row(printed) for printed in OLD[:5]], [list_look()])
    (line,) = found.faults
    assert line == (
        "“示例信息07-01”（/07-01）、“示例信息08-01”（/08-01）、“示例信息09-01”（/09-01）等：2026-11-21首次"
        "出现5条旧日期信息，标注日期自2026-07-01至2026-10-31，相距122天，请人工核实是否集中补录"
    )


# Reposts

SAME = "a" * 64
EARLIER = row("09-01", column=C2, first_seen_at=at("09-01"), before=None, body_hash=SAME)


def reposted(printed: str, **known: Any) -> Answer:
    later = row(printed, body_hash=SAME)
    observed = [text_look(url=f"/{printed}", body_hash=SAME, **known)]
    return answer("repost", [EARLIER, later], observed)


@pytest.mark.parametrize(("printed", "state"), [("09-30", MET), ("10-01", MET), ("10-02", UNMET)])
def test_the_same_text_more_than_thirty_days_later_is_flagged(
    printed: str, state: DutyState
) -> None:
    assert reposted(printed).state is state


@pytest.mark.parametrize(("chars", "state"), [(199, MET), (200, UNMET), (201, UNMET)])
def test_a_text_of_fewer_than_two_hundred_letters_proves_nothing(
    chars: int, state: DutyState
) -> None:
    assert reposted("11-21", chars=chars).state is state


def test_a_repost_names_both_rows() -> None:
    (line,) = reposted("11-21").faults
    assert line == (
        "“示例信息11-21”（/11-21）：内容与2026-09-01的信息相同，现标注日期为2026-11-21，请人工核实是否旧稿重发；"
        "此前的信息：“示例信息09-01”（/09-01）"
    )


def test_the_column_that_held_the_text_first_is_not_flagged() -> None:
    rows = [replace(EARLIER, column=C1), row("11-21", column=C2, body_hash=SAME)]
    assert answer("repost", rows, [text_look(body_hash=SAME)]).state is MET


def test_without_a_text_that_was_read_nothing_is_said() -> None:
    assert answer("repost", [], [list_look(), text_look(body_hash=None)]).state is UNKNOWN


# Words and numbers


@pytest.mark.parametrize(
    ("about", "text", "shown"),
    [
        ("identity", f"身份证号{EXAMPLE}", "11**************2X"),
        ("mobile", "电话13800138000", "13*******00"),
        ("wording", "这是示例错词。", "示例错词"),
        ("leader", "示例人出席。", "示例人"),
    ],
)
def test_what_stands_in_a_title_or_an_article_is_flagged(about: str, text: str, shown: str) -> None:
    in_title = answer(about, None, [list_look(titles=[("题" + text, "/t", "11-20")])])
    in_text = answer(about, None, [list_look(), text_look(text, url="/b")])
    for found, url in ((in_title, "/t"), (in_text, "/b")):
        assert found.state is UNMET
        assert "请人工核实" in found.reason
        assert f"“{shown}”" in found.faults[0]
        assert f"（{url}）" in found.faults[0]
    assert (in_title.basis, in_title.evidence) == (day("11-20"), "list.w")
    assert (in_text.basis, in_text.evidence) == (day("11-21"), "/b.w")


@pytest.mark.parametrize("last", "0123456789")
def test_an_identity_number_with_a_wrong_check_digit_is_none(last: str) -> None:
    found = answer("identity", None, [text_look(f"编号{EXAMPLE[:17]}{last}。")])
    assert found.state is MET


def test_no_number_can_be_read_in_an_answer() -> None:
    text = f"张三（{EXAMPLE}，138-0013-8000）、李四（13800138000）"
    observed = [list_look(titles=[(text, None, "11-21")]), text_look(text, title=text)]
    for about in ("identity", "mobile"):
        told = repr(answer(about, None, observed))
        for number in (EXAMPLE, "13800138000", "138-0013-8000"):
            assert number not in told


def test_a_kind_of_terms_that_no_list_holds_is_not_judged() -> None:
    none = TermFinder([])
    observed = [list_look(finder=none), text_look(finder=none)]
    for about in ("wording", "leader"):
        found = answer(about, None, observed)
        assert (found.state, found.reason[:7]) == (UNKNOWN, "未配置相应词表")
    for about in ("identity", "mobile"):
        assert answer(about, None, observed).state is MET


@pytest.mark.parametrize("about", sorted(MarkKind))
def test_a_column_of_which_nothing_was_read_is_not_judged(about: str) -> None:
    assert answer(about, (), []).state is UNKNOWN
    assert answer(about, (), [list_look("10-21"), text_look(on="10-21")]).state is UNKNOWN
    assert answer(about, (), [list_look("10-22")]).state is MET


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.seen])
def test_an_article_that_was_not_seen_says_nothing(outcome: Outcome) -> None:
    refused = Observed(C1, TEXT, "/a", at("11-21"), outcome, {"why": "示例"})
    assert answer("identity", None, [refused]).state is UNKNOWN
    assert answer("identity", None, [refused, list_look()]).state is MET


def test_a_number_in_title_and_text_of_one_article_is_one_thing() -> None:
    observed = [
        list_look(titles=[(f"公示{EXAMPLE}", "/a", "11-21")]),
        text_look(f"公示{EXAMPLE}\n{EXAMPLE}", url="/a"),
    ]
    found = answer("identity", None, observed)
    assert found.reason.startswith("发现1处疑似身份证号")
    assert len(found.faults) == 1
    assert found.faults[0].count("“11**************2X”") == 2


def test_the_newest_is_named_first_and_gives_the_basis() -> None:
    observed = [
        text_look("13800138000", url="/old", since="11-01"),
        text_look("13800138001", url="/new", since="11-20"),
    ]
    found = answer("mobile", None, observed)
    assert found.basis == day("11-20")
    assert found.reason.startswith("发现2处疑似手机号，请人工核实。如“示例信息”（/new）")


def test_faults_are_capped_and_the_rest_is_counted() -> None:
    observed = [text_look("13800138000", url=f"/{n}") for n in range(MOST_FAULTS + 3)]
    found = answer("mobile", None, observed)
    assert len(found.faults) == MOST_FAULTS + 1
    assert found.faults[-1] == "另有3处，见台账"


# What a list shows


def items(*days: str | None, apart: int = 0) -> list[Item]:
    return [
        Item(f"示例{n}", f"/{n}", day(on) if on else None, apart=n < apart)
        for n, on in enumerate(days)
    ]


NOVEMBER = [f"11-{n:02}" for n in range(20, 10, -1)]


@pytest.mark.parametrize(
    ("rows", "down_to", "ordered"),
    [
        (items(*NOVEMBER), "11-11", True),
        (items("11-20", "11-20", "11-19"), "11-19", True),
        (items("01-01", "03-01", "02-01", *NOVEMBER), "11-11", True),  # three pinned rows
        (items("01-01", "02-01", "03-01", "04-01", *NOVEMBER), None, False),
        (items("01-01", *NOVEMBER, apart=1), "11-11", True),
        (items("11-20", None, "11-18"), "11-18", True),
        (items("11-18", "11-20"), None, False),
        (items(*reversed(NOVEMBER)), None, False),
        (items(None, None), None, False),
        ([], None, False),
    ],
)
def test_a_list_shows_every_row_down_to_its_last_day_if_it_runs_from_new_to_old(
    rows: list[Item], down_to: str | None, ordered: bool
) -> None:
    expected = day(down_to) if down_to else None
    assert shown_down_to(rows, whole=False) == (expected, ordered)


def test_below_a_whole_list_there_is_nothing() -> None:
    assert shown_down_to(items(*NOVEMBER), whole=True) == (EVERYTHING, True)
    assert shown_down_to([], whole=True) == (EVERYTHING, False)


# What is kept


def test_what_is_kept_comes_back_as_it_was() -> None:
    marked = MarkedText("示例", "/a", day("11-20"), tuple(quoted_marks("示例错词", ALL)))
    kept = ListLook(3, None, False, None, ("identity",), (marked,))
    assert ListLook.of(kept.facts()) == kept
    read = TextLook(marked, date(2026, 11, 1), SAME, 12, ("identity",))
    assert TextLook.of(read.facts()) == read
    assert TextLook.of(replace(read, published_on=None, body_hash=None).facts()).body_hash is None


def test_a_mark_is_kept_with_masked_surroundings() -> None:
    text = "甲" * 30 + f"，身份证号{EXAMPLE}，电话13800138000。" + "乙" * 30
    identity, mobile = quoted_marks(text, ALL)
    around = "，身份证号11**************2X，电话13*******00。"
    assert identity["around"] == "甲" * 15 + around + "乙" * 5
    assert mobile["shown"] == "13*******00"
    assert EXAMPLE not in repr((identity, mobile))


def test_many_marks_of_one_kind_do_not_hide_another() -> None:
    kept = quoted_marks("示例错词" * (MOST_MARKS + 5) + EXAMPLE, ALL)
    assert [mark["kind"] for mark in kept] == ["wording"] * MOST_MARKS + ["identity"]


def test_the_window_of_a_flag_is_within_what_the_ledger_is_asked_for() -> None:
    duties: list[Duty] = list(DUTIES.values())
    assert max(duty.within.n for duty in duties) <= timedelta(days=40).days
