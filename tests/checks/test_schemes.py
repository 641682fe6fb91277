"""A scheme says every point itself; what cannot be read for sure is refused, all faults at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from checks.calendar import Limit
from checks.rules import pack_texts, read_pack
from checks.scheme import BUNDLED, SchemeError, read_scheme, scheme_text, unknown_rules
from checks.scheme_gates import Condition, read_condition
from checks.scheme_table import Scheme, Step

HEAD = {
    "id": '"local"',
    "version": '"1"',
    "title": '"synthetic"',
    "cycles": '["quarter"]',
    "base": "0",
    "clamp": "[-2, 2]",
    "rounding": '{ step = 0.01, mode = "half_up" }',
    "map": '{ to = "clamp" }',
    "objection": '"5 working days"',
    "clause": '"第一条"',
    "source": '"synthetic"',
    "confidence": '"X"',
    "verified": "false",
    "proposal": "true",
}
SECTION = {"id": '"part"', "name": '"扣分"', "starts": '"zero"'}
FULL = {**SECTION, "starts": '"full"', "full": "100", "floor": "0"}
BONUS = {**SECTION, "id": '"bonus"', "bonus": "true"}
SELECT = '{ rule = "news_2w", state = "confirmed" }'
ITEM = {
    "id": '"late"',
    "name": '"超期"',
    "section": '"part"',
    "select": SELECT,
    "per": '"column"',
    "points": "-0.1",
}
ENTRY = {**ITEM, "select": None, "entry": "true", "per": '"event"'}
MONTHS = {**ITEM, "select": None, "measure": '"items"', "per": '"month"', "least": "40"}
SETS = {**ITEM, "points": None, "effect": '"set_to"', "value": "-2"}
GATE = {"when": '"part < 12"', "grade": '"不合格"'}


def table(kind: str, **fields: str | None) -> str:
    """One `[[kind]]` as TOML; None leaves a field out."""
    lines = [f"{name} = {value}" for name, value in fields.items() if value is not None]
    return "\n".join([f"[[{kind}]]", *lines])


def text(*rows: str, **head: str | None) -> str:
    """A whole scheme with one section and one item, if no others are given."""
    lines = [f"{name} = {value}" for name, value in {**HEAD, **head}.items() if value is not None]
    if not any(row.startswith("[[section]]") for row in rows):
        rows = (table("section", **SECTION), *rows)
    if not any(row.startswith("[[item]]") for row in rows):
        rows = (*rows, table("item", **ITEM))
    return "\n".join([*lines, *rows])


def read(*rows: str, **head: str | None) -> Scheme:
    return read_scheme(text(*rows, **head), "local.toml")


def complaints(*rows: str, **head: str | None) -> list[str]:
    """What is told, without the file's name, which begins each line."""
    with pytest.raises(SchemeError) as raised:
        read(*rows, **head)
    lines = str(raised.value).splitlines()
    assert all(line.startswith("local.toml: ") for line in lines)
    return [line.removeprefix("local.toml: ") for line in lines]


def item(**changes: str | None) -> list[str]:
    return complaints(table("item", **{**ITEM, **changes}))


# What is shipped


def test_the_proposal_is_marked_as_one() -> None:
    scheme = read_scheme(scheme_text("haian-default"), "haian-default.toml")
    assert (scheme.id, scheme.proposal, scheme.verified) == ("haian-default", True, False)
    assert scheme.title == "海安市政务公开考核评分办法（建议稿）"
    assert scheme.clamp == (Decimal(-2), Decimal(2))
    assert scheme.objection == Limit(5, "working day")
    assert scheme.items[1].steps == (
        Step(1, 5, Decimal("-0.1")),
        Step(6, 10, Decimal("-0.2")),
        Step(11, None, Decimal("-0.3")),
    )


def test_each_bundled_scheme_has_its_own_name_and_names_rules_that_exist() -> None:
    packs = pack_texts(["haian", "cn-2019"])
    rows = [read_pack(text, name) for name, text in packs.items()]
    ids = {rule.id for pack in rows for rule in pack.rules}
    ids |= {duty.id for pack in rows for duty in pack.duties}
    for path in BUNDLED.glob("*.toml"):
        scheme = read_scheme(scheme_text(path.stem), path.name)
        assert scheme.id == path.stem
        assert unknown_rules(scheme, ids) == ()


def test_an_item_that_names_no_rule_of_the_packs_is_told() -> None:
    assert unknown_rules(read(), {"news_3w"}) == (
        "local: item late: rule: 'news_2w'; no rule pack has a rule or duty of this id",
    )


