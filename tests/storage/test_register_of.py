"""What a worker reads of the register: its own sites and no row of any other; both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from checks.facts import Outcome
from checks.links import FAMILY, LOOKED, LinkKind, PageLink, as_facts
from crawler.run import plan
from storage.inventory import validate
from storage.ledger import Ledger, Note, Noticed
from tests.storage.make import HOUR, MORNING
from tests.storage.test_portions import register

EMPTY: dict[str, list[Any]] = {"unit": [], "site": [], "column": [], "mailbox": [], "account": []}


def of_sites(whole: Any, sites: set[str]) -> dict[str, list[Any]]:
    return {
        **EMPTY,
        "site": [row for row in whole["site"] if row["id"] in sites],
        "column": [row for row in whole["column"] if row["site"] in sites],
        "mailbox": [row for row in whole["mailbox"] if row["site"] in sites],
    }


def test_the_register_of_some_sites_is_their_rows_of_the_whole_and_no_other(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(7, 40, 10), "x"), MORNING)
    # One site ends, and two columns of those that stay are named anew.
    later = register(6, 40, 10)
    later["column"][0]["name"] = later["column"][3]["name"] = "新名称"
    ledger.load_inventory(validate(later, "x"), MORNING + HOUR)
    whole = ledger.inventory()
    asked = ledger.register_of(["s3", "s0", "s6", "s0", "nowhere"])
    assert asked == of_sites(whole, {"s0", "s3"})
    assert [len(asked[name]) for name in EMPTY] == [0, 2, 14, 1, 0]
    assert ledger.register_of([]) == EMPTY
    assert ledger.register_of([row["id"] for row in whole["site"]]) == {
        **whole,
        "unit": [],
        "account": [],
    }


def test_a_few_sites_cost_three_questions_whatever_the_register_holds(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(7, 40, 10), "x"), MORNING)
    asked: list[str] = []
    event.listen(ledger.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    ledger.register_of(["s1", "s2"])
    assert len([words for words in asked if words.startswith("SELECT")]) == 3


def test_some_sites_are_planned_from_their_rows_as_from_the_whole_register(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(7, 40, 10), "x"), MORNING)
    alone = plan(ledger, ledger.register_of(["s2"]), MORNING)
    assert alone == plan(ledger, ledger.inventory(), MORNING, site="s2")
    assert [job.subject for job in alone] == [
        "site:s2",
        *(f"column:c{n}" for n in range(2, 40, 7)),
    ]


def test_the_home_pages_of_all_sites_are_known_to_each(ledger: Ledger) -> None:
    rows = register(2, 0, 0)
    rows["site"][1]["home"] = "https://b.example.gov.cn/"
    ledger.load_inventory(validate(rows, "x"), MORNING)
    assert ledger.homes() == {"https://www.example.gov.cn/", "https://b.example.gov.cn/"}
    rows["site"].pop()
    ledger.load_inventory(validate(rows, "x"), MORNING + HOUR)
    assert ledger.homes() == {"https://www.example.gov.cn/"}


def test_no_host_of_another_registered_site_is_a_witness_of_this_ones_links(ledger: Ledger) -> None:
    rows = register(2, 0, 0)
    rows["site"][1]["home"] = "https://b.example.gov.cn/"
    ledger.load_inventory(validate(rows, "x"), MORNING)
    page = "https://www.example.gov.cn/"
    links = [
        PageLink(f"https://{host}/a", LinkKind.PAGE, "链接")
        for host in ("b.example.gov.cn", "other.example.com", "www.example.gov.cn")
    ]
    note = Note(FAMILY, page, Outcome.OK, as_facts(links))
    ledger.observe(None, Noticed("site:s0", MORNING, (note,)))
    jobs = plan(ledger, ledger.register_of(["s0"]), MORNING, duties=frozenset({LOOKED}))
    asked = [job.asks["witnesses"] for job in jobs if job.task == LOOKED]
    assert asked == [["other.example.com"]] * 3
