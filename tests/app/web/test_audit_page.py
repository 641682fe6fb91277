"""The audit in the browser: who changed what, when, from where; it can only grow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.home import Home
from app.web.audit import action_words, object_words
from app.web.pages import audit
from app.web.rights import Role
from storage.ledger import Ledger
from storage.tables import AuditRow
from tests.app.web.visiting import enter_people, rows_of, visiting

# 23:30 of 22 November in Asia/Shanghai; the next hour is of 23 November.
LATE = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    enter_people(opened)
    yield opened
    opened.close()


def noted(ledger: Ledger, *rows: tuple[str, str, str, datetime]) -> None:
    with ledger.writing() as session:
        for login, action, on, at in rows:
            session.add(
                AuditRow(
                    at=at, login=login, address="10.2.0.7", action=action, object=on, note="<b>"
                )
            )


def test_each_row_says_who_what_when_and_from_where(home: Home, ledger: Ledger) -> None:
    noted(
        ledger,
        ("clerk", "people.add", "person:li", LATE),
        ("cli", "people.end", "person:li", LATE + timedelta(hours=1)),
        ("gone", "other.thing", "thing", LATE + timedelta(hours=2)),
    )
    with visiting(home, ledger, "leader") as visit:
        assert rows_of(visit.get("/audit")) == [
            ["2026-11-23 01:30", "gone", "other.thing", "thing", "<b>", "10.2.0.7"],
            ["2026-11-23 00:30", "cli（命令行）", "停用人员", "人员 li", "<b>", "10.2.0.7"],
            ["2026-11-22 23:30", "clerk（示例clerk）", "开通人员", "人员 li", "<b>", "10.2.0.7"],
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ("", [2, 1, 0]),
        ("login=clerk", [2, 0]),
        ("action=people.end", [1]),
        ("day=2026-11-22", [0]),
        ("day=2026-11-23", [2, 1]),
        ("login=clerk&day=2026-11-23", [2]),
        ("login=nobody", []),
        ("day=2026-02-30", [2, 1, 0]),
        ("before=x", [2, 1, 0]),
        ("before=99999999999999999999", [2, 1, 0]),
        ("before=-1", [2, 1, 0]),
    ],
)
def test_rows_are_chosen_by_login_action_and_day(
    home: Home, ledger: Ledger, asked: str, hours: list[int]
) -> None:
    noted(
        ledger,
        ("clerk", "people.add", "0", LATE),
        ("operator", "people.end", "1", LATE + timedelta(hours=1)),
        ("clerk", "people.add", "2", LATE + timedelta(hours=2)),
    )
    with visiting(home, ledger, "operator") as visit:
        page = visit.get(f"/audit?{asked}")
        rows = [row for row in rows_of(page) if len(row) == 6]
        assert [int(row[3]) for row in rows] == hours
        told = "日期：2026-02-30，应如 2026-11-23；以下没有按日期筛选。"
        assert (told in page.get_text()) is ("02-30" in asked)


def test_pages_are_turned_within_what_is_chosen(home: Home, ledger: Ledger) -> None:
    rows = [("clerk" if n % 2 else "leader", "a", str(n), LATE) for n in range(240)]
    noted(ledger, *rows)
    seen: list[int] = []
    with visiting(home, ledger, "operator") as visit:
        path = "/audit?login=clerk"
        while path:
            page = visit.get(path)
            seen += [int(row[3]) for row in rows_of(page)]
            older = page.find("a", string="更早的记录")
            path = str(older["href"]) if older else ""
    assert seen == list(range(239, 0, -2))


def test_only_leader_and_operator_look_and_nobody_changes_anything(
    home: Home, ledger: Ledger
) -> None:
    for role in Role:
        with visiting(home, ledger, role) as visit:
            allowed = role in (Role.LEADER, Role.OPERATOR)
            assert visit.status("/audit") == (200 if allowed else 403)
    made = [route for route in audit.router.routes if isinstance(route, APIRoute)]
    assert [(route.path, route.methods) for route in made] == [("/audit", {"GET"})]


def test_what_is_acted_on_is_named_in_words_where_its_kind_is_known() -> None:
    objects = ("assessment:2026Q3", "unit:jyj", "inventory", "x:1", "plain", "7")
    assert [object_words(on) for on in objects] == [
        "考核 2026Q3", "单位 jyj", "登记册", "x:1", "plain", "7",
    ]  # fmt: skip
    assert object_words("12,13", "finding.confirm") == "问题 12、13"
    assert action_words("finding.confirm") == "问题：确认"
