"""What today's readers make of the evidence of a visit: every date of its newest item."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from checks.facts import DateSource, Item, Method, Visit
from checks.freshness import local_day
from checks.marks import without_numbers
from checks.subjects import SubjectKind
from crawler.readers.account_source import read_source
from crawler.readers.article import read_article
from crawler.readers.choose import AUTO, READERS, read_list
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import HOME
from crawler.readers.wechat_api import NAME, read_answer
from crawler.readers.wechat_refusals import Refusal
from crawler.readers.weighed import Weighed, candidates_of, why_taken
from storage.evidence import Capture
from storage.ledger import Ledger
from storage.selectors import selector_parts
from storage.uploads.posts import kept_items

log = logging.getLogger(__name__)

_OF_ARTICLES = (DateSource.META, DateSource.LABEL, DateSource.TEXT)
_NAMES = {reader.name for reader in READERS}
_KEPT = "以下为台账所记，未能重读"
_AGREES = "各处日期一致，没有别的日期"


@dataclass(frozen=True, slots=True)
class Reread:
    """All dates of a visit's newest item, best first; why the first won; from what it was read."""

    candidates: tuple[Weighed, ...]
    why: str
    origin: str


class _NotThereError(LookupError):
    """The evidence cannot tell; the message says why, in Chinese."""


def weigh_again(ledger: Ledger, row: Mapping[str, Any] | None, visit: Visit) -> Reread | None:
    """Which dates does the newest item of a visit show, read anew from what was kept?

    `row` is the subject's register row. None when the visit named no newest item. Where the
    evidence is gone, damaged or no longer understood, the ledger's own words are given and
    `origin` says so: an explanation never fails.
    """
    if visit.newest is None:
        return None
    if visit.method is Method.MANUAL:
        return _by_hand(visit)
    try:
        return _from_evidence(ledger, row or {}, visit)
    except _NotThereError as missing:
        return _from_ledger(visit, str(missing))
    except (OSError, ValueError) as error:
        return _from_ledger(visit, f"证据无法读取：{error}")
    except Exception as error:  # told in its place and logged: the explanation goes on
        log.exception("reading the evidence of visit %s again", visit.id)
        return _from_ledger(visit, f"重读证据时出错：{type(error).__name__}: {error}")


def _from_ledger(visit: Visit, missing: str) -> Reread:
    item = _item(visit)
    return Reread(candidates_of(item), why_taken(item) or _AGREES, f"{missing}；{_KEPT}")


def _item(visit: Visit) -> Item:
    title, url = visit.newest_title or "", visit.newest_url
    return Item(title, url, visit.newest, visit.date_text, visit.date_source)


def _from_evidence(ledger: Ledger, row: Mapping[str, Any], visit: Visit) -> Reread:
    links = ledger.evidence_of(visit.id)
    if not links:
        raise _NotThereError("该次查看没有留存证据")
    # Articles beside the page may be given up before it; without the page there is nothing.
    there = [link for link in links[1:] if link.removed_at is None]
    captures = [ledger.evidence.capture(link) for link in (links[0], *there)]
    if visit.method is Method.EXPORT:
        return _from_export(captures[0], visit)
    found = list(_found(captures, row, visit))
    dated = [each for each in found if each.published_on is not None]
    item = next((each for each in dated if each.published_on == visit.newest), None)
    item = item or next(iter(dated), None)
    if item is None and (found or visit.date_source in _OF_ARTICLES):
        return _from_article(ledger, captures, visit)
    if item is None:
        raise _NotThereError("按现行读取方式重读证据，没有找到该条")
    origin = f"按现行读取方式重读 {_day(captures[0])} 留存的页面"
    if captures[0].at < visit.observed_at:
        origin = f"该次查看时页面未变化；{origin}"
    if item.published_on != visit.newest:
        origin += f"，所得日期与当时认定的 {visit.newest} 不同，请核对"
    return Reread(candidates_of(item), why_taken(item) or _AGREES, origin)


