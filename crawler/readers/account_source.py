"""What an account's registered address shows of its posts: a feed, a list, or one article.

Only a list or a feed of the account itself can show that nothing came later. Whatever else is
found there may confirm that the account is alive, and never accuse it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from checks.facts import DateSource, Item, Outcome
from crawler.decode import decode
from crawler.readers.article import read_article
from crawler.readers.choose import read_list
from crawler.readers.feed import read_feed
from crawler.readers.listing.reading import later_apart, list_reading
from crawler.readers.page import ArticleReading, ListReading, Page
from crawler.readers.wechat import is_wechat
from crawler.readers.weibo import is_login

ARTICLE, PAGE = "article", "page"
# What an article page shows beside its text makes no list of one or two rows.
_FEWEST_ROWS = 3
_TIMED = "标题旁的日期时间"
_STAMPED = (DateSource.FEED, DateSource.API)
_ONE_ARTICLE = "公开文章页只能证明该日有更新"
_MIRROR = "门户转载列表可能滞后"


def read_source(page: Page, source: str, *, mirror: bool = False) -> ListReading:
    """Which posts does this answer show, and how many more may there be that it does not?

    `source` is the register's word. `mirror`: the page belongs to a registered site, which shows
    posts after the account does. `unresolved` counts all that may be later than what was read.
    """
    if is_login(page.url, decode(page.body, page.content_type)):
        return ListReading((), Outcome.BLOCKED, source, "微博要求登录或验证访客身份")
    reading = _read_page(page) if source == PAGE else read_feed(page)
    apart = later_apart(reading.items, page.today)
    reading = _with_undated(replace(reading, unresolved=reading.unresolved + apart), page.today)
    return _as_mirror(reading) if mirror else reading


def _read_page(page: Page) -> ListReading:
    """A list of the account, or one article of it. Beside an article may stand a list of others."""
    listed, article = read_list(page), read_article(page)
    day = article.published_on if article.outcome is Outcome.OK else None
    few = is_wechat(page.url) or len(listed.items) < _FEWEST_ROWS
    if few and _is_sure(article):
        return _one_article(page, article)
    among = not few and day in {item.published_on for item in listed.items}
    if day is None or among or not (few or _is_sure(article)):
        return listed
    why = f"{listed.why}；页面另有发布日期{day}，可能是文章页及其旁的列表"
    return replace(listed, unresolved=listed.unresolved + 1, why=why)


def _is_sure(article: ArticleReading) -> bool:
    """Is this day said to be that of publication, or a time beside the title?

    An address, a meta tag and a bare day may be those of any page, of a list too.
    """
    labelled = article.date_source is DateSource.LABEL or article.why.endswith(_TIMED)
    return article.published_on is not None and labelled


def _one_article(page: Page, article: ArticleReading) -> ListReading:
    others = tuple(each for each in article.candidates if each.text != article.date_text)
    item = Item(
        title=article.title or "（无标题）",
        url=page.url,
        published_on=article.published_on,
        date_text=article.date_text,
        date_source=article.date_source,
        others=others,
    )
    reading = list_reading([item], page.today, ARTICLE, f"公开文章页，{article.why}")
    return replace(reading, unresolved=1, why=f"{reading.why}；{_ONE_ARTICLE}")


def _with_undated(reading: ListReading, today: date) -> ListReading:
    """An entry without a day may be the newest: a platform dates every post, only what passes
    it on loses the day."""
    items = tuple(_without_tomorrow(item, today) for item in reading.items)
    undated = sum(item.published_on is None for item in items)
    if not undated or not reading.outcome.seen:
        return reading
    dated = any(item.published_on and item.published_on <= today for item in items)
    outcome = Outcome.OK if dated else Outcome.UNDATED
    why = f"{reading.why}；{undated}条日期未明"
    unresolved = reading.unresolved + undated
    return replace(reading, items=items, outcome=outcome, unresolved=unresolved, why=why)


def _without_tomorrow(item: Item, today: date) -> Item:
    """A feed that calls Beijing's time GMT dates an evening's post on the next day. Taken for
    a wrong date it would never count, so it has none until that day has come."""
    if item.date_source in _STAMPED and item.published_on == today + timedelta(days=1):
        return replace(item, published_on=None, date_source=None)
    return item


def _as_mirror(reading: ListReading) -> ListReading:
    """What others repeat may confirm. That they repeat nothing says nothing of the account."""
    if not reading.outcome.seen:
        return reading
    outcome = Outcome.UNREADABLE if reading.outcome is Outcome.EMPTY else reading.outcome
    why = f"{reading.why}；{_MIRROR}"
    return replace(reading, outcome=outcome, unresolved=max(reading.unresolved, 1), why=why)
