"""On PostgreSQL no question about a few subjects reads a table from end to end.

Asked with sequential scans dear, as they are once tables are large: what is read whole even so has
no index to be found by. Of SQLite's plans each file speaks beside its questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from checks.facts import Outcome
from checks.periods import Days
from storage.ledger import Ledger, Sighting
from tests.bench_province import AS_OF, AT, DAY, fill
from tests.storage.make import capture, item

COLUMN, MAILBOX, SITE = "column:c7", "mailbox:m0", "site:s0"
COLUMNS = [f"column:c{n}" for n in range(60)]
MONTH = Days(AS_OF - 30 * DAY, AS_OF)
LARGE = {"visit", "item", "observation", "evidence", "letter", "link", "probe"}


def recorded(ledger: Ledger) -> int:
    items = (item("甲", AS_OF), item("乙", AS_OF))
    captures = (capture("http://a.cn/", b"x"),)
    return ledger.record(1, Sighting(COLUMN, AT, Outcome.OK, items=items, captures=captures))


QUESTIONS: dict[str, Callable[[Ledger], object]] = {
    "histories": lambda ledger: ledger.histories([*COLUMNS, MAILBOX], AT),
    "known": lambda ledger: ledger.known(COLUMNS, AT),
    "article_dates": lambda ledger: ledger.article_dates(COLUMN, ["http://a.cn/"]),
    "days_of": lambda ledger: ledger.days_of(COLUMNS, ["http://a.cn/"], MONTH.first),
    "newest_seen": lambda ledger: ledger.newest_seen(COLUMN),
    "known_items": lambda ledger: ledger.known_items(COLUMN, [item("甲"), item("乙")]),
    "items": lambda ledger: ledger.items(COLUMN),
    "items_among": lambda ledger: ledger.items_among(COLUMNS, AT, 20),
    "visits_of": lambda ledger: ledger.visits_of(COLUMN, 30),
    "visit_count": lambda ledger: ledger.visit_count(COLUMN),
    "items_of": lambda ledger: ledger.items_of(COLUMN, 30),
    "item_days": lambda ledger: ledger.item_days(COLUMN, MONTH.first, AT),
    "day_looks": lambda ledger: ledger.day_looks(COLUMN, MONTH.first, AT),
    "posted": lambda ledger: ledger.posted([COLUMN], MONTH.first, AT),
    "account_figures": lambda ledger: ledger.account_figures([COLUMN], AT - DAY, AT),
    "seen_between": lambda ledger: ledger.seen_between(COLUMNS, MONTH.first, AT),
    "first_looks": lambda ledger: ledger.first_looks([COLUMN], AT),
    "letters": lambda ledger: ledger.letters(AT, [MAILBOX]),
    "observed": lambda ledger: ledger.observed(AT, [SITE]),
    "linked_pages": lambda ledger: ledger.linked_pages("s0", AT),
    "page_links": lambda ledger: ledger.page_links("s0", "https://s0.example.gov.cn/p1", AT),
    "probes": lambda ledger: ledger.probes(AT - DAY, AT, ["s0"]),
    "evidence_at": lambda ledger: ledger.evidence_at(COLUMN, "http://a.cn/", AT),
    "list_totals": lambda ledger: ledger.list_totals([COLUMN], MONTH, AT),
    "record": recorded,
}


def statements(ledger: Ledger, ask: Callable[[Ledger], object]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, words: str, given: Any, *_: object) -> None:
        if words.startswith(("SELECT", "WITH")) and "pg_" not in words:
            asked.append((words, given))

    event.listen(ledger.engine, "before_cursor_execute", note)
    ask(ledger)
    event.remove(ledger.engine, "before_cursor_execute", note)
    return asked


def read_whole(plan: dict[str, Any]) -> Iterator[str]:
    """Which large tables does this plan read without being led to a place in an index?"""
    for inner in plan.get("Plans", ()):
        yield from read_whole(inner)
    led = "Index Cond" in plan or plan["Node Type"] == "Bitmap Heap Scan"
    newest = plan.get("Scan Direction") == "Backward"
    if plan.get("Relation Name") in LARGE and not (led or newest):
        yield plan["Relation Name"]


@pytest.fixture
def filled(pg_url: str, tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(pg_url, tmp_path / "evidence")
    fill(ledger, 60)
    yield ledger
    ledger.close()


def test_no_question_about_a_few_subjects_reads_a_whole_table(filled: Ledger) -> None:
    found = {}
    for name, ask in QUESTIONS.items():
        asked = statements(filled, ask)
        assert asked, name
        with filled.engine.connect() as connection:
            connection.exec_driver_sql("SET enable_seqscan = off")
            for words, given in asked:
                told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {words}", given)
                if tables := list(read_whole(told.scalar_one()[0]["Plan"])):
                    found[name] = (words, tables)
    assert found == {}
