"""A threshold is a row with its clause; what cannot be read for sure stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from checks.calendar import Limit
from checks.facts import Outcome
from checks.rules import COLUMN_CLASSES, Law, RuleError, pack_texts, read_law, read_pack
from checks.subjects import Subject
from checks.verdicts import Verdict
from storage.fields import CLASSES
from tests.checks.make import (
    CALENDAR,
    LAW,
    account,
    column,
    day,
    judged,
    mailbox,
    seen,
    site,
    visit,
)

TEXT = {
    "id": '"news_2w"',
    "subject": '"column"',
    "classes": '["news"]',
    "limit": '"14 days"',
    "severity": '"deduct"',
    "clause": '"第一条"',
    "source": '"synthetic"',
    "confidence": '"A"',
    "verified": "true",
    "effective_from": "2020-01-01",
    "headline": '"超过两周未更新"',
    "remedy": '"请更新"',
}
OPERATOR = pack_texts([])
MAILBOX = {"subject": '"mailbox"', "classes": "[]"}
LISTED = {"of": '"list"', "within": '"12 months"'}


def row(**changes: str | None) -> str:
    """One `[[rule]]` as TOML; None leaves a field out."""
    values = {**TEXT, **changes}
    lines = [f"{name} = {value}" for name, value in values.items() if value is not None]
    return "\n".join(["[[rule]]", *lines])


def pack(*rows: str, name: str = "local") -> str:
    return "\n".join([f'pack = "{name}"', 'version = "1"', 'title = "synthetic"', *rows])


def law(texts: Mapping[str, str]) -> Law:
    return read_law({**texts, **OPERATOR}, CALENDAR)


def complaints(text: str) -> list[str]:
    with pytest.raises(RuleError) as raised:
        read_pack(text, "local.toml")
    return str(raised.value).splitlines()


# What the city and the State Council have set


@pytest.mark.parametrize(
    ("rule_id", "subject", "classes", "limit", "warn", "severity"),
    [
        ("news_2w", "column", ("news",), "14 days", "3 days", "deduct"),
        ("interp_6m", "column", ("interpretation",), "6 months", "14 days", "deduct"),
        ("mailbox_5wd", "mailbox", (), "5 working days", "1 working day", "deduct"),
        ("nm_14d", "account", (), "14 days", "3 days", "veto"),
    ],
)
def test_the_thresholds_of_the_haian_pack(
    rule_id: str, subject: str, classes: tuple[str, ...], limit: str, warn: str, severity: str
) -> None:
    rule = LAW.rule("haian", rule_id, day("2026-11-22"))
    assert rule is not None
    assert rule.name == f"haian/{rule_id}"
    assert (rule.subject, rule.classes, rule.severity) == (subject, classes, severity)
    assert (rule.limit, rule.warn) == (Limit.parse(limit), Limit.parse(warn))
    assert (rule.version, rule.confidence, rule.verified) == ("2020.1", "A", True)
    for words in (rule.clause, rule.source, rule.headline, rule.remedy):
        assert words.strip()


def test_the_haian_pack_has_these_four_rows_and_the_operator_pack_two() -> None:
    assert [rule.name for pack in LAW.packs for rule in pack.rules] == [
        "haian/news_2w",
        "haian/interp_6m",
        "haian/mailbox_5wd",
        "haian/nm_14d",
        "operator/unseen",
        "operator/word",
    ]


def test_only_the_mailbox_rule_looks_back_and_only_three_months() -> None:
    spans = {rule.id: rule.lookback for pack in LAW.packs for rule in pack.rules}
    assert {name for name, span in spans.items() if span is not None} == {"mailbox_5wd"}
    assert spans["mailbox_5wd"] == Limit(3, "month")


def test_a_subject_not_seen_for_three_days_is_the_operator_s_and_nobody_else_s() -> None:
    rule = LAW.rule("operator", "unseen", day("2026-11-22"))
    assert rule is not None
    assert (rule.limit, rule.severity, rule.subject) == (Limit(3, "day"), "operator", "any")


@pytest.mark.parametrize(
    ("subject", "rules"),
    [
        (column("news"), ["haian/news_2w"]),
        (column("interpretation"), ["haian/interp_6m"]),
        (column("notice"), []),
        (column("other"), []),
        (mailbox(), ["haian/mailbox_5wd"]),
        (account(), ["haian/nm_14d"]),
        (site(), []),
    ],
)
def test_which_rules_may_speak_against_a_unit(subject: Subject, rules: list[str]) -> None:
    assert [rule.name for rule in LAW.applying_to(subject, day("2026-11-22"))] == rules


# Reading a pack


@pytest.mark.parametrize("name", sorted(TEXT))
def test_a_missing_field_stops_with_the_row_and_its_name(name: str) -> None:
    text = pack(row(), row(**{"id": '"other"', name: None}))
    shown = "no id" if name == "id" else "other"
    assert complaints(text) == [f"local.toml: rule 2 ({shown}): missing {name}"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"limits": '"14 days"'}, "unknown field limits"),
        ({"limit": '"14"'}, "limit: '14' is not a span"),
        ({"limit": '"0 days"'}, "limit: '0 days' is not a span"),
        ({"limit": "14"}, "limit: '14' is not a span"),
        ({"warn": '"soon"'}, "warn: 'soon' is not a span"),
        ({"warn": '"1 month"'}, "warn: '1 month'; expected a span in days or working days"),
        ({"remind": '"3 months"'}, "remind: '3 months'; expected a span in days"),
        ({"remind": '"3 working days"'}, "remind: '3 working days'; expected a span in days"),
        ({"lookback": '"9 working days"'}, "lookback: '9 working days'; expected a span in days"),
        ({"subject": '"page"'}, "subject: 'page'; expected one of any, column, mailbox"),
        ({"severity": '"fatal"'}, "severity: 'fatal'; expected one of veto, deduct, flag"),
        ({"severity": '"operator"'}, "severity: 'operator' does not belong in pack 'local'"),
        ({"effective_from": '"2020-01-01"'}, "effective_from: '2020-01-01'; expected a date"),
        ({"effective_from": "2020-01-01T00:00:00"}, "effective_from: datetime.datetime"),
        ({"classes": '"news"'}, "classes: 'news'; expected a list"),
        ({"classes": '["new"]'}, "classes: 'new'; expected one of news, notice"),
        ({"subject": '"mailbox"'}, "classes: ['news']; only columns have a class"),
        ({"verified": '"no"'}, "verified: 'no'; expected true or false"),
        ({"clause": '" "'}, "clause: ' '; expected a text"),
        ({"headline": "1"}, "headline: 1; expected a text"),
        ({"limit": '"2 cycles"'}, "limit: '2 cycles' is not a span"),
        ({"warn": '"1 cycle"'}, "warn: '1 cycle' is not a span"),
        ({"of": '"list"'}, "of: 'list'; only mailboxes have letters"),
        ({"within": '"12 months"'}, "within: '12 months'; only mailboxes have letters"),
        (MAILBOX | {"limit": '"1 cycle"'}, "limit: 1 cycle; only columns have a cycle"),
        (MAILBOX | {"of": '"letters"'}, "of: 'letters'; expected 'list'"),
        (MAILBOX | {"within": '"300 days"'}, "within: '300 days'; expected a span in months"),
        (MAILBOX | LISTED, "within: letters have it, a list has not"),
    ],
)
def test_a_bad_field_stops_with_the_row_the_field_and_what_was_expected(
    changes: dict[str, str], complaint: str
) -> None:
    (line,) = complaints(pack(row(**changes)))
    assert line.startswith(f"local.toml: rule 1 (news_2w): {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("pack = ", "local.toml: not TOML"),
        (pack(row()).replace("title", "heading"), "local.toml: missing title"),
        (pack(), "local.toml: missing rule"),
        (pack(row().replace("[[rule]]", "[[rules]]")), "local.toml: missing rule"),
        (pack(row(), row().replace("[[rule]]", "[[rules]]")), "local.toml: unknown field rules"),
        (pack(row().replace("[[rule]]", "[rule]")), "local.toml: rule: expected rows"),
        ('rule = ["news_2w"]\n' + pack(), "local.toml: rule: expected rows"),
    ],
)
def test_a_pack_without_its_head_or_its_rows_is_refused(text: str, complaint: str) -> None:
    assert complaints(text)[0].startswith(complaint)


def test_all_faults_of_a_pack_are_told_at_once() -> None:
    text = pack(row(limit='"soon"', severity='"fatal"'), row(id='"other"', remedy=None, colour="1"))
    lines = complaints(text)
    assert len(lines) == 4
    assert sum("rule 1 (news_2w)" in line for line in lines) == 2
    assert sum("rule 2 (other)" in line for line in lines) == 2


def test_the_classes_a_rule_may_name_are_those_of_the_register() -> None:
    assert list(COLUMN_CLASSES) == list(CLASSES)


def test_what_a_row_leaves_out_is_none_and_never_a_number() -> None:
    (rule,) = read_pack(pack(row()), "local.toml").rules
    assert (rule.warn, rule.remind, rule.lookback) == (None, None, None)


# Rows over time, packs beside each other


def test_two_rows_of_one_id_that_begin_on_one_day_are_refused() -> None:
    assert complaints(pack(row(), row(limit='"30 days"'))) == [
        "local.toml: rule 2 (news_2w): effective_from: a second row of this id begins on 2020-01-01"
    ]


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize(
    ("as_of", "limit"),
    [
        ("2019-12-31", None),
        ("2020-01-01", Limit(14, "day")),
        ("2025-12-31", Limit(14, "day")),
        ("2026-01-01", Limit(10, "day")),
    ],
)
def test_of_the_rows_of_one_id_the_latest_begun_is_in_force(
    later_first: bool, as_of: str, limit: Limit | None
) -> None:
    rows = [row(), row(limit='"10 days"', effective_from="2026-01-01")]
    over_time = law({"local": pack(*(reversed(rows) if later_first else rows))})
    rule = over_time.rule("local", "news_2w", day(as_of))
    assert (rule.limit if rule else None) == limit
    held = [r for r in over_time.in_force(day(as_of)) if r.pack == "local"]
    assert len(held) == (0 if limit is None else 1)


def test_two_packs_may_each_have_a_rule_of_one_id_and_both_judge() -> None:
    both = law(
        {
            "strict": pack(row(limit='"10 days"'), name="strict"),
            "local": pack(row(), name="local"),
        }
    )
    history = seen(visit("11-22", Outcome.OK, "11-10"))
    bench = judged(column(), history, "11-22", law=both)
    assert [(r.pack, r.rule, r.verdict, r.due) for r in bench.rows] == [
        ("strict", "news_2w", Verdict.OVERDUE, day("11-20")),
        ("local", "news_2w", Verdict.OK, day("11-24")),
    ]
    assert [key.pack for key in bench.faults] == ["strict"]
    assert "local" in [key.pack for key in bench.cleared]


def test_a_local_pack_replaces_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "haian.toml").write_text(pack(row(limit='"7 days"'), name="haian"), "utf-8")
    texts = pack_texts(["haian"], tmp_path)
    assert list(texts) == ["haian", "operator"]
    local = read_law(texts, CALENDAR)
    assert [rule.limit for rule in local.packs[0].rules] == [Limit(7, "day")]
    assert texts["operator"] == pack_texts([])["operator"]


def test_a_missing_pack_names_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as raised:
        pack_texts(["cn-2035"], tmp_path)
    message = str(raised.value)
    assert "rule pack 'cn-2035'" in message
    assert str(tmp_path / "cn-2035.toml") in message
    assert str(Path("checks", "packs", "cn-2035.toml")) in message


def test_a_pack_saved_in_another_encoding_stops_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "haian.toml").write_bytes("# 时限".encode("gbk"))
    with pytest.raises(RuleError, match=r"haian\.toml: not UTF-8"):
        pack_texts(["haian"], tmp_path)


def test_a_file_that_holds_another_pack_is_refused() -> None:
    with pytest.raises(RuleError, match=r"haian\.toml: pack = 'local'; expected 'haian'"):
        law({"haian": pack(row())})


# The operator's threshold


def operator_law(**changes: str | None) -> Law:
    own = {"id": '"unseen"', "subject": '"any"', "classes": "[]", "severity": '"operator"'}
    return read_law({"operator": pack(row(**{**own, **changes}), name="operator")}, CALENDAR)


def test_a_missing_threshold_stops_the_start_and_says_its_name() -> None:
    with pytest.raises(RuleError, match="the threshold 'unseen' is missing"):
        operator_law(id='"seen"')
    with pytest.raises(RuleError, match="the threshold 'unseen' is missing"):
        read_law({"local": pack(row())}, CALENDAR)


def test_a_threshold_not_yet_in_force_stops_the_check_and_says_its_name() -> None:
    with pytest.raises(LookupError, match="operator/unseen in force on 2019-12-31"):
        judged(column(), seen(), "2019-12-31")


def test_the_operator_s_span_is_in_days() -> None:
    assert operator_law().rule("operator", "unseen", date(2026, 1, 1)) is not None
    with pytest.raises(RuleError, match="the threshold 'unseen' is not a span in days"):
        operator_law(limit='"1 month"')


def test_the_operator_s_threshold_can_never_be_turned_against_units() -> None:
    with pytest.raises(RuleError, match="severity: 'deduct' does not belong in pack 'operator'"):
        operator_law(severity='"deduct"')