# Where a scheme is


def test_the_local_file_comes_before_the_bundled_one(tmp_path: Path) -> None:
    assert "建议稿" in scheme_text("haian-default", tmp_path)
    (tmp_path / "haian-default.toml").write_text("# 正式办法", encoding="utf-8")
    assert scheme_text("haian-default", tmp_path) == "# 正式办法"


def test_a_scheme_that_is_nowhere_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SchemeError) as raised:
        scheme_text("other", tmp_path)
    places = f"{tmp_path / 'other.toml'} or {BUNDLED / 'other.toml'}"
    assert str(raised.value) == f"scheme 'other': no file at {places}"


def test_a_file_that_is_no_text_or_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes("标题".encode("gbk"))
    with pytest.raises(SchemeError, match=r"gbk\.toml: not UTF-8: "):
        scheme_text("gbk", tmp_path)
    with pytest.raises(SchemeError, match=r"^local\.toml: not TOML: "):
        read_scheme("id = ", "local.toml")


# Numbers are exact


@pytest.mark.parametrize("written", ["-0.1", '"-0.1"'])
def test_points_are_exact_as_number_and_as_text(written: str) -> None:
    assert read(table("item", **{**ITEM, "points": written})).items[0].points == Decimal("-0.1")


@pytest.mark.parametrize("written", ["true", '"many"', "nan", "inf", "0", "0.1", "[-0.1]"])
def test_what_is_no_number_below_zero_is_no_price_of_a_fault(written: str) -> None:
    assert item(points=written) == [
        "item 1 (late): points: "
        + {'"many"': "'many'", "nan": "NaN", "inf": "Infinity"}.get(written, written)
        + "; expected a number below 0"
    ]


# The head


HEADS = {
    "id": "a text",
    "version": "a text",
    "title": "a text",
    "cycles": "one or a list of quarter, half_year, year",
    "base": "a number",
    "clamp": "a lower and a higher number",
    "rounding": "a table such as { step = 0.01, mode = 'half_up' }",
    "map": "a table such as { to = 'clamp' }",
    "objection": "a span such as '5 working days'",
    "clause": "a text",
    "source": "a text",
    "confidence": "one of A, B, C, X",
    "verified": "true or false",
    "proposal": "true or false",
}


@pytest.mark.parametrize("name", HEAD)
def test_no_field_of_the_head_has_a_silent_default(name: str) -> None:
    assert complaints(**{name: None}) == [f"missing {name}; expected {HEADS[name]}"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("id", '""', "id: ''; expected a text"),
        ("cycles", '["month"]', "cycles: ['month']; expected " + HEADS["cycles"]),
        ("cycles", "[]", "cycles: []; expected " + HEADS["cycles"]),
        ("base", '"x"', "base: 'x'; expected a number"),
        ("clamp", "[2, -2]", "clamp: [2, -2]; expected a lower and a higher number"),
        ("clamp", "[2]", "clamp: [2]; expected a lower and a higher number"),
        (
            "clamp",
            "[-2.005, 2]",
            "clamp: [-2.005, 2]; expected multiples of the step 0.01",
        ),
        ("rounding", "0.01", "rounding: 0.01; expected " + HEADS["rounding"]),
        (
            "rounding",
            '{ step = 0, mode = "half_even" }',
            "rounding: mode: 'half_even'; expected 'half_up'",
        ),
        ("rounding", '{ mode = "half_up" }', "rounding: missing step; expected a number above 0"),
        ("map", '{ to = "curve" }', "map: to: 'curve'; expected one of clamp, linear"),
        (
            "map",
            '{ to = "linear" }',
            "map: missing points; expected at least two rising points such as [[60, -2], [80, 0]]",
        ),
        (
            "map",
            '{ to = "linear", points = [[60, 0], [80, -1]] }',
            "map: points: [[60, 0], [80, -1]]; expected at least two rising points such as"
            " [[60, -2], [80, 0]]",
        ),
        (
            "map",
            '{ to = "clamp", points = [[60, 0]] }',
            "map: points: [[60, 0]]; expected only beside to = 'linear'",
        ),
        ("objection", '"a week"', "objection: 'a week'; expected a span such as '5 working days'"),
        ("confidence", '"D"', "confidence: 'D'; expected one of A, B, C, X"),
        ("verified", '"no"', "verified: 'no'; expected true or false"),
        (
            "redistribute",
            '"somehow"',
            "redistribute: 'somehow'; expected one of proportional, even, multiply",
        ),
        ("redistribute", '"even"', "redistribute: 'even'; no section is optional"),
        ("cap", "2", "unknown field cap"),
        ("item", "3", "item: expected rows written as [[item]]"),
        ("grade", "['A']", "grade: expected rows written as [[grade]]"),
    ],
)
def test_what_the_head_cannot_hold_is_told(name: str, value: str, told: str) -> None:
    if name == "item":
        lines = [f"{key} = {each}" for key, each in {**HEAD, name: value}.items()]
        with pytest.raises(SchemeError) as raised:
            read_scheme("\n".join([*lines, table("section", **SECTION)]), "local.toml")
        assert f"local.toml: {told}" in str(raised.value).splitlines()
        return
    assert told in complaints(**{name: value})


