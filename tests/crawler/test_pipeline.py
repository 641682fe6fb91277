"""Looks are written in batches, in their order, and told of only when they are in the ledger."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from checks.facts import Outcome
from crawler import pipeline
from crawler.pipeline import AT_ONCE, BATCH, MOST_BYTES, LedgerPipeline, Seen, keep
from crawler.spiders.columns import ColumnSpider
from storage.database import DatabaseError
from storage.evidence import Capture
from storage.ledger import Noticed, Sighting

AT = datetime(2026, 11, 20, tzinfo=UTC)


class Kept:
    """A ledger that takes batches while `open`, and refuses those with what is `refused`."""

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


def test_full_batches_are_written_at_once_and_the_rest_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Kept(capsys)

    async def crawl() -> None:
        written, _ = pipe(kept)
        for name in names(0, 70):
            written.process_item(look(name))
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
            written.process_item(look(name))
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
            written.process_item(look(name))
        await written.close_spider()

    asyncio.run(crawl())
    assert kept.batches == [[name] for name in names(0, 3)]


@pytest.mark.parametrize(("count", "size"), [(2 * BATCH, 1), (2, MOST_BYTES // 2)])
def test_the_spider_waits_while_too_much_is_held(count: int, size: int) -> None:
    kept = Kept()
    kept.open.clear()

    async def crawl() -> None:
        written, spider = pipe(kept)
        for name in names(0, count - 1):
            written.process_item(look(name, size))
        assert spider.room.is_set()
        written.process_item(look("column:last", size))
        assert not spider.room.is_set()
        kept.open.set()
        await spider.room.wait()
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
            written.process_item(look(name))
        assert not spider.room.is_set()
        await written.close_spider()
        assert spider.room.is_set()
        written.process_item(look("column:late"))
        await written.close_spider()
        return spider.fault

    assert asyncio.run(crawl()) == str(fault)
    assert kept.batches == [names(0, 32)]
    assert len(capsys.readouterr().out.splitlines()) == 32


def test_what_cannot_be_kept_costs_its_own_look_only(capsys: pytest.CaptureFixture[str]) -> None:
    kept = Kept()
    _, spider = pipe(kept)
    seen: list[Seen] = [look(name) for name in names(0, 3)]
    seen.append(Noticed("site:a", AT, ()))

    class Odd(Kept):
        def record_all(self, run: int, batch: Sequence[Seen]) -> None:
            if any(isinstance(each, Sighting) and each.captures for each in batch if odd(each)):
                raise OverflowError
            super().record_all(run, batch)

    def odd(each: Seen) -> bool:
        return each.subject == "column:1"

    ledger: Any = Odd()
    spider.ledger = ledger
    keep(spider, seen)
    assert ledger.batches == [["column:0"], ["column:1"], ["column:2"], ["site:a"]]
    told = [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["ok", "unreadable", "ok"]
