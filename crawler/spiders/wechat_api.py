"""Accounts by the official 公众号 interface: what was published, and where that is old, materials.

The interface does not promise that its list holds 群发, so an old list raises a doubt, and accuses
only where the office has vouched for it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date

from checks.facts import Item, Outcome
from crawler.jobs import Job
from crawler.readers.listing.reading import later_apart
from crawler.readers.page import ListReading
from crawler.readers.wechat_api import FRESH, NAME, days_of, is_enough, is_fresh, runs_down
from crawler.readers.wechat_refusals import UNAUTHORISED
from crawler.spiders.base import Answer, FetchingSpider, LookFailedError
from crawler.spiders.wechat_calls import Body, Caller, Calls, RefusedError, credentials_of
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Sighting

PUBLISHED = "/cgi-bin/freepublish/batchget"
MATERIALS = "/cgi-bin/material/batchget_material"
ON_A_PAGE = 20
MOST_PAGES = 5
MASS_SENDS = (
    f"近{FRESH.days}天没有见到发布，而接口未必列出群发内容，请以后台导出或人工核对为准；"
    "与后台“发表记录”核对一致后，可将账号编号列入 [wechat] lists_mass_sends"
)
EDITED = "素材库中有在最近一次发布之后编辑的图文，是否发布不能确定"
NO_DAY = "没有可以认定的发布日期，不能据此判断是否更新"


class WechatInterface:
    """The interface as the accounts of one run are looked at by it."""

    def __init__(self, spider: FetchingSpider) -> None:
        self._calls = Calls(spider)

    async def look(self, job: Job) -> Sighting:
        """Look at one account; whatever fails ends in a sighting of this account alone."""
        started, section = now(), self._calls.section
        try:
            account = job.subject.partition(":")[2]
            held = credentials_of(account, os.environ)
            look = _Look(Caller(self._calls, held), account in section.lists_mass_sends)
            return await look.sighting(job.subject)
        except LookFailedError as failed:
            url, why = section.base_url + PUBLISHED, failed.why
            return Sighting(job.subject, started, failed.outcome, url, reader=NAME, note=why)


@dataclass(slots=True)
class _Look:
    """One look at one account: what was read, what was kept, and what stays in doubt."""

    caller: Caller
    vouched: bool
    items: list[Item] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unresolved: int = 0
    total: int | None = None

    async def sighting(self, subject: str) -> Sighting:
        first = await self._published()
        today = first.page.today
        if not is_fresh(days_of(self.items, today), today):
            await self._materials()
            self._doubt(later_apart(self.items, today), EDITED)
            self._doubt(not self.vouched, MASS_SENDS)
        self._doubt(sum(_has_no_day(item, today) for item in self.items), "有的条目没有可用的日期")
        outcome = self._outcome(today)
        return Sighting(
            subject=subject,
            observed_at=first.capture.at,
            outcome=outcome,
            url=first.page.url,
            status=first.page.status,
            elapsed_ms=first.elapsed_ms,
            reader=NAME,
            items=self._published_items() if outcome is Outcome.OK else (),
            unresolved=self.unresolved if outcome is Outcome.OK else 0,
            total=self.total,
            note="；".join(self.remarks),
            captures=tuple(self.captures),
        )

    def _published_items(self) -> tuple[Item, ...]:
        """What counts as a post; what was only edited in the back end is none."""
        return tuple(item for item in self.items if not item.apart)

    def _outcome(self, today: date) -> Outcome:
        """A list without a day that counts is never held against the unit, nor is an empty one,
        unless the office vouches for it and nothing lies among the materials."""
        if days_of(self.items, today):
            return Outcome.OK
        if self.total == 0 and self.vouched and not self.items and not self.unresolved:
            return Outcome.EMPTY
        self.remarks.append(NO_DAY)
        return Outcome.UNREADABLE

    async def _published(self) -> Answer:
        """Read the list as far as needed; returns its first answer. Raises LookFailedError."""
        first, reading = await self.caller.ask(PUBLISHED, _asking(0))
        self.remarks.append(reading.why)
        today, read = first.page.today, ON_A_PAGE
        self._keep(first, reading)
        while read < (reading.total or 0) and read < MOST_PAGES * ON_A_PAGE:
            if is_enough(days_of(self.items, today), today):
                break
            try:
                answer, reading = await self.caller.ask(PUBLISHED, _asking(read))
            except LookFailedError as failed:
                self._doubt(1, f"第{read // ON_A_PAGE + 1}页未能读取：{failed.why}")
                break
            read += ON_A_PAGE
            self._keep(answer, reading)
            self.remarks.append(f"第{read // ON_A_PAGE}页{len(reading.items)}篇")
            self._doubt(not reading.items, "该页没有内容，不能排除更晚的信息")
        unread = read < (reading.total or 0) and not runs_down(days_of(self.items, today))
        self._doubt(unread, "列表未按时间排列，其余各页未读，不能排除更晚的信息")
        self.total = reading.total
        return first

    async def _materials(self) -> None:
        """When were the account's materials last edited? Not to be allowed to know is no doubt:
        nothing says that there are any."""
        try:
            asked = {"type": "news", "offset": 0, "count": ON_A_PAGE}
            answer, reading = await self.caller.ask(MATERIALS, asked)
        except LookFailedError as failed:
            self.remarks.append(f"素材库未能核对：{failed.why}")
            allowed = not (isinstance(failed, RefusedError) and failed.code == UNAUTHORISED)
            self.unresolved += allowed
        else:
            apart = tuple(replace(item, apart=True) for item in reading.items)
            self._keep(answer, replace(reading, items=apart))

    def _keep(self, answer: Answer, reading: ListReading) -> None:
        """What is listed twice is one: a material never takes a publication's place."""
        self.captures.append(answer.capture)
        known = set(map(_identity, self.items))
        self.items += [item for item in reading.items if _identity(item) not in known]

    def _doubt(self, count: int, remark: str) -> None:
        if count:
            self.unresolved += count
            self.remarks.append(remark)


def _identity(item: Item) -> tuple[str, str | None, date | None]:
    return item.title, item.url, item.published_on


def _has_no_day(item: Item, today: date) -> bool:
    return item.published_on is None or item.published_on > today


def _asking(offset: int) -> Body:
    return {"offset": offset, "count": ON_A_PAGE, "no_content": 1}
