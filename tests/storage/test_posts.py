"""What the ledger tells of an account's posts: as known at an instant, by the indexes there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from checks.accounts import FIGURES
from checks.coverage import Posted, PostLook
from checks.facts import Item, Method, Outcome
from storage.ledger import Ledger, Note, Noticed
from tests.storage.make import DAY, MORNING, item, look

WX = "account:wx"
TODAY = date(2026, 11, 20)
FIRST = date(2026, 11, 1)
OK = Outcome.OK


def seen(ledger: Ledger, days: int, *items: Item, **other: Any) -> int:
    """One look at the account, so many days from today's morning."""
    outcome = other.pop("outcome", OK)
    return look(ledger, MORNING + days * DAY, outcome, *items, subject=WX, **other)


def posted(ledger: Ledger, at: datetime = MORNING, first: date = FIRST) -> Posted:
    return ledger.posted([WX], first, at)[WX]


def titles(found: Posted) -> list[str]:
    return [post.title for post in found.posts]


def test_nothing_is_known_of_an_account_never_seen(ledger: Ledger) -> None:
    assert posted(ledger) == Posted((), ())


def test_the_posts_since_a_day_come_with_the_last_one_before_it(ledger: Ledger) -> None:
    days = (date(2026, 11, 1), date(2026, 10, 30), date(2026, 10, 29))
    seen(ledger, 0, *(item(str(day), day) for day in days))
    assert titles(posted(ledger)) == ["2026-11-01", "2026-10-30"]


def test_rows_stand_as_they_stood_on_the_page_and_keep_their_look(ledger: Ledger) -> None:
    first = seen(ledger, -2, item("置顶", date(2026, 11, 3)), item("甲", date(2026, 11, 17)))
    second = seen(ledger, 0, item("乙", TODAY), item("甲", date(2026, 11, 17)))
    found = posted(ledger)
    assert [(post.title, post.look) for post in found.posts] == [
        ("置顶", first),
        ("甲", first),
        ("乙", second),
    ]
    assert [(each.id, each.on, each.shown) for each in found.looks] == [
        (first, date(2026, 11, 18), 2),
        (second, TODAY, 2),
    ]


def test_a_past_instant_knows_no_later_look_and_no_later_row(ledger: Ledger) -> None:
    seen(ledger, -2, item("甲", date(2026, 11, 17)))
    seen(ledger, 0, item("乙", date(2026, 11, 16)))
    before = posted(ledger, MORNING - DAY)
    assert titles(before) == ["甲"]
    assert len(before.looks) == 1


def test_a_wrong_day_is_not_the_last_post_before(ledger: Ledger) -> None:
    seen(ledger, -40, item("甲", date(2026, 10, 5)), item("错", date(2026, 10, 31)))
    found = posted(ledger)
    assert [(post.title, post.sure) for post in found.posts] == [
        ("甲", date(2026, 10, 5)),
        ("错", None),
    ]


def test_looks_go_back_to_the_one_before_the_last_post(ledger: Ledger) -> None:
    old, new = item("甲", date(2026, 10, 1)), item("乙", date(2026, 10, 25))
    numbers = [
        seen(ledger, days, *rows)
        for days, rows in ((-40, [old]), (-30, [old]), (-25, [new, old]), (-1, [new, old]))
    ]
    found = posted(ledger)
    assert titles(found) == ["乙"]
    assert [each.id for each in found.looks] == numbers[1:]


def test_only_looks_that_show_days_or_that_there_is_nothing_count(ledger: Ledger) -> None:
    numbers = [
        seen(ledger, number - 20, item(f"{number}"), outcome=outcome)
        for number, outcome in enumerate(Outcome)
    ]
    held = dict(zip(Outcome, numbers, strict=True))
    assert [each.id for each in posted(ledger).looks] == [held[OK], held[Outcome.EMPTY]]


def test_rows_without_a_day_come_where_they_are_as_new_as_what_is_asked(ledger: Ledger) -> None:
    seen(ledger, -30, item("旧"), outcome=Outcome.UNDATED)
    seen(ledger, -3, item("新"), outcome=Outcome.UNDATED)
    assert titles(posted(ledger)) == ["新"]


def test_a_post_first_seen_at_1740z_was_seen_on_the_next_day(ledger: Ledger) -> None:
    late = datetime(2026, 11, 19, 17, 40, tzinfo=UTC)
    look(ledger, late, OK, item("甲", TODAY), subject=WX)
    (post,) = posted(ledger).posts
    assert (post.first_seen, post.sure) == (TODAY, TODAY)
    assert posted(ledger).looks[0].on == TODAY


def test_an_export_shows_up_to_the_day_it_was_made(ledger: Ledger) -> None:
    made = date(2026, 11, 15)
    number = seen(ledger, 0, item("甲", made), method=Method.EXPORT, by="办公室", shown_to=made)
    assert posted(ledger).looks == (PostLook(number, made, 1, made, Method.EXPORT),)


def test_a_look_that_may_hide_a_later_post_is_partial(ledger: Ledger) -> None:
    seen(ledger, -1, item("甲", TODAY - DAY), unresolved=1)
    seen(ledger, 0, item("甲", TODAY - DAY))
    assert [each.partial for each in posted(ledger).looks] == [True, False]


def test_no_source_shows_days_after_the_look(ledger: Ledger) -> None:
    seen(ledger, 0, item("甲", TODAY), shown_to=TODAY + 5 * DAY)
    assert posted(ledger).looks[0].on == TODAY


def test_other_accounts_rows_are_left_out(ledger: Ledger) -> None:
    look(ledger, MORNING, OK, item("别", TODAY), subject="account:wb")
    assert ledger.posted([WX, "account:wb"], FIRST, MORNING)[WX] == Posted((), ())


@pytest.mark.sqlite("asks SQLite for its plan; test_indexes asks PostgreSQL")
def test_every_question_is_answered_from_an_index(ledger: Ledger) -> None:
    """The cost of a period does not grow with the age of the ledger."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        ledger.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, given, *_: asked.append((statement, given)),
    )
    posted(ledger)
    ledger.account_figures([WX], MORNING - DAY, MORNING)
    with ledger.engine.connect() as connection:
        queries = [(words, given) for words, given in asked if words.startswith("SELECT")]
        plans = [
            " ".join(
                str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {q}", p)
            )
            for q, p in queries
        ]
    indexes = [
        "ix_item_subject_published_on (subject=? AND published_on<?)",
        "ix_item_subject_published_on (subject=? AND published_on>?)",
        "ix_item_subject_published_on (subject=? AND published_on=?)",
        "ix_visit_subject_observed_at (subject=? AND observed_at<?)",
        "ix_visit_subject_observed_at (subject=? AND observed_at>? AND observed_at<?)",
        "ix_observation_subject_family_at (subject=? AND family=? AND at>? AND at<?)",
    ]
    assert len(plans) == len(indexes)
    for plan, index in zip(plans, indexes, strict=True):
        assert index in plan


def test_all_readings_of_the_span_come_oldest_first(ledger: Ledger) -> None:
    for days in (-400, -2, -1, 1):
        note = Note(FIGURES, "", OK, {"followers": 1000 + days})
        other = Note("account", "", OK, {"name": "示例"})
        ledger.observe(None, Noticed(WX, MORNING + days * DAY, (note, other)))
    found = ledger.account_figures([WX, "account:wb"], MORNING - timedelta(days=366), MORNING)
    assert [note.facts["followers"] for note in found[WX]] == [998, 999]
    assert list(found) == [WX]
