"""Static pages of the TRS kind: relative links, `createPageHTML`, bracketed dates."""

from __future__ import annotations

from html import escape

from app.demo.columns import Column, Entry
from app.demo.pages.family import article_tags, banner, column_tags, hot_list, pinned_mark
from app.demo.pages.guides import guide_table
from app.demo.pages.html import Frame, text_of
from app.demo.pages.reply import HTML, Route
from app.demo.titles import paragraphs

CHARSET = "utf-8"
CONTENT_TYPE = HTML
CHARSET_TAG = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'


def article_path(column: Column, entry: Entry) -> str:
    return column.list_path + _relative(column, entry)


def list_page(frame: Frame, column: Column) -> str:
    rows = "\n".join(_row(column, entry) for entry in column.rows)
    body = (
        f'<ul class="list">\n{rows}\n</ul>\n'
        f'<div class="page"><script>createPageHTML(1, 0, "index", "html");</script></div>\n'
        if column.rows
        else '<div class="list"><p>暂无内容</p></div>\n'
    )
    return frame.page(
        column.name,
        f"{frame.where(column.name)}<div class='main'>"
        f"<h3>{escape(column.name)}</h3>\n{body}</div>\n"
        f"{hot_list(column, article_path)}",
        head=column_tags(column),
        top=banner(column),
    )


def article_page(frame: Frame, column: Column, entry: Entry) -> str:
    dated = ""
    if entry.on is not None:
        dated = f"<span>发布时间：{entry.on} {entry.clock}</span> "
    info = f'<div class="xl-info">{dated}<span>来源：{column.unit_name}</span></div>\n'
    return frame.page(
        entry.title,
        f"{frame.where(column.name, '正文')}<h1>{escape(entry.title)}</h1>\n"
        f"{info if entry.lacks is None else ''}"
        f'<div class="TRS_Editor">{_text(column, entry)}</div>',
        head=article_tags(column, entry),
    )


def _text(column: Column, entry: Entry) -> str:
    if entry.lacks is not None:
        return guide_table(entry.title, column.unit_name, entry.lacks)
    return text_of(paragraphs(entry.title, column.unit_name))


def services(_columns: tuple[Column, ...]) -> dict[str, Route]:
    return {}


def _relative(column: Column, entry: Entry) -> str:
    # Addresses must not give away what month-day and undated lists leave out.
    if column.dates in ("month_day", "none") or entry.on is None:
        return f"content_{510000 + entry.serial}.html"
    return f"{entry.on:%Y%m}/t{entry.on:%Y%m%d}_{510000 + entry.serial}.html"


def _row(column: Column, entry: Entry) -> str:
    title = escape(entry.title)
    link = f'<a href="./{_relative(column, entry)}" title="{title}">{title}</a>'
    return f"<li>{pinned_mark(entry)}{link}{_date(column, entry)}</li>"


def _date(column: Column, entry: Entry) -> str:
    if entry.on is None:
        return ""
    if column.dates == "month_day":
        return f"<span>{entry.on:%m-%d}</span>"
    if column.dates == "split":
        return f"<div class='time'><p>{entry.on:%m/%d}</p><em>{entry.on:%Y}</em></div>"
    return f"<span>[{entry.on}]</span>"
