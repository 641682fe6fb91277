"""Real saved articles: how often the day is exact, and how often wrong without saying so.

pytest tests/crawler/test_corpus_articles.py -s
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from crawler.readers.article import read_article
from crawler.readers.page import Page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.skipif(
    not (CORPUS / "index.json").exists(),
    reason=f"the corpus of saved pages is not part of the project and not at {CORPUS}",
)


@dataclass(frozen=True, slots=True)
class Read:
    """One page read: its kind and system, its true day, and the day the reader gave."""

    file: str
    family: str
    true: str | None
    given: str | None

    @property
    def mark(self) -> str:
        if self.given == self.true:
            return "exact"
        return "unknown" if self.given is None else "wrong"


@pytest.fixture(scope="module")
def reads() -> list[Read]:
    rows = json.loads((CORPUS / "index.json").read_text())
    results, seconds = [], 0.0
    for row in rows:
        if row["kind"] not in ("article", "wechat"):
            continue
        page = Page(row["url"], (CORPUS / row["file"]).read_bytes(), TODAY)
        started = time.process_time()
        day = read_article(page).published_on
        seconds += time.process_time() - started
        family = f"{row['kind']} {row['cms'] or 'various'}"
        results.append(Read(row["file"], family, row["date"], day.isoformat() if day else None))
    print(f"\n{len(results)} pages, {1000 * seconds / len(results):.1f} ms a page")
    return results


def test_most_days_are_exact_and_hardly_any_is_silently_wrong(reads: list[Read]) -> None:
    marks: dict[str, Counter[str]] = defaultdict(Counter)
    for read in reads:
        for family in (read.family, "all"):
            marks[family][read.mark] += 1
    for family, counts in sorted(marks.items()):
        total = counts.total()
        shares = ", ".join(f"{mark} {counts[mark] / total:.1%}" for mark in ("exact", "wrong"))
        print(f"{family}: {total} pages, {shares}")
    for read in reads:
        if read.mark != "exact":
            print(f"  {read.mark} {read.file}: {read.given} instead of {read.true}")
    everything = marks["all"]
    assert everything["exact"] >= 0.96 * len(reads)
    assert everything["wrong"] <= 0.01 * len(reads)


def test_the_corpus_holds_articles_of_many_systems(reads: list[Read]) -> None:
    assert len(reads) >= 500
    assert len({read.family for read in reads}) >= 8
