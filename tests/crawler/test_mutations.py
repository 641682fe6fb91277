"""No silent error on composed and mutated pages: a wrong day never, a missing one seldom.

XUNJIAN_LONG=1 pytest tests/crawler/test_mutations.py -s      # many more seeds, with figures
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from checks.facts import Item, Outcome
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list
from tests.crawler.mutations import (
    TODAY,
    MadeRow,
    make_article,
    make_list,
)

LONG = os.environ.get("XUNJIAN_LONG") == "1"
ARTICLES = range(5000 if LONG else 150)
LISTS = range(2000 if LONG else 150)
RIGHT_FLOOR = 0.97
ROWS_FLOOR = 0.99


def share(marks: Counter[str], mark: str) -> float:
    return marks[mark] / marks.total()


def mark(truth: date | None, given: date | None) -> str:
    """right: the day, or rightly none; missing: none though the page says it; else wrong."""
    if given == truth:
        return "right"
    return "missing" if given is None else "wrong"


def told(kind: str, marks: Counter[str], others: Iterable[str]) -> None:
    """The figures, shown with -s and on failure."""
    print(f"\n{kind}: {marks.total()} seeds, {dict(marks)}, right {share(marks, 'right'):.1%}")
    print(*others, sep="\n")


def test_the_day_of_a_mutated_article_is_never_wrong_and_seldom_missing() -> None:
    marks: Counter[str] = Counter()
    others = []
    for seed in ARTICLES:
        made = make_article(seed)
        reading = read_article(made.page)
        met = mark(made.day, reading.published_on)
        marks[met] += 1
        if met != "right":
            others.append(f"{met} article {seed}: {reading.published_on} for {made.day}")
    told("articles", marks, others)
    assert [each for each in others if each.startswith("wrong")] == []
    assert share(marks, "right") >= RIGHT_FLOOR


def test_the_newest_day_of_a_mutated_list_is_never_wrong_and_seldom_missing() -> None:
    marks: Counter[str] = Counter()
    others = []
    for seed in LISTS:
        made = make_list(seed)
        reading = read_list(made.page)
        newest = newest_of(reading.items, TODAY)
        given = newest.published_on if newest else None
        met = mark(made.newest, given)
        marks[met] += 1
        if met != "right":
            others.append(f"{met} list {seed}: {given} for {made.newest}, {reading.outcome}")
        assert reading.outcome in (Outcome.OK, Outcome.UNDATED, Outcome.UNREADABLE), seed
    told("lists", marks, others)
    assert [each for each in others if each.startswith("wrong")] == []
    assert share(marks, "right") >= RIGHT_FLOOR


def test_no_row_of_a_mutated_list_has_a_wrong_day_and_hardly_any_is_overlooked() -> None:
    marks: Counter[str] = Counter()
    others = []
    for seed in LISTS:
        made = make_list(seed)
        items = read_list(made.page).items
        for row in made.rows:
            found = [item for item in items if _same(item, row)]
            days = {item.published_on for item in found}
            marks["seen" if found else "overlooked"] += 1
            if days - {row.says, None}:
                others.append(f"wrong list {seed}: {days} for {row.says}, {row.title}")
    print(f"\nrows: {dict(marks)}")
    assert others == []
    assert share(marks, "seen") >= ROWS_FLOOR


def _same(item: Item, row: MadeRow) -> bool:
    return item.url is not None and urlsplit(item.url).path == row.url


def test_a_seed_always_gives_the_same_page() -> None:
    assert all(make_article(seed) == make_article(seed) for seed in range(20))
    assert all(make_list(seed) == make_list(seed) for seed in range(20))
    assert len({make_list(seed).page.body for seed in range(20)}) == 20


def test_the_pages_differ_as_much_as_they_are_meant_to() -> None:
    articles, lists = [make_article(n) for n in range(300)], [make_list(n) for n in range(300)]
    assert 15 <= sum(made.day is None for made in articles) <= 60
    assert 15 <= sum(made.newest is None for made in lists) <= 60
    assert len({made.day for made in articles}) >= 200
    pages = [made.page for made in articles] + [made.page for made in lists]
    bodies = [page.body for page in pages]
    for sign in (b"synthetic", b"\xef\xbb\xbf", b"<TABLE", b"<table", b"gb2312", b"<?xml", b"\r\n"):
        assert sum(sign in body for body in bodies) >= 20, sign
    assert all(b"synthetic" in body for body in bodies)
    headers = {page.content_type for page in pages}
    assert headers == {"", "text/html", "text/html; charset=utf-8", "text/html; charset=GBK"}
