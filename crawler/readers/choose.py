"""Which reader fits this page? Chosen by what the page contains, never by where it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from checks.facts import Outcome
from crawler.decode import decode
from crawler.outcome import list_outcome, page_outcome
from crawler.readers import (
    arrays,
    disclosure,
    epoint,
    feed,
    gkmlpt,
    jpaas,
    jpage,
    powereasy,
    trs,
    truecms,
    ucap,
    vsb,
)
from crawler.readers.article import read_article
from crawler.readers.as_json import article_json, letters_json, list_json
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.listing.reading import newest_of, unreadable
from crawler.readers.page import LettersReading, ListReading, Page
from crawler.readers.rows import HOME, ROWS, read_home, read_rows
from crawler.readers.selected import Selectors, read_selected
from crawler.readers.shell import with_advice

__all__ = ["AUTO", "READERS", "newest_of", "read_list", "read_page"]

AUTO = "auto"
_SIGN_CHARS = 500_000  # systems show what they are well before


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read a list. `recognise` answers with the sign it saw, in Chinese."""

    name: str
    recognise: Callable[[str], str | None]
    read: Callable[[Page], ListReading]


def _anything(html: str) -> str | None:
    return "没有已知系统的特征" if html.strip() else None


def _never(_html: str) -> str | None:
    return None


READERS: tuple[Reader, ...] = (
    Reader(feed.NAME, feed.recognise, feed.read_feed),
    Reader(truecms.NAME, truecms.recognise, truecms.read),
    Reader(jpaas.NAME, jpaas.recognise, jpaas.read),
    Reader(jpage.NAME, jpage.recognise, jpage.read),
    Reader(gkmlpt.NAME, gkmlpt.recognise, gkmlpt.read),
    Reader(ucap.NAME, ucap.recognise, ucap.read),
    Reader(epoint.NAME, epoint.recognise, epoint.read),
    Reader(powereasy.NAME, powereasy.recognise, powereasy.read),
    Reader(arrays.NAME, arrays.recognise, arrays.read),
    Reader(disclosure.NAME, disclosure.recognise, disclosure.read),
    Reader(vsb.NAME, vsb.recognise, vsb.read),
    Reader(trs.NAME, trs.recognise, trs.read),
    Reader(HOME, _never, read_home),
    Reader(ROWS, _anything, read_rows),
)
_BY_NAME = {reader.name: reader for reader in READERS}


def read_list(
    page: Page,
    reader: str = AUTO,
    scope: str | Selectors | None = None,
    min_items: int | None = None,
) -> ListReading:
    """What does this list page or feed hold, and what does that amount to?

    `reader` is auto or a name of READERS; `scope` is a CSS selector, or several by the names
    of their parts, and means the rows reader. Fewer items than `min_items` are unreadable: the
    list was not understood. The answer to a `follow` goes through here again, under the reader
    that asked.
    """
    if reader != AUTO and reader not in _BY_NAME:
        names = "、".join([AUTO, *_BY_NAME])
        raise ValueError(f"未知的读取方式“{reader}”，可用：{names}")
    met = page_outcome(page)
    if met is not None:
        return ListReading((), met[0], reader, met[1])
    if scope is not None and reader in (AUTO, ROWS):
        selectors = {"scope": scope} if isinstance(scope, str) else scope
        return _with_minimum(with_advice(page, read_selected(page, selectors)), min_items)
    chosen, sign = (_BY_NAME[reader], "已指定读取方式") if reader != AUTO else _recognised(page)
    if chosen is None:
        return unreadable(AUTO, "页面没有内容")
    reading = chosen.read(page)
    reading = with_advice(page, replace(reading, why=f"{sign}；{reading.why}"))
    return _with_minimum(reading, min_items)


def _recognised(page: Page) -> tuple[Reader | None, str]:
    html = decode(page.body, page.content_type)[:_SIGN_CHARS]
    for reader in READERS:
        sign = reader.recognise(html)
        if sign is not None:
            return reader, sign
    return None, ""


def _with_minimum(reading: ListReading, min_items: int | None) -> ListReading:
    if not min_items or reading.outcome not in (Outcome.OK, Outcome.UNDATED):
        return reading
    outcome = list_outcome(len(reading.items), 1, min_items, empty_evidence=False)
    if outcome is Outcome.OK:
        return reading
    why = f"{reading.why}；少于应有的{min_items}条，按未能读取处理"
    return replace(reading, outcome=outcome, why=why)


def read_page(kind: str, page: Page, scope: str | Selectors | None = None) -> dict[str, object]:
    """What does a saved page say, as the JSON of `xunjian read`?

    `kind` is list, home, feed, article (wechat: the same) or letters (a list, or one letter);
    anything else raises ValueError. `scope` says where a list stands, as for `read_list`.
    """
    match kind:
        case "list":
            return list_json(read_list(page, scope=scope), page.today)
        case "home" | "feed":
            return list_json(read_list(page, kind), page.today)
        case "article" | "wechat":
            return article_json(read_article(page))
        case "letters":
            return letters_json(_letters(page))
    raise ValueError(f"未知的页面类别“{kind}”，可用：list、home、feed、article、letters")


def _letters(page: Page) -> LettersReading:
    """A page that is no list of letters may be the page of one letter."""
    listed = read_letters(page)
    if listed.outcome not in (Outcome.UNREADABLE, Outcome.UNDATED) or listed.follow is not None:
        return listed
    detail = read_letter(page)
    return detail if detail.letters else listed
