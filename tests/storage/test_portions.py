"""The register in portions: nothing is left out or doubled, and what belongs together stays so."""

from __future__ import annotations

from collections import Counter
from typing import Any

from storage.inventory import validate
from storage.ledger import Ledger
from tests.storage.make import HOUR, MORNING

UNITS = [{"id": f"u{n}", "name": f"单位{n}"} for n in range(3)]


def register(sites: int, columns: int, accounts: int) -> dict[str, list[dict[str, Any]]]:
    home = "https://www.example.gov.cn/"
    return {
        "unit": UNITS,
        "site": [
            {"id": f"s{n}", "name": f"网站{n}", "home": home, "unit": "u0"} for n in range(sites)
        ],
        "column": [
            {
                "id": f"c{n}",
                "site": f"s{n % sites}",
                "name": f"栏目{n}",
                "url": home,
                "class": "news",
                "unit": "u1",
            }
            for n in range(columns)
        ],
        "mailbox": [
            {"id": "m0", "site": "s0", "name": "信箱", "url": home, "unit": "u0"},
        ],
        "account": [
            {
                "id": f"a{n}",
                "platform": "wechat",
                "name": f"账号{n}",
                "unit": f"u{n % 3}",
                "source": "manual",
            }
            for n in range(accounts)
        ],
    }


def test_portions_hold_everything_once_and_a_site_with_all_that_is_its_own(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(7, 40, 10), "x"), MORNING)
    portions = list(ledger.portions(size=10))
    assert len(portions) > 4
    together = [subject for portion in portions for subject in portion]
    assert Counter(s.key for s in together) == Counter(s.key for s in ledger.subjects())
    assert {s.key: s for s in together} == {s.key: s for s in ledger.subjects()}
    of_sites = [{s.site for s in portion if s.site} for portion in portions]
    of_units = [{s.unit for s in portion if not s.site} for portion in portions]
    for owners in (of_sites, of_units):
        assert max(Counter(name for group in owners for name in group).values()) == 1


def test_a_site_without_a_column_is_in_a_portion(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(3, 1, 0), "x"), MORNING)
    (portion,) = ledger.portions()
    assert [s.id for s in portion] == ["s0", "s1", "s2", "c0", "m0"]


def test_portions_of_a_past_instant_are_those_of_its_register(ledger: Ledger) -> None:
    ledger.load_inventory(validate(register(2, 2, 0), "x"), MORNING)
    ledger.load_inventory(validate(register(1, 1, 0), "x"), MORNING + 2 * HOUR)
    (before,) = ledger.portions(MORNING + HOUR)
    (after,) = ledger.portions()
    assert [s.id for s in before] == ["s0", "s1", "c0", "c1", "m0"]
    assert [s.id for s in after] == ["s0", "c0", "m0"]
    assert ledger.unit_ids() == {"单位0": "u0", "单位1": "u1", "单位2": "u2"}
