"""Whatever an office writes into a scheme: it is read and can be used, or every mistake is told."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.assessment import assess
from checks.assessment_case import CaseError, cycle_of
from checks.scheme import SchemeError, read_scheme, scheme_text
from tests.checks.cases import HALF, QUARTER, TEN, YEAR, case, late, letter, silent

TEXTS = [scheme_text("haian-default"), *(p.read_text("utf-8") for p in sorted(TEN.glob("*.toml")))]
VALUES = st.sampled_from(
    [
        *"0 -1 1 0.5 -0.333 1e8 1e99 1e-30 nan -inf true '' 'x' 'full' 'zero' 'entered'".split(),
        *"[] [1] [0,1] [[1,2]] [[1,'null',-1]] {} {to='linear'} {city=-1} 2026-01-01".split(),
        *"'day' 'week' 'item' 'event' 'set_to' 'running' 'multiply' 'even' 'score'".split(),
        *["'part < 3'", "'score < 1'", "'score >= 1'", "['town']"],
        *["{ kind = 'column', state = 'confirmed' }", "{ step = 0.3, mode = 'half_up' }"],
    ]
)
LINE = re.compile(r"^(\w+) = .*$", re.MULTILINE)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A scheme in which some fields hold something else, or are gone, or have another name."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        match = draw(st.sampled_from(list(LINE.finditer(text))))
        value = draw(VALUES)
        line = draw(st.sampled_from([f"{match[1]} = {value}", "", f"{match[1]}_ = {value}"]))
        text = text[: match.start()] + line + text[match.end() :]
    return text


def refusal(text: str) -> str:
    """What is told of the scheme, or of a unit under it; empty where the unit has a score."""
    try:
        scheme = read_scheme(text, "local.toml")
        period = next(each for each in (HALF, QUARTER, YEAR) if cycle_of(each) in scheme.cycles)
        sheet = assess(scheme, case(late(1), letter(2, 7), silent(3), period=period))
    except (SchemeError, CaseError) as error:
        return str(error)
    assert scheme.clamp[0] <= sheet.score <= scheme.clamp[1]
    more = assess(scheme, case(late(1), letter(2, 7), silent(3), late(4), period=period))
    assert more.score <= sheet.score
    return ""


@given(edited())
@settings(max_examples=300, deadline=None)
def test_an_edited_scheme_is_used_or_refused_in_words(text: str) -> None:
    told = refusal(text).splitlines()
    unsaid = [line for line in told if not line.startswith("local.toml: ")]
    assert all("applies to this unit" in line for line in unsaid)
