"""Who is told when a site goes down or is back, and that each change is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from checks.facts import Outcome
from checks.probes import AvailabilityRule, Probe
from checks.rules import pack_texts, read_pack
from notify.digest import NUMERALS, PHRASES, compose_digest
from notify.news import OFFICE, OPERATOR, TOPICS, Line
from notify.outages import outage_lines, own_outage
from tests.checks.make import at, day, site

RULE = AvailabilityRule.of(
    next(
        duty.numbers
        for duty in read_pack(pack_texts(["cn-2019"])["cn-2019"], "x").duties
        if duty.about == "availability"
    )
)
SITE = site(url="https://www.shili.gov.cn/")
START = at("11-20", 8)
HALF_AN_HOUR = timedelta(minutes=30)


def probes(word: str, start: datetime = START, slow_ms: int = 15_000) -> list[Probe]:
    """One visit each half hour: `+` opened, `-` not, `s` slow, `?` blocked, `o` ours."""
    kinds = {
        "+": (Outcome.OK, 800, False),
        "-": (Outcome.UNREACHABLE, 20_000, False),
        "s": (Outcome.OK, slow_ms, False),
        "?": (Outcome.BLOCKED, 100, False),
        "o": (Outcome.UNREACHABLE, None, True),
    }
    made = []
    for n, char in enumerate(word):
        outcome, elapsed, ours = kinds[char]
        made.append(Probe("s1", start + n * HALF_AN_HOUR, elapsed, outcome, ours))
    return made


def told(word: str, present: datetime | None = None) -> list[Line]:
    made = probes(word)
    return outage_lines(RULE, {"s1": made}, [SITE], present or made[-1].at)


@pytest.mark.parametrize(
    ("word", "topics"),
    [
        ("++--", []),
        ("++---", ["site_down"]),
        ("---", ["site_down"]),
        ("++--s", ["site_down"]),
        ("++------", ["site_down"]),
        ("++--?-", []),
        ("++-o--", ["site_down"]),
        ("++---+", ["site_down"]),
        ("++---+-+", ["site_down"]),
        ("++---++", ["site_down", "site_back"]),
        ("++---++---", ["site_down", "site_back", "site_down"]),
        ("??????", []),
        ("++++", []),
    ],
)
def test_three_in_a_row_are_down_and_two_in_a_row_are_back(word: str, topics: list[str]) -> None:
    lines = sorted(told(word), key=lambda line: line.key)
    assert [str(line.topic) for line in lines] == topics


def test_office_and_operator_are_told_and_no_unit() -> None:
    assert {line.audiences for line in told("++---++")} == {frozenset({OFFICE, OPERATOR})}


def test_a_change_has_one_key_however_often_and_from_where_it_is_asked_for() -> None:
    (line,) = told("++---")
    assert line.key == "outage:s1:2026-11-20T02:00:00+00:00:failed"
    assert [again.key for again in told("++---" + "-" * 40)] == [line.key]
    assert [again.key for again in told("++---", at("11-22", 8))] == [line.key]


def test_an_old_change_is_no_news() -> None:
    assert told("++---", START + timedelta(hours=2, days=3)) != []
    assert told("++---", START + timedelta(hours=2, days=3, seconds=1)) == []


def test_the_words_say_since_when_and_how() -> None:
    (down,) = told("+---")
    assert down.reason == (
        "11月20日08:30至11月20日09:30连续3次未能及时打开（最近一次：无法连接、超时或服务器报错）。"
        "本提醒只说明巡检当时所见，是否达到指标限度按一周的访问情况另行判定"
    )
    (slow,) = told("+sss")
    assert "（最近一次：用时15.0秒，达到15秒）" in slow.reason
    back = max(told("---++"), key=lambda line: line.key)
    assert back.reason == "11月20日09:30至11月20日10:00连续2次正常打开"


def test_a_mail_of_outages_is_no_list_of_faults() -> None:
    lines = told("++---++")
    content = compose_digest(sorted(lines, key=lambda line: line.order), day("11-20"))
    assert content.subject == "【巡检】1个网站无法打开；1个网站恢复访问"
    assert "责任单位" not in content.text
    assert "待核实" not in content.text


def test_every_topic_has_its_words_and_its_numeral() -> None:
    assert set(PHRASES) == set(TOPICS)
    assert len(TOPICS) <= len(NUMERALS)


# Our own network


@pytest.mark.parametrize(
    ("word", "begun"),
    [("++oo", 2), ("oo", 0), ("+o+o", 3), ("++", None), ("oo+", None), ("", None)],
)
def test_our_own_outage_lasts_since_the_first_of_the_last_visits_in_a_row(
    word: str, begun: int | None
) -> None:
    since = None if begun is None else START + begun * HALF_AN_HOUR
    assert own_outage(probes(word)) == since


def own_lines(word: str) -> Sequence[Line]:
    return [line for line in told(word) if line.topic == "own_network"]


def test_our_own_outage_is_told_to_the_operator_once_however_long_it_lasts() -> None:
    (line,) = own_lines("++o")
    assert line.audiences == frozenset({OPERATOR})
    assert [again.key for again in own_lines("++" + "o" * 100)] == [line.key]
    assert own_lines("++" + "o" * 200) == []
    assert own_lines("++oo+") == []