def test_a_scheme_without_sections_and_items_is_none() -> None:
    with pytest.raises(SchemeError) as raised:
        read_scheme("\n".join(f"{name} = {value}" for name, value in HEAD.items()), "local.toml")
    assert str(raised.value).splitlines() == [
        "local.toml: missing section; expected at least one [[section]]",
        "local.toml: missing item; expected at least one [[item]]",
    ]


# Sections


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": None}, "section 1 (扣分): missing id"),
        ({"id": '"score"'}, "section 1 (score): id: 'score'"),
        ({"id": '"网站"'}, "section 1 (网站): id: '网站'"),
        ({"name": None}, "section 1 (part): missing name; expected a text"),
        ({"starts": None}, "section 1 (part): missing starts; expected one of full, zero"),
        ({"starts": '"half"'}, "section 1 (part): starts: 'half'; expected one of full, zero"),
        ({"full": None}, "section 1 (part): missing full; expected a number above 0"),
        ({"full": "0"}, "section 1 (part): full: 0; expected a number above 0"),
        ({"floor": "100"}, "section 1 (part): floor: 100; expected a number below full = 100"),
        ({"weight": "0"}, "section 1 (part): weight: 0; expected a number above 0"),
        ({"bonus": "1"}, "section 1 (part): bonus: 1; expected true or false"),
        (
            {"only_for": '["village"]'},
            "section 1 (part): only_for: ['village']; expected one or a list of department, town,"
            " other",
        ),
        ({"cap": "3"}, "section 1 (part): unknown field cap"),
    ],
)
def test_what_a_section_cannot_hold_is_told(changes: dict[str, str | None], told: str) -> None:
    if told.startswith(("section 1 (扣分)", "section 1 (score)", "section 1 (网站)")):
        told += "; expected a name such as site, of a-z, 0-9 and _, not score"
    assert complaints(table("section", **{**FULL, **changes})) == [told]


def test_a_section_by_hand_needs_full_points_and_has_no_items() -> None:
    by_hand = {**SECTION, "by_hand": "true"}
    assert complaints(table("section", **by_hand)) == [
        "section 1 (part): missing full; expected a number above 0"
    ]
    assert complaints(table("section", **{**by_hand, "full": "10"})) == [
        "item late: section: 'part' is entered by hand and has no items"
    ]


def test_where_a_section_is_optional_all_must_have_full_points_and_no_weight() -> None:
    optional = {**FULL, "id": '"site"', "may_lack": "true", "weight": "0.5"}
    assert complaints(table("section", **SECTION), table("section", **optional)) == [
        "missing redistribute; expected one of proportional, even, multiply",
        "section part: missing full; expected where a section is optional",
        "section site: weight: no weight is possible where a section is optional",
    ]


def test_an_id_stands_for_one_thing() -> None:
    part, late = table("section", **SECTION), table("item", **ITEM)
    named = table("item", **{**ITEM, "id": '"part"'})
    grades = table("grade", name="'A'", least="3"), table("grade", name="'A'")
    assert complaints(part, part, late, late, named, *grades) == [
        "section part: comes twice",
        "item late: comes twice",
        "grade A: comes twice",
        "part: the id of a section and of an item",
    ]


def test_an_item_lies_in_a_section_that_exists() -> None:
    assert item(section='"parts"') == ["item late: section: 'parts'; expected one of part"]


