"""The national pack: what its rules and indicators say, and what a bad row is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.settings import Settings
from checks.calendar import Limit
from checks.facts import Outcome
from checks.indicators import Indicator, in_force
from checks.rules import BUNDLED, Rule, RuleError, pack_texts, read_law, read_pack
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import (
    CALENDAR,
    LAW,
    account,
    column,
    day,
    mailbox,
    row_of,
    seen,
    site,
    visit,
)

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
PACK = LAW_2019.packs[0]
BY_ID = {row.id: row for row in PACK.indicators}

HEAD = 'pack = "local"\nversion = "1"\ntitle = "synthetic"\n'
RULE = """
[[rule]]
id = "news_2w"
subject = "column"
classes = ["news"]
limit = "14 days"
severity = "deduct"
clause = "第一条"
source = "synthetic"
confidence = "A"
verified = true
effective_from = 2020-01-01
headline = "超过两周未更新"
remedy = "请更新"
"""
FIELDS = {
    "id": '"W4"',
    "group": '"W4"',
    "part": '"veto"',
    "section": '"单项否决"',
    "name": '"栏目不更新"',
    "subject": '"column"',
    "counts": '"subjects"',
    "rules": '["news_2w"]',
    "verdicts": '["overdue"]',
    "limit": "5",
    "clause": '"第二条"',
    "source": '"synthetic"',
    "confidence": '"A"',
    "verified": "true",
    "effective_from": "2020-01-01",
    "headline": '"栏目不更新"',
    "remedy": '"请更新"',
}
SCORING = {
    "full": "100",
    "pass_mark": "60",
    "bonus_above": "80",
    "bonus_most": "30",
    "services": "25",
    "services_section": '"办事服务"',
    "clause": '"第三条"',
    "source": '"synthetic"',
    "confidence": '"A"',
    "verified": "true",
}


def indicator(**changes: str | None) -> str:
    """One `[[indicator]]` as TOML; None leaves a field out."""
    return table("[[indicator]]", {**FIELDS, **changes})


def scoring(**changes: str | None) -> str:
    return table("[scoring]", {**SCORING, **changes})


def table(head: str, values: dict[str, str | None]) -> str:
    lines = [f"{name} = {value}" for name, value in values.items() if value is not None]
    return "\n".join(["", head, *lines, ""])


def complaints(*tables: str) -> list[str]:
    with pytest.raises(RuleError) as raised:
        read_pack(HEAD + RULE + "".join(tables), "local.toml")
    return str(raised.value).splitlines()


# What the national pack says


@pytest.mark.parametrize(
    ("rule_id", "subject", "classes", "levels", "limit", "severity", "confidence", "verified"),
    [
        ("news_2w", "column", ("news",), None, "14 days", "deduct", "A", True),
        ("notice_6m", "column", ("notice",), (1,), "6 months", "deduct", "A", True),
        ("policydoc_6m", "column", ("policy_doc",), (1,), "6 months", "deduct", "A", True),
        ("interp_6m", "column", ("interpretation",), None, "6 months", "deduct", "C", False),
        ("plan_1y", "column", ("plan", "personnel"), None, "12 months", "deduct", "B", False),
        ("stats_3m", "column", ("statistics",), None, "3 months", "deduct", "B", False),
        ("mailbox_list_2m", "mailbox", (), None, "2 months", "deduct", "A", True),
        ("mailbox_3m", "mailbox", (), None, "3 months", "veto", "A", True),
        ("nm_14d", "account", (), None, "14 days", "veto", "A", True),
        ("nm_3m", "account", (), None, "3 months", "flag", "B", False),
        ("w3_home_14d", "site", (), None, "14 days", "veto", "A", True),
    ],
)
def test_the_thresholds_of_the_national_pack(
    rule_id: str,
    subject: str,
    classes: tuple[str, ...],
    levels: tuple[int, ...] | None,
    limit: str,
    severity: str,
    confidence: str,
    verified: bool,
) -> None:
    rule = LAW_2019.rule("cn-2019", rule_id, day("2026-11-22"))
    assert rule is not None
    assert (rule.subject, rule.classes, rule.levels) == (subject, classes, levels)
    assert (rule.limit, rule.severity) == (Limit.parse(limit), severity)
    assert (rule.confidence, rule.verified) == (confidence, verified)


def test_the_national_pack_has_these_rules_and_no_other() -> None:
    assert [rule.id for rule in PACK.rules] == [
        "news_2w", "notice_6m", "policydoc_6m", "interp_6m", "plan_1y", "column_cycle",
        "stats_3m", "mailbox_3m", "mailbox_list_2m", "nm_14d", "nm_3m", "w3_home_14d",
    ]  # fmt: skip


def test_the_vetoes_count_what_the_table_says_and_from_which_number_on() -> None:
    counted = {
        row.id: (row.rules, row.verdicts, row.limit)
        for row in PACK.indicators
        if row.part == "veto" and row.counts in ("subjects", "letters")
    }
    late = ("overdue", "undated")
    assert counted == {
        "W3": (("w3_home_14d",), ("overdue",), 1),
        "W4c": ((), ("blank",), 5),
        "W4a": (("news_2w", "notice_6m", "policydoc_6m"), late, 5),
        "W4b": (("interp_6m", "plan_1y", "column_cycle"), late, 10),
        "W5b": (("mailbox_3m",), ("overdue",), 1),
        "M2a": (("nm_14d",), ("overdue", "blank"), 1),
    }
    assert BY_ID["W5b"].within == Limit(12, "month")
    assert (BY_ID["W2"].share, BY_ID["W2"].least) == (Decimal("0.05"), 140)


def test_the_office_is_warned_before_these_limits() -> None:
    warned = {row.id: str(row.warn) for row in PACK.indicators if row.warn is not None}
    assert warned == {"W2": "0.03", "W4c": "3", "W4a": "3", "W4b": "7"}


def test_what_no_machine_can_judge_is_left_to_a_person() -> None:
    by_hand = [row.id for row in PACK.indicators if row.part == "veto" and row.counts == "hand"]
    assert by_hand == ["W1", "W5a", "W6a", "W6b", "W6c", "M1", "M2b", "M3"]


def test_only_three_deductions_have_a_known_value_and_none_is_called_verified() -> None:
    rows = [row for row in PACK.indicators if row.part == "deduct"]
    assert {row.id: f"{row.points} of {row.cap}" for row in rows if row.points or row.cap} == {
        "d_policydoc": "5 of 5",
        "d_service_stats": "2 of 2",
        "d_messages": "3 of 3",
    }
    assert not any(row.verified for row in rows)


def test_a_recollection_is_never_called_verified() -> None:
    rows: list[Rule | Indicator] = [*PACK.rules, *PACK.indicators]
    assert {row.confidence for row in rows} == {"A", "B", "C"}
    assert [row.id for row in rows if row.confidence == "C" and row.verified] == []


def test_the_scale_has_full_points_two_gates_and_the_services() -> None:
    assert PACK.scale is not None
    scale = PACK.scale
    numbers = (scale.full, scale.pass_mark, scale.bonus_above, scale.bonus_most, scale.services)
    assert [int(number) for number in numbers] == [100, 60, 80, 30, 25]
    sections = {row.section for row in PACK.indicators}
    assert PACK.scale.services_section in sections


# Whom the national pack judges


def test_nobody_is_judged_by_the_national_pack_unless_it_is_named() -> None:
    assert Settings().rules.packs == ("haian",)
    assert list(pack_texts(Settings().rules.packs)) == ["haian", "operator"]
    assert LAW.applying_to(column("notice"), day("2026-11-22")) == ()


@pytest.mark.parametrize(
    ("subject", "rules"),
    [
        (column("news", level=3), ["news_2w"]),
        (column("notice"), ["notice_6m"]),
        (column("notice", level=2), []),
        (column("policy_doc"), ["policydoc_6m"]),
        (column("policy_doc", level=2), []),
        (column("interpretation"), ["interp_6m"]),
        (column("personnel", level=2), ["plan_1y"]),
        (column("special"), []),
        (column("statistics", name="办事统计", portal=True), ["stats_3m"]),
        (column("statistics", name="办事统计"), []),
        (column("statistics", name="统计公报"), []),
        (column("special", limit="30 days"), ["column_cycle"]),
        (column("news", limit="7 days"), ["news_2w", "column_cycle"]),
        (mailbox(), ["mailbox_3m"]),
        (mailbox(portal=True), ["mailbox_3m", "mailbox_list_2m"]),
        (mailbox(portal=True, limit="30 days"), ["mailbox_3m", "mailbox_list_2m"]),
        (account(), ["nm_14d", "nm_3m"]),
        (site(), ["w3_home_14d"]),
    ],
)
def test_which_national_rules_speak_of_a_subject(subject: Subject, rules: list[str]) -> None:
    assert [rule.id for rule in LAW_2019.applying_to(subject, day("2026-11-22"))] == rules


def test_nobody_was_judged_before_the_table_was_issued() -> None:
    assert LAW_2019.applying_to(column(), day("2019-03-31")) == ()
    assert in_force(PACK.indicators, date(2019, 3, 31)) == ()
    assert in_force(PACK.indicators, date(2019, 4, 1)) == PACK.indicators


@pytest.mark.parametrize(
    ("column_class", "newest", "last_good", "first_late"),
    [
        ("news", "2026-11-08", "2026-11-22", "2026-11-23"),
        ("notice", "2026-05-22", "2026-11-22", "2026-11-23"),
        ("policy_doc", "2026-02-28", "2026-08-31", "2026-09-01"),
        ("plan", "2025-11-22", "2026-11-22", "2026-11-23"),
    ],
)
def test_the_last_day_of_a_span_is_good_and_the_next_is_late(
    column_class: str, newest: str, last_good: str, first_late: str
) -> None:
    for as_of, late in ((last_good, False), (first_late, True)):
        look = seen(visit(as_of, Outcome.OK, newest))
        row = row_of(column(column_class), look, as_of, law=LAW_2019)
        assert (row.verdict is Verdict.OVERDUE) is late
        assert row.due == day(last_good)


def test_a_home_page_without_a_known_day_is_not_called_late() -> None:
    row = row_of(site(), seen(visit("11-22")), "11-22", law=LAW_2019)
    assert (row.rule, row.verdict) == ("w3_home_14d", Verdict.UNKNOWN)


def test_the_province_template_is_a_pack_that_judges_nothing() -> None:
    text = BUNDLED.joinpath("province-template.toml").read_text(encoding="utf-8")
    template = read_pack(text, "province-template.toml")
    assert (template.name, template.rules, template.indicators) == ("province-template", (), ())
    assert template.scale is None


# Reading the rows


def test_an_indicator_is_read_with_its_pack_and_version() -> None:
    (row,) = read_pack(HEAD + RULE + indicator(), "local.toml").indicators
    assert (row.id, row.pack, row.version, row.limit) == ("W4", "local", "1", 5)
    assert (row.share, row.least, row.within, row.points, row.cap) == (None,) * 5


OPTIONAL = {"limit"}


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - OPTIONAL))
def test_a_missing_field_stops_with_the_row_and_its_name(name: str) -> None:
    shown = "no id" if name == "id" else "W4"
    assert f"local.toml: indicator 1 ({shown}): missing {name}" in complaints(
        indicator(**{name: None})
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"colour": "1"}, "unknown field colour"),
        ({"part": '"fine"'}, "part: 'fine'; expected one of veto, deduct, bonus"),
        ({"subject": '"page"'}, "subject: 'page'; expected one of column"),
        ({"counts": '"all"'}, "counts: 'all'; expected one of subjects, letters, duties"),
        ({"rules": '"news_2w"'}, "rules: 'news_2w'; expected a list"),
        ({"rules": '["news_3w"]'}, "rules: 'news_3w'; expected news_2w"),
        ({"subject": '"account"'}, "rules: 'news_2w'; expected nothing"),
        ({"verdicts": '["late"]'}, "verdicts: 'late'; expected ok, due_soon, overdue"),
        ({"verdicts": "[]"}, "verdicts: []; expected some only of what is counted"),
        ({"limit": None}, "limit: missing where a veto counts subjects"),
        ({"limit": "0"}, "limit: 0; expected a whole number above 0"),
        ({"limit": "true"}, "limit: True; expected a whole number above 0"),
        ({"share": '"0.05"'}, "share: not expected where a veto counts subjects"),
        ({"within": '"12 months"'}, "within: not expected where a veto counts subjects"),
        ({"points": "5", "cap": "5"}, "points: expected together with cap, and only of a ded"),
        ({"clause": '" "'}, "clause: ' '; expected a text"),
        ({"confidence": '"D"'}, "confidence: 'D'; expected one of A, B, C, X"),
        ({"confidence": '"C"'}, "verified: true; a recollection (confidence C) is not verified"),
        ({"verified": '"no"'}, "verified: 'no'; expected true or false"),
        ({"effective_from": '"2020-01-01"'}, "effective_from: '2020-01-01'; expected a date"),
    ],
)
def test_a_bad_field_stops_with_the_row_the_field_and_what_was_expected(
    changes: dict[str, str | None], complaint: str
) -> None:
    (line,) = complaints(indicator(**changes))
    assert line.startswith(f"local.toml: indicator 1 (W4): {complaint}")


DEDUCT: dict[str, str | None] = {"part": '"deduct"', "limit": None}
LETTERS: dict[str, str | None] = {"counts": '"letters"', "within": '"12 months"'}
SHARE: dict[str, str | None] = {
    "counts": '"share"', "subject": '"site"', "rules": "[]", "verdicts": "[]", "limit": None,
    "share": '"0.05"', "least": "140",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({**DEDUCT, "points": "5"}, "points: expected together with cap"),
        ({**DEDUCT, "points": "5", "cap": "4"}, "cap: 4; expected points or more"),
        ({**DEDUCT, "points": "0.5", "cap": "4"}, "points: 0.5; expected a number above 0"),
        ({**DEDUCT, "points": "-1", "cap": "4"}, "points: -1; expected a number above 0"),
        ({**DEDUCT, "limit": "5"}, "limit: not expected where a deduct counts subjects"),
        (LETTERS, "counts: 'letters'; expected subject 'mailbox'"),
        ({**SHARE, "share": "0.05"}, "share: 0.05; expected a number above 0, such as 5 or"),
        ({**SHARE, "share": '"5"'}, "share: '5'; expected a number above 0"),
        ({**SHARE, "least": None}, "least: missing where a veto counts share"),
        ({**SHARE, "part": '"deduct"'}, "counts: 'share'; expected only of a veto"),
        ({**DEDUCT, "counts": '"hand"', "verdicts": "[]"}, "rules: ['news_2w']; expected some"),
    ],
)
def test_a_row_carries_exactly_the_numbers_its_counting_needs(
    changes: dict[str, str | None], complaint: str
) -> None:
    (line,) = complaints(indicator(**changes))
    assert line.startswith(f"local.toml: indicator 1 (W4): {complaint}")


DUTY: dict[str, str | None] = {
    "counts": '"duties"', "subject": '"site"', "verdicts": "[]", "rules": '["foot_icp"]',
}  # fmt: skip
ONE_DUTY = """
[[duty]]
id = "foot_icp"
about = "mark"
within = "8 days"
name = "icp"
pages = ["home"]
headline = "页脚缺少ICP备案号"
remedy = "请补充"
severity = "deduct"
clause = "第四条"
source = "synthetic"
confidence = "A"
verified = true
effective_from = 2020-01-01
"""


def test_an_indicator_may_count_the_duties_of_its_pack_and_warn_before_its_limit() -> None:
    warned: dict[str, str | None] = {**DUTY, "warn": "3", "warn_source": '"synthetic"'}
    text = HEAD + RULE + ONE_DUTY + indicator(**warned, partial="true")
    (row,) = read_pack(text, "local.toml").indicators
    assert (row.rules, row.verdicts, row.limit, row.partial) == (("foot_icp",), (), 5, True)
    assert (row.warn, row.warn_source) == (Decimal(3), "synthetic")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({**DUTY, "rules": '["foot_police"]'}, "rules: 'foot_police'; expected foot_icp"),
        ({**DUTY, "rules": '["news_2w"]'}, "rules: 'news_2w'; expected foot_icp"),
        ({**DUTY, "subject": '"column"'}, "rules: 'foot_icp'; expected nothing"),
        ({**DUTY, "rules": "[]"}, "rules: []; expected the duties that are counted"),
        ({**DUTY, "verdicts": '["blank"]'}, "verdicts: 'blank'; expected nothing"),
        ({**DUTY, "limit": None}, "limit: missing where a veto counts duties"),
        ({**DUTY, "partial": '"yes"'}, "partial: 'yes'; expected true only of what is counted"),
        ({**SHARE, "partial": "true"}, "partial: True; expected true only of what is counted"),
        ({"warn": "3"}, "warn: expected together with warn_source"),
        ({"warn_source": '"synthetic"'}, "warn: expected together with warn_source"),
        ({"warn": "6", "warn_source": '"s"'}, "warn: 6; expected limit or share, or less"),
        ({"warn": '"0.5"', "warn_source": '"s"'}, "warn: '0.5'; expected limit or share, or less"),
        ({**SHARE, "warn": '"0.06"', "warn_source": '"s"'}, "warn: '0.06'; expected limit or"),
        ({**DEDUCT, "warn": "3", "warn_source": '"s"'}, "warn: 3; expected limit or share"),
        ({"warn": "3", "warn_source": '" "'}, "warn_source: ' '; expected a text"),
    ],
)
def test_what_counts_duties_or_warns_names_what_exists(
    changes: dict[str, str | None], complaint: str
) -> None:
    (line,) = complaints(ONE_DUTY, indicator(**changes))
    assert line.startswith(f"local.toml: indicator 1 (W4): {complaint}")


@pytest.mark.parametrize("within", ["365 days", "a year"])
def test_letters_are_counted_within_a_span_of_months(within: str) -> None:
    box = RULE.replace("column", "mailbox").replace('["news"]', "[]").replace("news_2w", "m_3m")
    changes = {**LETTERS, "subject": '"mailbox"', "rules": '["m_3m"]', "within": f'"{within}"'}
    (line,) = complaints(box, indicator(**changes))
    assert line.startswith(f"local.toml: indicator 1 (W4): within: '{within}'")


def test_rows_not_written_as_rows_are_refused() -> None:
    assert complaints("[indicator]\n") == [
        "local.toml: indicator: expected rows written as [[indicator]]"
    ]


def test_two_rows_of_one_id_that_begin_on_one_day_are_refused() -> None:
    assert complaints(indicator(), indicator(limit="6")) == [
        "local.toml: indicator 2 (W4): effective_from: a second row of this id begins on 2020-01-01"
    ]


@pytest.mark.parametrize("later_first", [False, True])
def test_of_the_rows_of_one_id_the_latest_begun_is_in_force(later_first: bool) -> None:
    rows = [indicator(), indicator(limit="4", effective_from="2026-01-01")]
    text = HEAD + RULE + "".join(reversed(rows) if later_first else rows)
    both = read_pack(text, "local.toml").indicators
    for as_of, limits in (("2019-12-31", []), ("2025-12-31", [5]), ("2026-01-01", [4])):
        assert [row.limit for row in in_force(both, day(as_of))] == limits


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"full": None}, "missing full"),
        ({"colour": "1"}, "unknown field colour"),
        ({"full": "0"}, "full: 0; expected a number above 0"),
        ({"full": '"all"'}, "full: 'all'; expected a number above 0"),
        ({"services": "100"}, "services: 100; expected less than full"),
        ({"pass_mark": "90"}, "pass_mark: expected pass_mark <= bonus_above <= full"),
        ({"services_section": '""'}, "services_section: ''; expected a text"),
    ],
)
def test_a_bad_scale_stops_with_the_field_and_what_was_expected(
    changes: dict[str, str | None], complaint: str
) -> None:
    assert complaints(scoring(**changes)) == [f"local.toml: scoring: {complaint}"]


def test_a_level_is_for_columns_and_a_number_from_one_on() -> None:
    with_levels = RULE + "levels = "
    cases = {
        "1": "levels: 1; expected a list such as [1]",
        "[]": "levels: []; expected a list such as [1]",
        "[0]": "levels: 0; expected a whole number above 0",
    }
    for value, complaint in cases.items():
        with pytest.raises(RuleError) as raised:
            read_pack(HEAD + with_levels + value, "local.toml")
        assert str(raised.value) == f"local.toml: rule 1 (news_2w): {complaint}"
    box = with_levels.replace('"column"', '"mailbox"').replace('["news"]', "[]") + "[1]"
    with pytest.raises(RuleError, match="levels: \\[1\\]; only columns have a level"):
        read_pack(HEAD + box, "local.toml")
