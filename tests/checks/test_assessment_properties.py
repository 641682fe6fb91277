"""What holds of every scheme and every set of findings."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.assessment import assess
from checks.assessment_case import Case, Scored, cycle_of
from checks.assessment_sections import rounded
from checks.assessment_sheet import sheet_json
from checks.scheme_table import Scheme
from tests.checks.cases import HAIAN, HALF, QUARTER, TEN, YEAR, case, entry, sheet_of, ten

SCHEMES = [HAIAN, *(ten(path.stem) for path in sorted(TEN.glob("*.toml")))]
# Months are not findings: what adds points for each item is left aside here.
WHERE = st.sampled_from(
    [
        ("column", "column:c1", ""),
        ("column", "column:c2", ""),
        ("account", "account:a1", ""),
        ("mailbox", "mailbox:m1", "L1"),
        ("mailbox", "mailbox:m1", "L2"),
        ("site", "site:s1", ""),
    ]
)
RULES = ["news_2w", "interp_6m", "mailbox_5wd", "nm_14d", "policydoc_6m", "stats_3m", "wording"]
DAYS = st.integers(-40, 400).map(lambda n: date(2026, 1, 1) + timedelta(n))


@st.composite
def findings(draw: st.DrawFn, id_: int, *, confirmed: bool | None = None) -> Scored:
    kind, subject, letter = draw(WHERE)
    opened = draw(DAYS)
    lasted = draw(st.none() | st.integers(0, 60))
    return Scored(
        id=id_,
        pack=draw(st.sampled_from(["haian", "cn-2019", "operator"])),
        rule=draw(st.sampled_from(RULES)),
        rule_version="1",
        calendar_version=None,
        severity=draw(st.sampled_from(["veto", "deduct", "flag"])),
        subject=subject,
        kind=kind,
        opened_on=opened,
        column_class=draw(st.sampled_from([None, "news", "policy_doc", "interpretation"])),
        letter=letter,
        ended_on=None if lasted is None else opened + timedelta(lasted),
        days_over=draw(st.none() | st.integers(0, 30)),
        confirmed=draw(st.booleans()) if confirmed is None else confirmed,
        dismissed=draw(st.sampled_from([False, False, True])),
        waived=draw(st.sampled_from([False, False, True])),
        appealed=draw(st.sampled_from([False, False, True])),
        provisional=draw(st.sampled_from([False, False, True])),
        fixed_in_time=draw(st.booleans()),
        urged_on=tuple(sorted(draw(st.lists(DAYS, max_size=2, unique=True)))),
    )


@st.composite
def cases(draw: st.DrawFn, scheme: Scheme) -> Case:
    period = next(each for each in (HALF, QUARTER, YEAR) if cycle_of(each) in scheme.cycles)
    count = draw(st.integers(0, 8))
    found = tuple(draw(findings(id_)) for id_ in range(1, count + 1))
    hands = [section for section in scheme.sections if section.by_hand]
    entered = tuple(entry(section.id, section.id, points="7") for section in hands)
    may = [section.id for section in scheme.sections if section.may_lack]
    lacks = tuple(each for each in may if draw(st.booleans()))
    return case(*found, period=period, entries=entered, lacks=lacks)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_score_lies_within_the_clamp_is_a_multiple_of_the_step_and_adds_up(
    scheme: Scheme, data: st.DataObject
) -> None:
    sheet = sheet_of(scheme, data.draw(cases(scheme)))
    assert scheme.clamp[0] <= sheet.score <= scheme.clamp[1]
    assert sheet.score % scheme.step == 0


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_one_more_finding_never_raises_a_score(scheme: Scheme, data: st.DataObject) -> None:
    before = data.draw(cases(scheme))
    more = data.draw(findings(99, confirmed=True))
    after = replace(before, findings=(*before.findings, more))
    assert assess(scheme, after).score <= assess(scheme, before).score


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_finding_that_nobody_confirmed_never_changes_a_score(
    scheme: Scheme, data: st.DataObject
) -> None:
    before = data.draw(cases(scheme))
    more = data.draw(findings(99, confirmed=False))
    after = assess(scheme, replace(before, findings=(*before.findings, more)))
    without = assess(scheme, before)
    assert (after.score, after.lines, after.grade) == (without.score, without.lines, without.grade)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@given(data=st.data(), seed=st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_the_order_of_what_is_given_does_not_matter(
    scheme: Scheme, data: st.DataObject, seed: int
) -> None:
    given_ = data.draw(cases(scheme))
    shuffled = list(given_.findings)
    random.Random(seed).shuffle(shuffled)
    other = replace(given_, findings=tuple(shuffled), entries=given_.entries[::-1])
    assert sheet_json(assess(scheme, given_)) == sheet_json(assess(scheme, other))


@given(st.decimals(-200, 200, places=4), st.sampled_from(["0.01", "0.1", "0.5", "1"]))
def test_rounding_goes_to_the_nearest_step_and_is_the_same_on_both_sides_of_zero(
    points: Decimal, step: str
) -> None:
    size = Decimal(step)
    found = rounded(points, size)
    assert found % size == 0
    assert abs(found - points) <= size / 2
    assert rounded(-points, size) == -found
    if abs(found - points) == size / 2:
        assert abs(found) > abs(points)