# Items


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": None}, "missing id; expected a text"),
        ({"name": "3"}, "name: 3; expected a text"),
        (
            {"per": None},
            "missing per; expected one of column, column_period, account, letter, finding, day, "
            "week",
        ),
        (
            {"per": '"month"'},
            "per: 'month'; expected one of column, column_period, account, letter, finding, day, "
            "week",
        ),
        ({"per": '"day"'}, "per = 'day': expected when = 'running' beside it"),
        ({"when": '"always"'}, "when: 'always'; expected one of opened, running"),
        ({"points": None}, "expected either points or step_by_days"),
        ({"step_by_days": '[[1, "null", -1]]'}, "expected either points or step_by_days"),
        ({"cap": "0.8"}, "cap: 0.8; expected a number with the sign of the points, not 0"),
        ({"cap": "0"}, "cap: 0; expected a number with the sign of the points, not 0"),
        ({"grace": "0.5"}, "grace: 0.5; expected a table such as { fixed_before_deadline = 0.5 }"),
        (
            {"grace": "{ fixed_before_deadline = 2 }"},
            "grace: fixed_before_deadline: 2; expected a number from 0 up to 1",
        ),
        (
            {"grace": "{ }"},
            "grace: missing fixed_before_deadline; expected a number from 0 up to 1",
        ),
        ({"value": "-2"}, "value: -2; expected only beside effect = 'set_to'"),
        ({"effect": '"halve"'}, "effect: 'halve'; expected one of add, set_to"),
        ({"least": "40"}, "least: 40; expected only beside a measure per month"),
        ({"price": "3"}, "unknown field price"),
        (
            {"select": '{ state = "confirmed" }'},
            "select: selects every finding; expected pack, rule, severity, kind or class",
        ),
        ({"select": '{ rule = "x" }'}, "select: missing state; expected 'confirmed'"),
        (
            {"select": '{ rule = "x", state = "found" }'},
            "select: state: 'found'; expected 'confirmed'",
        ),
        (
            {"select": '{ severity = "operator", state = "confirmed" }'},
            "select: severity: 'operator'; expected one or a list of veto, deduct, flag",
        ),
        (
            {"select": '{ kind = "page", state = "confirmed" }'},
            "select: kind: 'page'; expected one or a list of column, mailbox, account, site",
        ),
        (
            {"select": '{ rule = [], state = "confirmed" }'},
            "select: rule: []; expected a text or a list of texts",
        ),
        (
            {"select": '{ rule = "x", level = 1, state = "confirmed" }'},
            "select: unknown field level",
        ),
        (
            {"select": '"news_2w"'},
            "select: 'news_2w'; expected a table such as { rule = 'news_2w', state = 'confirmed' }",
        ),
        ({"select": None}, "fed by none; expected exactly one of select, event, entry, measure"),
        (
            {"entry": "true"},
            "fed by select and entry; expected exactly one of select, event, entry, measure",
        ),
    ],
)
def test_what_an_item_cannot_hold_is_told(changes: dict[str, str | None], told: str) -> None:
    row = "超期" if changes.get("id", "") is None else "late"
    assert item(**changes) == [f"item 1 ({row}): {told}"]


@pytest.mark.parametrize(
    "steps",
    [
        "[]",
        "[[1, 5, -0.1]]",
        '[[2, "null", -0.1]]',
        '[[1, 5, -0.1], [7, "null", -0.2]]',
        '[[1, "null", -0.1], [2, "null", -0.2]]',
        '[[1, "null", 0.1]]',
        '[[1, "null"]]',
        '[[1, 0, -0.1], [1, "null", -0.2]]',
        '[[1, 5.5, -0.1], [6, "null", -0.2]]',
    ],
)
def test_steps_cover_each_day_once_and_have_no_end(steps: str) -> None:
    (told,) = item(points=None, step_by_days=steps)
    assert told.startswith("item 1 (late): step_by_days: [")
    assert told.endswith(
        "; expected steps below 0 such as [[1, 5, -0.1], [6, 'null', -0.2]] without a gap, the "
        "last without end"
    )


