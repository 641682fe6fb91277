"""Overdue demands go up to the leader, digests wait for working hours, a group hears in short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.home import Home
from checks.freshness import SHANGHAI
from notify.outbox import pending
from storage.ledger import Delivery
from tests.app.life import SETTINGS, Life, begin
from tests.app.test_rectification_told import BY, OFFICE, TO_UNIT, on

LEADER = "leader@example.cn"
UP = "【巡检】1项整改逾期"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    yield from begin(Home(tmp_path / "home"), monkeypatch, "2026-03-02")


def mail(life: Life, more: str) -> None:
    path = life.home.path("settings.toml")
    path.write_text(SETTINGS.replace("[mail]\n", f"[mail]\n{more}\n"), encoding="utf-8")


def demanded(life: Life) -> None:
    """A notice of 2 March; its last day is 16 March."""
    on(life, "2026-03-02")
    life.done("findings", "confirm", "1", *BY)
    life.done("findings", "notice", *BY)
    life.told()


def days(life: Life, *numbers: int) -> list[dict[str, str]]:
    return [on(life, f"2026-03-{number}") for number in numbers]


def test_the_leader_hears_once_of_a_demand_five_working_days_past_its_day(life: Life) -> None:
    mail(life, f'leader = ["{LEADER}"]')
    demanded(life)
    lapsed, *quiet, fifth, after = days(life, 17, 18, 19, 20, 21, 22, 23, 24)
    assert set(lapsed) == {*TO_UNIT, OFFICE}
    assert [LEADER in each for each in quiet] == [False] * 5
    assert (fifth[LEADER], after.get(LEADER)) == (UP, None)


@pytest.mark.parametrize("step", ["report-back", "waive", "dismiss", "appeal"])
def test_the_leader_hears_nothing_of_what_was_answered_or_settled(life: Life, step: str) -> None:
    mail(life, f'leader = ["{LEADER}"]')
    demanded(life)
    days(life, 17)
    until = ("--until", "2026-12-31") if step == "waive" else ()
    life.done("findings", step, "1", *BY, "--note", "示例", *until)
    assert [LEADER in each for each in days(life, 23, 24)] == [False, False]


def test_the_leader_hears_nothing_of_what_nobody_confirmed(life: Life) -> None:
    mail(life, f'leader = ["{LEADER}"]')
    on(life, "2026-03-02")
    assert [LEADER in each for each in days(life, 17, 23, 30)] == [False] * 3


def test_without_an_address_the_operator_is_told_and_the_leader_hears_later(life: Life) -> None:
    demanded(life)
    days(life, 17, 23)
    assert life.queued[-1].unaddressed == (
        "分管领导没有收件地址，1项提醒未发出。请在 settings.toml 的 [mail] leader 中填写。",
    )
    mail(life, f'leader = ["{LEADER}"]')
    assert days(life, 24)[0][LEADER] == UP


def test_a_home_may_set_its_own_steps(life: Life) -> None:
    text = '[[step]]\nto = "office"\nafter = 2\n[[step]]\nto = "unit"\nafter = 2\n'
    life.home.path("escalation.toml").write_text(text, encoding="utf-8")
    demanded(life)
    assert set(days(life, 17, 18)[1]) == {*TO_UNIT, OFFICE}


def left_at(life: Life, recipient: str) -> Delivery:
    return next(d for d in life.ledger.deliveries() if d.message.recipient == recipient)


def test_a_digest_of_an_evening_waits_for_the_working_morning_and_a_person_does_not(
    life: Life,
) -> None:
    mail(life, 'quiet = "18:00-08:30"')
    life.on("2026-03-06", hour=19)
    life.look("dt", "2026-02-10")
    for other in ("jy", "kb"):
        life.look(other, "2026-03-06")
    life.cycle()
    waits = left_at(life, OFFICE)
    monday = datetime(2026, 3, 9, 8, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert (waits.state, waits.next_try_at, waits.created_at) == ("queued", monday, life.at)
    life.cycle()
    assert left_at(life, OFFICE).state == "queued"
    life.done("deliver")
    assert left_at(life, OFFICE).state == "sent"


def test_a_group_hears_what_the_office_hears_once_and_only_where_it_is_set(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = life.home.path("settings.toml")
    monkeypatch.setenv("XUNJIAN_CHAT_WECOM_KEY", "tok-1")
    on(life, "2026-03-02")
    assert pending(life.ledger) == []
    closed = '\n[chat]\nrobots = ["wecom"]\nwecom_url = "http://127.0.0.1:9/send"\n'
    path.write_text(path.read_text(encoding="utf-8") + closed, encoding="utf-8")
    for day in ("2026-03-02", "2026-03-02"):
        on(life, day)
    (said,) = pending(life.ledger)
    assert (said.recipient, said.state) == ("wecom", "queued")
    text = left_at(life, "wecom").message.mime.decode()
    assert text.startswith("【巡检】2026年3月2日：1个栏目超期。\n1. 栏目“政务动态”")
    assert "【系统发现，待核实】" in text
