"""What is this page: a column, an article, a channel, a mailbox, or none of these?

Names and addresses only suggest; what the readers make of the page decides. A page that could
not be seen, or not be read, is said to be just that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import median

from checks.facts import DateSource, Item, Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list
from crawler.readers.discovery.accounts import SeenAccount, is_account_page, page_accounts
from crawler.readers.discovery.addresses import canonical, is_article_address, same_place
from crawler.readers.discovery.classes import speaks_of_letters
from crawler.readers.discovery.links import Link, is_root, more_targets, page_links
from crawler.readers.discovery.words_of_page import NO_WORDS, PageWords, page_words
from crawler.readers.letters import read_letters
from crawler.readers.listing.scan import NestingError, scan_page
from crawler.readers.page import ArticleReading, Follow, LettersReading, ListReading, Page
from crawler.readers.rows import read_home

_MOST_KEPT = 20
_RELATED_ROWS = 5
_FEW_ROWS = 3
_TITLE_CHARS = 8
_BLOCKS = 2
_FORM = re.compile(r"<textarea\b", re.IGNORECASE)
_FORM_WORDS = re.compile(
    r"(?:来信|信件|留言|诉求|咨询|投诉)(?:标题|主题|内容|类型)|写信须知|写信人"
)
_SEARCH = re.compile(r"(?:站内|全站|全文|高级)?(?:搜索|检索)(?:结果)?|智能搜索")


class PageKind(StrEnum):
    """`COLUMN` a list of items; `CHANNEL` a page of blocks or menus that leads to columns."""

    COLUMN = "column"
    ARTICLE = "article"
    CHANNEL = "channel"
    LETTERS = "letters"
    LETTER_FORM = "letter_form"
    ACCOUNTS = "accounts"
    SEARCH = "search"
    OTHER = "other"
    UNREAD = "unread"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Looked:
    """One page and what it turned out to be. `why` is for the operator, in Chinese.

    `items` are the places of its rows (`same_place`), `titles` their titles, the first 20.
    `follow` is the request for the list that the page itself does not hold.
    """

    url: str
    kind: PageKind
    outcome: Outcome
    why: str
    words: PageWords = NO_WORDS
    reader: str = ""
    rows: int = 0
    newest: date | None = None
    titles: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    accounts: tuple[SeenAccount, ...] = ()
    follow: Follow | None = None


def look(page: Page, name: str = "") -> Looked:
    """What is this page, which its visitors reach by a link called `name`? Empty: by none."""
    met = page_outcome(page)
    if met is not None:
        return Looked(page.url, PageKind.UNSEEN, *met)
    html = decode(page.body, page.content_type)
    if html.lstrip()[:1] in ("{", "[") or html.lstrip()[:5] == "<?xml":
        return Looked(page.url, PageKind.OTHER, Outcome.UNREADABLE, "返回的是数据，不是网页")
    try:
        scan = scan_page(html)
    except NestingError as error:
        return Looked(page.url, PageKind.UNREAD, Outcome.UNREADABLE, str(error))
    words = page_words(html, scan)
    listed = read_list(page)
    rows = _addresses(read_home(page).items) | _addresses(listed.items)
    links = page_links(scan, page.url, rows)
    seen = Looked(page.url, PageKind.OTHER, listed.outcome, "", words, links=tuple(links))
    if is_account_page(name, words.title) or is_root(page.url) or words.home or not name:
        seen = replace(seen, accounts=tuple(page_accounts(scan, page.url)))
    return _decided(seen, page, name, html, listed)


def look_again(seen: Looked, answer: Page) -> Looked:
    """What is this page, now that its list service has answered?"""
    if seen.kind is PageKind.LETTERS:
        letters = read_letters(answer)
        return _as_letters(replace(seen, follow=None), letters)
    listed = read_list(answer, seen.reader or "auto")
    seen = _as_column(replace(seen, follow=None), listed, answer.today)
    return replace(seen, kind=PageKind.COLUMN)


def _decided(seen: Looked, page: Page, name: str, html: str, listed: ListReading) -> Looked:
    if seen.words.article_title or is_article_address(page.url):
        return replace(seen, kind=PageKind.ARTICLE, why="文章页的标签或网址")
    if is_account_page(name, seen.words.title):
        return replace(seen, kind=PageKind.ACCOUNTS, why="政务新媒体页")
    if _SEARCH.fullmatch(name) or _SEARCH.fullmatch(seen.words.title):
        return replace(seen, kind=PageKind.SEARCH, why="搜索页")
    letters = _letters(page, name, seen.words, html)
    if letters is not None:
        return _as_letters(seen, letters)
    if _FORM.search(html) and _FORM_WORDS.search(html):
        return replace(seen, kind=PageKind.LETTER_FORM, why="写信页，没有公开的信件列表")
    if is_root(page.url) or seen.words.home:
        return replace(seen, kind=PageKind.CHANNEL, why="网站首页")
    if more_targets(list(seen.links)) >= _BLOCKS:
        return replace(seen, kind=PageKind.CHANNEL, why="页面有多个带“更多”的栏目块")
    if listed.follow is not None:
        return replace(
            seen, kind=PageKind.COLUMN, follow=listed.follow, reader=listed.reader, why=listed.why
        )
    article = read_article(page)
    if _is_article(article, listed):
        return replace(seen, kind=PageKind.ARTICLE, why=f"文章页：{article.why}")
    return _as_column(seen, listed, page.today)


def _letters(page: Page, name: str, words: PageWords, html: str) -> LettersReading | None:
    """The letters of a page that lists some, or that is called a mailbox and lists none yet."""
    named = speaks_of_letters(name) or speaks_of_letters(words.column_name or words.title)
    if not named and not speaks_of_letters(html):
        return None
    reading = read_letters(page)
    if reading.outcome is Outcome.OK or (named and reading.outcome is Outcome.EMPTY):
        return reading
    return reading if reading.follow is not None else None


def _as_letters(seen: Looked, reading: LettersReading) -> Looked:
    days = [d for x in reading.letters for d in (x.received_on, x.accepted_on, x.replied_on) if d]
    return replace(
        seen,
        kind=PageKind.LETTERS,
        outcome=reading.outcome,
        why=reading.why,
        reader=reading.reader,
        rows=len(reading.letters),
        newest=max(days, default=None),
        follow=reading.follow,
    )


def _is_article(article: ArticleReading, listed: ListReading) -> bool:
    """Does it date and name one text, with no list beside it but a few related rows?"""
    many = listed.outcome is Outcome.OK and len(listed.items) > _RELATED_ROWS
    if many or article.outcome is not Outcome.OK:
        return False
    if article.date_source is DateSource.LABEL:
        return True
    days = {item.published_on for item in listed.items}
    return article.date_source is DateSource.TEXT and (
        article.published_on not in days or len(days) < _FEW_ROWS
    )


def _as_column(seen: Looked, listed: ListReading, today: date) -> Looked:
    newest = newest_of(listed.items, today)
    seen = replace(
        seen,
        outcome=listed.outcome,
        why=listed.why,
        reader=listed.reader,
        rows=len(listed.items),
        newest=newest.published_on if newest else None,
        titles=tuple(item.title for item in listed.items[:_MOST_KEPT]),
        items=tuple(same_place(item.url) for item in listed.items[:_MOST_KEPT] if item.url),
    )
    if listed.outcome in (Outcome.OK, Outcome.EMPTY):
        return replace(seen, kind=PageKind.COLUMN)
    if listed.outcome is Outcome.UNDATED and _lists_articles(listed.items, seen.url):
        return replace(seen, kind=PageKind.COLUMN)
    if not listed.outcome.seen and not seen.links:
        return replace(seen, kind=PageKind.UNREAD)
    kind = PageKind.CHANNEL if seen.links else PageKind.OTHER
    return replace(seen, kind=kind)


def _lists_articles(items: Sequence[Item], url: str) -> bool:
    """Do these rows without dates lead to articles, and not to further columns?"""
    titles = [len(item.title) for item in items]
    if len(titles) < _FEW_ROWS or median(titles) < _TITLE_CHARS:
        return False
    folder = canonical(url).rpartition("/")[0] + "/"
    inside = [i for i in items if i.url and (is_article_address(i.url) or i.url.startswith(folder))]
    return len(inside) * 2 > len(items)


def _addresses(items: Sequence[Item]) -> frozenset[str]:
    return frozenset(same_place(item.url) for item in items if item.url)