def test_days_and_entries_have_no_steps() -> None:
    steps = '[[1, "null", -0.1]]'
    told = "step_by_days: [[1, 'null', -0.1]]; expected only where findings are counted one by one"
    by_day = {"per": '"day"', "when": '"running"', "points": None, "step_by_days": steps}
    assert item(**by_day) == [f"item 1 (late): {told}"]
    by_entry = {**ENTRY, "points": None, "step_by_days": steps}
    assert complaints(table("item", **by_entry)) == [f"item 1 (late): {told}"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"entry": "false"}, "entry: false; expected true, or the field left out"),
        ({"per": '"month"'}, "per: 'month'; expected one of event, item, finding"),
        (
            {"points": "0"},
            "points: 0; expected a number other than 0, a table by level, or 'entered'",
        ),
        (
            {"points": "{ village = 1 }"},
            "points: { village = 1 }; expected numbers of one sign by level "
            "(national, province, city, county, town)",
        ),
        (
            {"points": "{ city = 1, county = -1 }"},
            "points: { city = 1, county = -1 }; expected numbers of one sign by level "
            "(national, province, city, county, town)",
        ),
        (
            {"points": "{ city = 1 }", "cap": "-1"},
            "cap: -1; expected a number with the sign of the points, not 0",
        ),
        ({"when": '"running"'}, "when: 'running'; expected only where an item selects findings"),
        (
            {"grace": "{ fixed_before_deadline = 0.5 }"},
            "grace: { fixed_before_deadline = 0.5 }; expected only where an item selects findings",
        ),
    ],
)
def test_what_an_entry_cannot_hold_is_told(changes: dict[str, str | None], told: str) -> None:
    assert complaints(table("item", **{**ENTRY, **changes})) == [f"item 1 (late): {told}"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"measure": "40"}, "measure: 40; expected a text"),
        ({"per": '"week"'}, "per: 'week'; expected one of month, item"),
        ({"least": None}, "missing least; expected a whole number above 0"),
        ({"least": "1.5"}, "least: 1.5; expected a whole number above 0"),
        ({"blank": "10"}, "blank: 10; expected a number below 0"),
        ({"points": "5"}, "points: 5; expected a number below 0"),
        ({"per": '"item"', "least": None}, "points: -0.1; expected a number above 0"),
    ],
)
def test_what_a_measure_cannot_hold_is_told(changes: dict[str, str | None], told: str) -> None:
    assert told in [
        line.removeprefix("item 1 (late): ")
        for line in complaints(table("item", **{**MONTHS, **changes}))
    ]


def test_a_lifecycle_event_is_an_urging_and_may_say_of_which_findings() -> None:
    urged = {**ITEM, "select": None, "event": '"urged"', "per": '"event"'}
    assert read(table("item", **urged)).items[0].event == "urged"
    selected = read(table("item", **{**urged, "select": SELECT})).items[0].select
    assert selected is not None
    assert selected.rule == ("news_2w",)
    assert complaints(table("item", **{**urged, "event": '"opened"'})) == [
        "item 1 (late): event: 'opened'; expected 'urged'"
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"value": None}, "missing value; expected a number"),
        ({"points": "-1"}, "points: -1; an item with effect = 'set_to' has a value alone"),
        ({"cap": "-1"}, "cap: -1; an item with effect = 'set_to' has a value alone"),
        ({"grade": "5"}, "grade: 5; expected a text"),
    ],
)
def test_what_sets_the_score_has_a_value_alone(changes: dict[str, str | None], told: str) -> None:
    assert complaints(table("item", **{**SETS, **changes})) == [f"item 1 (late): {told}"]


def test_a_month_does_not_set_the_score() -> None:
    sets = {**MONTHS, "points": None, "least": None, "effect": '"set_to"', "value": "-2"}
    assert complaints(table("item", **sets)) == [
        "item 1 (late): effect: no measure sets the score; expected a gate"
    ]


