"""A portal from its home page on: which of its pages are columns? Nothing is kept but a draft."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from scrapy import Request

from checks.facts import Outcome
from crawler.readers.discovery.draft import Draft, Found, make_draft
from crawler.readers.discovery.frontier import Frontier, Way
from crawler.readers.discovery.kinds import Looked, PageKind, look, look_again
from crawler.spiders.base import FetchingSpider, LookFailedError

BY_PAGES = "达到页数上限"
BY_TIME = "达到时间上限"


class PortalSpider(FetchingSpider):
    """Looks at the pages that a portal's navigation leads to, level by level.

    Says one JSON line on stdout for each page, and the draft at the end.
    """

    name = "portal"

    def __init__(self, home: str, max_pages: int, seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.home = home
        self.seconds = seconds
        self.frontier = Frontier(home, max_pages)

    async def start(self) -> AsyncIterator[Any]:
        draft = await self.discover()
        _say({"draft": draft.as_json()})
        for nothing in list[Any]():
            yield nothing

    async def discover(self) -> Draft:
        """Walk the portal until all is seen or a bound is met."""
        end = asyncio.get_running_loop().time() + self.seconds
        found: list[tuple[Way, Looked]] = []
        late = False
        while not late and (level := self.frontier.next_level()):
            looked = await self._level(level, end)
            late = len(looked) < len(level)
            for way, seen in sorted(looked, key=lambda pair: pair[0].place):
                self.frontier.add(way, seen)
                found.append((way, replace(seen, links=())))
        cut = BY_TIME if late else BY_PAGES if self.frontier.cut else ""
        return make_draft([Found(self.frontier.all_ways(way), seen) for way, seen in found], cut)

    async def _level(self, level: list[Way], end: float) -> list[tuple[Way, Looked]]:
        """Look at these pages, a few at a time; those begun before the end are finished."""
        loop = asyncio.get_running_loop()
        waiting = iter(level)
        looked: list[tuple[Way, Looked]] = []

        async def work() -> None:
            for way in waiting:
                if loop.time() > end and way.place:  # the home page is always looked at
                    return
                seen = await self._looked(way)
                looked.append((way, seen))
                _say({"looked": seen.url, "kind": seen.kind, "name": way.name})

        workers = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        await asyncio.gather(*(work() for _ in range(workers)))
        return looked

    async def _looked(self, way: Way) -> Looked:
        try:
            answer = await self.fetch_page(Request(way.url))
            seen = look(answer.page, way.name)
        except LookFailedError as failed:
            return Looked(way.url, PageKind.UNSEEN, failed.outcome, failed.why)
        except Exception as error:
            # One page that our readers fail on must not cost the whole draft; it is named there.
            self.logger.exception("reading %s failed", way.url)
            why = f"读取程序出错：{type(error).__name__}: {error}"
            return Looked(way.url, PageKind.UNREAD, Outcome.UNREADABLE, why)
        return await self._with_list(seen, answer.page.url)

    async def _with_list(self, seen: Looked, url: str) -> Looked:
        """The page with the list that its service holds, where the page itself has none."""
        if seen.follow is None:
            return seen
        try:
            service = await self.follow(seen.follow, url)
        except LookFailedError as failed:
            why = f"{seen.why}；列表接口：{failed.why}"
            return replace(seen, outcome=failed.outcome, why=why, follow=None)
        return look_again(seen, service.page)


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201
