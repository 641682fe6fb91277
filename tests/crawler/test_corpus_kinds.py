"""Whether real pages are told apart, over saved pages beside the repository.

The pages are not part of the project; without them the test is skipped. The address of an
article is withheld, so that its content alone must speak.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crawler.readers.discovery.kinds import PageKind, look
from crawler.readers.page import Page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TODAY = date(2026, 11, 22)
PLAIN = "http://www.example.gov.cn/zwgk/abc.html"
EVERY = 4  # articles are many; a quarter of them, spread over all sites

pytestmark = pytest.mark.skipif(
    not (CORPUS / "index.json").exists(), reason=f"no saved pages in {CORPUS}"
)


def kinds_of(kind: str, every: int = 1) -> Counter[PageKind]:
    index = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))
    rows = [row for row in index if row["kind"] == kind][::every]
    pages = [
        Page(PLAIN if kind == "article" else row["url"], (CORPUS / row["file"]).read_bytes(), TODAY)
        for row in rows
    ]
    return Counter(look(page, "栏目名称").kind for page in pages)


def test_every_real_list_is_a_column() -> None:
    found = kinds_of("list")
    assert found == {PageKind.COLUMN: found.total()}
    assert found.total() >= 50


def test_no_real_article_is_a_column_or_a_mailbox() -> None:
    found = kinds_of("article", EVERY)
    assert found.total() >= 150
    assert found[PageKind.COLUMN] + found[PageKind.LETTERS] == 0
    assert found[PageKind.ARTICLE] >= found.total() * 0.99
