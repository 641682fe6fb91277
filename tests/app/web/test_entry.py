"""Coming in: who may, who is locked out, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher, Type
from sqlmodel import select

from app.settings import Settings
from app.upkeep import keep_house
from app.web.entry import (
    EntryError,
    come_in,
    come_in_by_front,
    digest,
    hashed,
    visitor_of,
)
from app.web.rights import ALLOWED, ROLES, Action, Role, may
from storage.ledger import Ledger, PersonError
from storage.ledger.acting import Act, acting
from storage.tables import AttemptRow, SessionRow
from tests.storage.make import open_ledger

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GOOD = "correct horse battery"
HERE, THERE = "10.0.0.8", "10.0.0.9"


@pytest.fixture(scope="module")
def password() -> str:
    """One hash for all: to make one is meant to be slow."""
    return hashed(GOOD)


@pytest.fixture
def ledger(tmp_path: Path, password: str) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path)
    opened.add_person("wang", "示例人员甲", Role.CLERK, None, password, NOW)
    opened.add_person("jyj", "示例人员乙", Role.VIEWER, "jyj", password, NOW)
    yield opened
    opened.close()


def refused(ledger: Ledger, login: str, password: str, address: str, at: datetime) -> str:
    with pytest.raises(EntryError) as told:
        come_in(ledger, login, password, address, at)
    return str(told.value)


def test_each_guess_costs_memory_and_time(shipped: PasswordHasher) -> None:
    assert (shipped.type, shipped.memory_cost, shipped.time_cost) == (Type.ID, 64 * 1024, 3)


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_kept(ledger: Ledger) -> None:
    opened = come_in(ledger, " wang ", GOOD, HERE, NOW)
    assert opened.visitor.person.login == "wang"
    with ledger.reading() as session:
        (row,) = session.exec(select(SessionRow)).all()
    assert (row.secret, row.csrf) == (digest(opened.secret), opened.visitor.csrf)
    assert opened.secret not in (row.secret, row.csrf)
    again = come_in(ledger, "wang", GOOD, HERE, NOW)
    assert again.secret != opened.secret


def test_an_unknown_login_and_a_wrong_password_are_told_alike(ledger: Ledger) -> None:
    told = {refused(ledger, login, "wrong password", HERE, NOW) for login in ("wang", "nobody", "")}
    assert told == {"登录名或密码不正确。"}


def test_five_failures_lock_a_login_for_a_quarter_of_an_hour(ledger: Ledger) -> None:
    for n in range(5):
        refused(ledger, "wang", "wrong password", HERE, NOW + n * MINUTE)
    for address in (HERE, THERE):
        locked = refused(ledger, "wang", GOOD, address, NOW + 5 * MINUTE)
        assert locked == "登录失败次数过多，请 15 分钟后再试，或与运维人员联系。"
    assert come_in(ledger, "jyj", GOOD, HERE, NOW + 5 * MINUTE).visitor.person.unit == "jyj"
    # The first of the five is no longer of the last quarter of an hour.
    assert come_in(ledger, "wang", GOOD, HERE, NOW + 15 * MINUTE + timedelta(seconds=1))


def test_guesses_made_at_once_are_counted_like_any_others(ledger: Ledger) -> None:
    with ThreadPoolExecutor(12) as guessers:
        told = list(
            guessers.map(lambda n: refused(ledger, "wang", f"guess {n}", HERE, NOW), range(12))
        )
    assert Counter(each[:6] for each in told) == {"登录名或密码": 5, "登录失败次数": 7}


def test_a_success_ends_the_count_of_failures(ledger: Ledger) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(ledger, "wang", "wrong password", HERE, NOW)
        assert come_in(ledger, "wang", GOOD, HERE, NOW)


def test_an_address_that_tries_many_logins_is_locked(ledger: Ledger) -> None:
    for n in range(30):
        ledger.note_attempt(f"guess{n}", HERE, NOW, ok=False)
    assert "失败次数过多" in refused(ledger, "wang", GOOD, HERE, NOW + MINUTE)
    assert come_in(ledger, "wang", GOOD, THERE, NOW + MINUTE)


def test_who_came_in_from_where_is_forgotten_after_its_term(ledger: Ledger) -> None:
    settings = Settings()
    assert settings.keep.entrances == 200
    old = come_in(ledger, "wang", GOOD, HERE, NOW)
    new = come_in(ledger, "wang", GOOD, HERE, NOW + MINUTE)
    refused(ledger, "jyj", "wrong", HERE, NOW)
    keep_house(settings, ledger, NOW + timedelta(days=200, seconds=30))
    assert ledger.visitor(digest(old.secret)) is None
    assert ledger.visitor(digest(new.secret)) is not None
    with ledger.reading() as session:
        kept = session.exec(select(AttemptRow.login, AttemptRow.at)).all()
    assert kept == [("wang", NOW + MINUTE)]


@pytest.mark.parametrize(
    ("idle", "age", "stays"),
    [(60, 60, True), (61, 61, False), (30, 12 * 60, True), (30, 12 * 60 + 1, False)],
)
def test_a_session_ends_after_an_hours_silence_and_after_half_a_day(
    ledger: Ledger, idle: int, age: int, stays: bool
) -> None:
    secret = come_in(ledger, "wang", GOOD, HERE, NOW).secret
    ledger.seen_session(digest(secret), NOW + (age - idle) * MINUTE)
    found = visitor_of(ledger, secret, NOW + age * MINUTE)
    assert (found is not None) is stays
    # What has ended does not begin again, whatever the clock says.
    assert (visitor_of(ledger, secret, NOW + MINUTE) is not None) is stays


def test_going_out_a_new_password_and_an_end_close_the_session(ledger: Ledger) -> None:
    secrets = [come_in(ledger, "wang", GOOD, HERE, NOW).secret for _ in range(3)]
    ledger.end_session(digest(secrets[0]), NOW)
    assert [visitor_of(ledger, each, NOW) is None for each in secrets] == [True, False, False]
    ledger.change_person("wang", NOW, password=hashed(GOOD + "!"))
    assert [visitor_of(ledger, each, NOW) is None for each in secrets] == [True] * 3
    assert come_in(ledger, "wang", GOOD + "!", HERE, NOW)
    ledger.change_person("wang", NOW, ended=True)
    assert refused(ledger, "wang", GOOD + "!", HERE, NOW) == "登录名或密码不正确。"
    with pytest.raises(PersonError, match="停用的登录名也不能重新使用"):
        ledger.add_person("wang", "另一人", Role.VIEWER, None, "", NOW)


def test_whom_the_front_names_comes_in_without_a_password_here(ledger: Ledger) -> None:
    assert come_in_by_front(ledger, "jyj", HERE, NOW).visitor.person.name == "示例人员乙"
    with pytest.raises(EntryError, match="尚未开通"):
        come_in_by_front(ledger, "nobody", HERE, NOW)


@pytest.mark.parametrize("given", ["", "short", "aaaaaaaaaaaaaaaa", "ababababababab"])
def test_a_poor_password_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="密码"):
        hashed(given)


def test_a_key_is_its_persons_until_it_is_taken_back(ledger: Ledger) -> None:
    person = ledger.person("wang")
    assert person is not None
    number = ledger.add_token(digest("secret"), person, "报表程序", NOW)
    found = ledger.bearer(digest("secret"))
    assert found is not None
    assert (found.login, ledger.bearer(digest("other"))) == ("wang", None)
    ledger.end_token(number, NOW)
    assert ledger.bearer(digest("secret")) is None
    assert [(each.login, each.label, each.ended_at) for each in ledger.tokens()] == [
        ("wang", "报表程序", NOW)
    ]


def test_what_a_person_changes_is_noted_with_the_change_and_never_without(ledger: Ledger) -> None:
    act = Act("wang", HERE, "people.add", "person:li", NOW, "示例")
    with acting(act):
        ledger.add_person("li", "示例人员丙", Role.VIEWER, "jyj", "", NOW)
        ledger.change_person("li", NOW, role=Role.CLERK)
    with pytest.raises(PersonError), acting(Act("wang", HERE, "people.add", "person:li", NOW)):
        ledger.add_person("li", "又一人", Role.VIEWER, None, "", NOW)
    ledger.add_person("zhao", "示例人员丁", Role.VIEWER, None, "", NOW)
    (row,) = ledger.audited()
    assert (row.at, row.login, row.address) == (NOW, "wang", HERE)
    assert (row.action, row.object, row.note) == ("people.add", "person:li", "示例")


def test_every_action_is_somebodys_and_no_role_gives_two_signatures() -> None:
    assert set(ALLOWED) == set(Action)
    assert set(ROLES) == set(Role)
    assert all(ALLOWED.values())
    for role in Role:
        steps = [Action.ENTER, Action.REVIEW, Action.APPROVE]
        assert sum(may(role, step) for step in steps) <= 1
    assert [each for each in Action if may(Role.VIEWER, each)] == [Action.SEE_OWN]