# Gates and grades


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("score >= 80", Condition(("score",), ">=", Decimal(80))),
        ("media<12", Condition(("media",), "<", Decimal(12))),
        ("site + media >= 44.5", Condition(("site", "media"), ">=", Decimal("44.5"))),
        ("score <= -1.5", Condition(("score",), "<=", Decimal("-1.5"))),
        ("a+b+c>0", Condition(("a", "b", "c"), ">", Decimal(0))),
    ],
)
def test_a_gate_compares_a_sum_with_a_number(words: str, condition: Condition) -> None:
    assert read_condition(words) == condition


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "a section id or score is wanted at its end"),
        ("80 <= score", "a section id or score is wanted at '80'"),
        ("score", "one of >= <= > < is wanted at its end"),
        ("score == 80", "one of >= <= > < is wanted at '=='"),
        ("score => 80", "one of >= <= > < is wanted at '='"),
        ("site + >= 44", "a section id or score is wanted at '>='"),
        ("site >=", "a number is wanted at its end"),
        ("site >= media", "a number is wanted at 'media'"),
        ("site >= 4e1", "a number is wanted at '4e1'"),
        ("site >= 44 or media >= 2", "nothing more is wanted at 'or'"),
        ("__import__('os')", "a section id or score is wanted at \"__import__('os')\""),
        ("site + site >= 44", "each section once, and score alone"),
        ("score + site >= 44", "each section once, and score alone"),
    ],
)
def test_a_gate_that_is_not_understood_says_at_which_word(words: str, told: str) -> None:
    with pytest.raises(ValueError, match="expected such as") as raised:
        read_condition(words)
    assert str(raised.value) == (
        f"{words!r}: {told}; expected such as 'score >= 80', 'media < 12' or 'site + media >= 44'"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"when": None}, "gate 1 (no id): missing when; expected a text"),
        (
            {"when": '"part << 12"'},
            "gate 1 (part << 12): when: 'part << 12': a number is wanted at '<'; expected such as"
            " 'score >= 80', 'media < 12' or 'site + media >= 44'",
        ),
        (
            {"when": '"media < 12"'},
            "gate (media < 12): when: 'media'; expected one of score, part",
        ),
        (
            {"when": '"bonus < 12"'},
            "gate (bonus < 12): when: 'bonus'; expected one of score, part",
        ),
        (
            {"grade": None},
            "gate 1 (part < 12): expected either enables, or set_to, grade or both",
        ),
        (
            {"when": '"part > 12"', "enables": '"bonus"'},
            "gate 1 (part > 12): expected either enables, or set_to, grade or both",
        ),
        (
            {"when": '"part >= 12"', "set_to": "59"},
            "gate 1 (part >= 12): when: 'part >= 12'; expected < or <= beside set_to",
        ),
        (
            {"grade": None, "enables": '"bonus"'},
            "gate 1 (part < 12): when: 'part < 12'; expected >= or > beside enables",
        ),
        (
            {"when": '"part > 12"', "grade": None, "enables": '"part"'},
            "gate (part > 12): enables: 'part'; expected a section with bonus = true",
        ),
        ({"then": "3"}, "gate 1 (part < 12): unknown field then"),
    ],
)
def test_what_a_gate_cannot_hold_is_told(changes: dict[str, str | None], told: str) -> None:
    sections = table("section", **SECTION), table("section", **BONUS)
    assert complaints(*sections, table("gate", **{**GATE, **changes})) == [told]


@pytest.mark.parametrize(
    "grades",
    [
        [("优秀", "90"), ("合格", "60")],
        [("合格", "60"), ("优秀", "90"), ("不合格", None)],
        [("优秀", None), ("不合格", None)],
        [("优秀", "90"), ("良好", "90"), ("不合格", None)],
    ],
)
def test_grades_fall_from_row_to_row_and_the_last_takes_the_rest(
    grades: list[tuple[str, str | None]],
) -> None:
    rows = [table("grade", name=f"'{name}'", least=least) for name, least in grades]
    assert complaints(*rows) == [
        "grade: expected least falling from row to row, and the last row without least"
    ]


# All at once


def test_all_faults_of_a_file_are_told_at_once_with_row_and_field() -> None:
    told = complaints(
        table("section", **{**SECTION, "starts": None}),
        table("item", **{**ITEM, "points": "1"}),
        table("item", **{**ITEM, "id": '"two"', "name": None, "per": '"hour"'}),
        table("gate", when="'part'", grade="'不合格'"),
        version=None,
        clamp='"wide"',
        colour='"red"',
    )
    assert [line.partition(";")[0] for line in told] == [
        "section 1 (part): missing starts",
        "item 1 (late): points: 1",
        "item 2 (two): missing name",
        "item 2 (two): per: 'hour'",
        "gate 1 (part): when: 'part': one of >= <= > < is wanted at its end",
        "missing version",
        "clamp: 'wide'",
        "unknown field colour",
    ]


def test_rows_that_disagree_are_told_beside_rows_that_cannot_be_read() -> None:
    told = complaints(
        table("item", **{**ITEM, "points": "1"}),
        table("item", **{**ITEM, "id": '"two"', "section": '"parts"'}),
        table("gate", when="'media < 12'", grade="'不合格'"),
        version=None,
    )
    assert told == [
        "item 1 (late): points: 1; expected a number below 0",
        "missing version; expected a text",
        "item two: section: 'parts'; expected one of part",
        "gate (media < 12): when: 'media'; expected one of score, part",
    ]


def test_an_empty_list_of_sections_is_none() -> None:
    with pytest.raises(
        SchemeError, match=r"missing section; expected at least one \[\[section\]\]"
    ):
        read_scheme("section = []\n", "local.toml")