def _by_hand(visit: Visit) -> Reread:
    """A screenshot is for persons: what they entered is told, and that it is theirs."""
    item = _item(visit)
    if item.date_source is not None:
        return _from_ledger(visit, "该条为此前所见，不在人工登记之内")
    entered = Weighed(visit.newest, item.date_text or "", None, "人工登记的日期")
    on, by = local_day(visit.observed_at), visit.by or "（未署名）"
    return Reread((entered,), f"{by}于 {on} 登记，附截图", "以下为人工登记，截图未经程序读取")


def _from_export(capture: Capture, visit: Visit) -> Reread:
    """The newest item again from the rows that were kept of an export."""
    wanted = _item(visit)
    same = [item for item in kept_items(capture.body) if item.title == wanted.title]
    item = next((each for each in same if each.published_on == wanted.published_on), None)
    if item is None:
        raise _NotThereError("留存的导出记录中没有该条")
    origin = f"重读 {_day(capture)} 导入时留存的后台导出记录"
    return Reread(candidates_of(item), why_taken(item) or _AGREES, origin)


def _found(captures: Sequence[Capture], row: Mapping[str, Any], visit: Visit) -> Iterator[Item]:
    """The newest item wherever an answer of the visit shows it, the subject's own page first."""
    wanted = _item(visit)
    for number, capture in enumerate(captures):
        # A service's answer and a further page read as parts of the page they belong to.
        page = _page(capture, captures[0].url)
        reading = _read(page, row, visit, first=number == 0)
        # The ledger keeps titles with numbers of persons masked; the page shows them in full.
        same = [item for item in reading.items if without_numbers(item.title) == wanted.title]
        yield from [item for item in same if _same_address(item.url, wanted.url)] or same[:1]


def _page(capture: Capture, url: str) -> Page:
    content_type = capture.headers.get("content-type", "")
    return Page(url, capture.body, _day(capture), capture.status, content_type)


def _day(capture: Capture) -> date:
    return local_day(capture.at)


def _read(page: Page, row: Mapping[str, Any], visit: Visit, *, first: bool) -> ListReading:
    if visit.subject.startswith(f"{SubjectKind.ACCOUNT}:"):
        return _read_account(page, row)
    if visit.subject.startswith(f"{SubjectKind.SITE}:"):
        return read_list(page, HOME)
    reader = row.get("reader", AUTO) if first else visit.reader
    scope = selector_parts(row.get("selectors"))
    return read_list(page, reader if reader in _NAMES else AUTO, scope)


def _read_account(page: Page, row: Mapping[str, Any]) -> ListReading:
    if row.get("source") != "wechat_api":
        return read_source(page, row.get("source", "feed"))
    answer = read_answer(page)
    if isinstance(answer, Refusal):
        return ListReading((), answer.outcome, NAME, answer.why)
    # A material may have the title of what was published; its day proves nothing.
    return replace(answer, items=tuple(item for item in answer.items if not item.apart))


def _same_address(one: str | None, other: str | None) -> bool:
    """Alike but for http or https: a site may send its visitors from one to the other."""
    if one is None or other is None:
        return one is other
    return urlsplit(one)._replace(scheme="") == urlsplit(other)._replace(scheme="")


def _from_article(ledger: Ledger, captures: Sequence[Capture], visit: Visit) -> Reread:
    """The list shows no date for it: its own page did, in this visit or in an earlier one."""
    url = visit.newest_url
    capture = next((each for each in captures[1:] if _same_address(each.url, url)), None)
    if capture is None and url is not None:
        link = ledger.evidence_at(visit.subject, url, visit.observed_at)
        capture = ledger.evidence.capture(link) if link is not None else None
    if capture is None:
        raise _NotThereError("列表中该条没有日期，其文章页没有留存证据")
    reading = read_article(_page(capture, capture.url))
    if not reading.candidates:
        raise _NotThereError(f"重读文章页没有见到日期：{reading.why}")
    candidates = tuple(
        Weighed(each.on, each.text, each.source, each.rule) for each in reading.candidates
    )
    origin = f"列表中该条没有日期；重读 {_day(capture)} 留存的文章页"
    if reading.published_on != visit.newest:
        origin += f"，所得日期与当时认定的 {visit.newest} 不同，请核对"
    return Reread(candidates, reading.why, origin)
