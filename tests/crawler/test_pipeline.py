"""Looks are written in batches, in their order, and told of only when they are in the ledger."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence, Set
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from checks.facts import Outcome
from crawler import pipeline
from crawler.backlog import AT_ONCE, BATCH, MOST_BYTES, Backlog, Seen
from crawler.pipeline import LedgerPipeline, keep
from crawler.spiders.columns import ColumnSpider
from storage.database import DatabaseError
from storage.evidence import Capture
from storage.ledger import Note, Noticed, Sighting

AT = datetime(2026, 11, 20, tzinfo=UTC)


class Kept:
    """A ledger that takes batches while it is `open`.

    It refuses those with what is `refused`; what is `odd` cannot be kept as it was seen, and of
    what is `never` kept not even that it was looked at.
    """

    odd: Set[str] = frozenset()
    never: Set[str] = frozenset()

    def __init__(self, capsys: pytest.CaptureFixture[str] | None = None) -> None:
        self.batches: list[list[str]] = []
        self.told: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.refused: dict[str, Exception] = {}
        self.capsys = capsys

    def record_all(self, _run: int, batch: Sequence[Seen]) -> None:
        assert self.open.wait(60)
        if self.capsys is not None:
            self.told += self.capsys.readouterr().out.splitlines()
        for each in batch:
            if each.subject in self.refused:
                raise self.refused.pop(each.subject)
            brings = each.captures if isinstance(each, Sighting) else each.notes
            if each.subject in self.never or (each.subject in self.odd and brings):
                raise OverflowError
        self.batches.append([each.subject for each in batch])


def pipe(kept: Kept, **settings: int) -> tuple[LedgerPipeline, ColumnSpider]:
    ledger: Any = kept
    spider = ColumnSpider([], ledger, 1)
    crawler: Any = SimpleNamespace(spider=spider, settings=Settings(settings))
    return LedgerPipeline.from_crawler(crawler), spider


def names(first: int, last: int) -> list[str]:
    return [f"column:{n}" for n in range(first, last)]


def look(name: str, size: int = 1) -> Sighting:
    capture = Capture("http://a.cn/", AT, 200, {}, bytes(size))
    return Sighting(name, AT, Outcome.OK, captures=(capture,))


def see(written: LedgerPipeline, name: str, size: int = 1) -> None:
    """What a worker of the spider does with a look, and Scrapy after it."""
    seen = look(name, size)
    written._spider.backlog.add(seen)
    written.process_item(seen)


def test_full_batches_are_written_at_once_and_the_rest_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Kept(capsys)

    async def crawl() -> None:
        written, _ = pipe(kept)
        for name in names(0, 70):
            see(written, name)
        await written.close_spider()

    asyncio.run(crawl())
    assert kept.batches == [names(0, 32), names(32, 64), names(64, 70)]
    # Before the last batch was written, only those before it had been told of.
    assert [json.loads(line)["subject"] for line in kept.told] == names(0, 64)
    last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert last == [{"subject": name, "outcome": "ok"} for name in names(64, 70)]


def test_a_look_waits_but_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "WAIT_SECONDS", 0.01)
    kept = Kept()

    async def crawl() -> None:
        written, _ = pipe(kept)
        for name in names(0, 3):
            see(written, name)
            assert written._writer is not None
            await written._writer
        await written.close_spider()

    asyncio.run(crawl())
    assert kept.batches == [[name] for name in names(0, 3)]


def test_after_a_crash_each_look_is_written_before_the_next() -> None:
    kept = Kept()

    async def crawl() -> None:
        written, _ = pipe(kept, **{AT_ONCE: 1})
        for name in names(0, 3):
            see(written, name)
        await written.close_spider()

    asyncio.run(crawl())
    assert kept.batches == [[name] for name in names(0, 3)]


def test_after_a_crash_no_look_begins_before_the_last_is_written() -> None:
    backlog = Backlog(1)
    backlog.add(look("column:a"))
    assert not backlog.room.is_set()
    backlog.written([look("column:a")])
    assert backlog.room.is_set()


@pytest.mark.parametrize(("count", "size"), [(2 * BATCH - 1, 1), (2, MOST_BYTES // 2)])
def test_the_spider_waits_while_too_much_is_held(count: int, size: int) -> None:
    kept = Kept()
    kept.open.clear()

    async def crawl() -> None:
        written, spider = pipe(kept)
        for name in names(0, count - 1):
            see(written, name, size)
        assert spider.backlog.room.is_set()
        see(written, "column:last", size)
        assert not spider.backlog.room.is_set()
        kept.open.set()
        await spider.backlog.room.wait()
        await written.close_spider()

    asyncio.run(crawl())
    assert [name for batch in kept.batches for name in batch] == [
        *names(0, count - 1),
        "column:last",
    ]


@pytest.mark.parametrize("fault", [DatabaseError("磁盘空间不足"), OSError("No space left")])
def test_what_cannot_be_written_ends_the_run(
    fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Kept()
    kept.refused["column:40"] = fault

    async def crawl() -> str | None:
        written, spider = pipe(kept)
        for name in names(0, 70):
            see(written, name)
        assert not spider.backlog.room.is_set()
        await written.close_spider()
        assert spider.backlog.room.is_set()
        see(written, "column:late")
        await written.close_spider()
        return spider.fault

    assert asyncio.run(crawl()) == str(fault)
    assert kept.batches == [names(0, 32)]
    assert len(capsys.readouterr().out.splitlines()) == 32


def test_what_cannot_be_kept_costs_its_own_look_only(capsys: pytest.CaptureFixture[str]) -> None:
    kept = Kept()
    _, spider = pipe(kept)
    kept.odd = {"column:1", "site:b"}
    noticed = [Noticed(key, AT, (Note("page", "", Outcome.OK),)) for key in ("site:a", "site:b")]
    keep(spider, [*(look(name) for name in names(0, 3)), *noticed])
    assert kept.batches == [["column:0"], ["column:1"], ["column:2"], ["site:a"]]
    told = [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["ok", "unreadable", "ok"]


def test_what_cannot_be_said_at_all_costs_no_other_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Kept()
    _, spider = pipe(kept)
    kept.never = {"column:1"}
    keep(spider, [look(name) for name in names(0, 3)])
    assert kept.batches == [["column:0"], ["column:2"]]
    assert len(capsys.readouterr().out.splitlines()) == 2
