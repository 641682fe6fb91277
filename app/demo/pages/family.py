"""What every page family can do, and the small things that they share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Protocol

from app.demo.columns import Column, Entry
from app.demo.pages.html import Frame
from app.demo.pages.reply import Route

WEEKDAYS = "一二三四五六日"


class Family(Protocol):
    """A module that writes one family's pages."""

    CHARSET: str
    CONTENT_TYPE: str
    CHARSET_TAG: str

    def article_path(self, column: Column, entry: Entry) -> str:
        """Where on its server is this article?"""

    def list_page(self, frame: Frame, column: Column) -> str:
        """The column's page; without rows it says 暂无内容."""

    def article_page(self, frame: Frame, column: Column, entry: Entry) -> str:
        """The page of one item, with its day where the entry shows one."""

    def services(self, columns: tuple[Column, ...], /) -> dict[str, Route]:
        """Which further addresses answer with rows?"""


def banner(column: Column) -> str:
    """The line “今天是…” at the top of a page, where the column has one."""
    day = column.banner
    if day is None:
        return ""
    words = f"今天是{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
    return f'<div class="today">{words} 欢迎访问本站</div>\n'


def hot_list(column: Column, article_path: Callable[[Column, Entry], str]) -> str:
    """A sidebar of other items, where the column has one."""
    if not column.hot:
        return ""
    rows = "".join(
        f'<li><a href="{article_path(column, entry)}">{escape(entry.title)}</a>'
        f"<span>{entry.on}</span></li>\n"
        for entry in column.hot
    )
    return f'<div class="sidebar hot"><h3>热点信息</h3>\n<ul class="hot-list">\n{rows}</ul></div>\n'


def column_tags(column: Column) -> str:
    """The page tags of a column; few pages bear a ColumnType."""
    name = escape(column.name)
    tags = (("Name", name), ("Description", f"{name}栏目"), ("Keywords", name))
    named = "".join(f'<meta name="Column{key}" content="{text}">\n' for key, text in tags)
    return named + type_tag(column)


def article_tags(column: Column, entry: Entry) -> str:
    """The page tags of an article; one that shows no day has no PubDate."""
    dated = "" if entry.on is None else f"{entry.on} {entry.clock}"
    tags = (
        ("ArticleTitle", escape(entry.title)),
        ("PubDate", dated),
        ("ContentSource", column.unit_name),
    )
    own = "".join(f'<meta name="{name}" content="{text}">\n' for name, text in tags if text)
    return column_tags(column) + own


def type_tag(column: Column) -> str:
    """The page's ColumnType tag, which few pages bear."""
    if column.tag is None:
        return ""
    return f'<meta name="ColumnType" content="{escape(column.tag)}">\n'


def pinned_mark(entry: Entry) -> str:
    return "[置顶]" if entry.pinned else ""


def number(text: str | None, otherwise: int) -> int:
    """A row number as a list service is asked for it; rows count from 1."""
    return max(1, int(text)) if text and text.isdecimal() else otherwise


def split_month(day: date) -> tuple[str, str]:
    """A day as two tags show it: (`09`, `2026-11`)."""
    return f"{day:%d}", f"{day:%Y-%m}"
