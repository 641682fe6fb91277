"""How often the newest day of a real list is read right, over saved pages beside the repository.

The pages are not part of the project; without them the test is skipped. Run with -s to see
the figures of each system.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from checks.facts import Outcome
from crawler.readers.as_json import list_json
from crawler.readers.choose import read_list
from crawler.readers.page import Page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TODAY = date(2026, 11, 22)
FEWEST_LISTS = 50
EXACT_FLOOR = 0.95
WRONG_CEILING = 0.01

# The day the index names stands nowhere on this page, so no reading of it can be called wrong.
NOT_ON_PAGE = {"pages/1421.html": "2020-06-09"}

pytestmark = pytest.mark.skipif(
    not (CORPUS / "index.json").exists(), reason=f"no saved pages in {CORPUS}"
)


@dataclass(frozen=True, slots=True)
class Look:
    """One page: what the index says, what was read, and in how many milliseconds."""

    file: str
    cms: str
    truth: str | None
    newest: str | None
    rows: int | None
    items: int
    outcome: Outcome
    took_ms: float

    @property
    def exact(self) -> bool:
        return self.newest == self.truth

    @property
    def wrong(self) -> bool:
        """A day was given, and it is not the right one: worse than giving none."""
        known = self.file not in NOT_ON_PAGE
        return known and self.newest is not None and not self.exact

    @property
    def rows_agree(self) -> bool:
        return self.rows is None or abs(self.items - self.rows) <= self.rows / 10


def looks(kind: str) -> list[Look]:
    index = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))
    return [_look(entry) for entry in index if entry["kind"] == kind]


def _look(entry: dict[str, object]) -> Look:
    file, url = str(entry["file"]), str(entry["url"])
    page = Page(url, (CORPUS / file).read_bytes(), TODAY)
    start = time.process_time()
    reading = read_list(page, "home" if entry["kind"] == "home" else "auto")
    took_ms = (time.process_time() - start) * 1000
    newest, rows = list_json(reading, TODAY)["newest"], entry["rows"]
    return Look(
        file=file,
        cms=str(entry["cms"]),
        truth=str(entry["date"]) if entry["date"] else None,
        newest=str(newest) if newest else None,
        rows=rows if isinstance(rows, int) else None,
        items=len(reading.items),
        outcome=reading.outcome,
        took_ms=took_ms,
    )


def report(kind: str, seen: list[Look]) -> None:
    by_cms: dict[str, list[Look]] = defaultdict(list)
    for look in seen:
        by_cms[look.cms].append(look)
    for cms, pages in [*sorted(by_cms.items()), ("all", seen)]:
        exact, wrong = sum(p.exact for p in pages), sum(p.wrong for p in pages)
        agree = sum(p.rows_agree for p in pages)
        print(f"{kind:5} {cms[:28]:28} exact {exact}/{len(pages)} wrong {wrong} rows ±10% {agree}")
    took = sorted(look.took_ms for look in seen)
    print(f"{kind:5} median {median(took):.1f} ms, slowest {took[-1]:.1f} ms")
    for look in seen:
        if not look.exact:
            print(f"{kind:5} missed {look.file}: read {look.newest}, index {look.truth}")


def test_the_newest_day_of_real_lists_is_read_right_and_hardly_ever_wrong() -> None:
    seen = looks("list")
    report("list", seen)
    assert len(seen) >= FEWEST_LISTS
    assert sum(look.exact for look in seen) >= EXACT_FLOOR * len(seen)
    assert sum(look.wrong for look in seen) <= WRONG_CEILING * len(seen)
    assert all(look.outcome is Outcome.OK for look in seen)
    assert sum(look.rows_agree for look in seen) >= EXACT_FLOOR * len(seen)


@pytest.mark.parametrize(("file", "day"), NOT_ON_PAGE.items())
def test_a_page_left_out_of_the_wrong_ones_does_not_hold_its_indexed_day(
    file: str, day: str
) -> None:
    assert day.encode() not in (CORPUS / file).read_bytes()


def test_home_pages_give_their_newest_dated_link_and_never_a_wrong_one() -> None:
    seen = looks("home")
    report("home", seen)
    assert len(seen) >= 10
    assert sum(look.wrong for look in seen) == 0
    assert sum(look.exact for look in seen) >= len(seen) - 1
