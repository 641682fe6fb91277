"""Old table pages in GBK that declare gb2312, and only in a meta tag."""

from __future__ import annotations

from html import escape

from app.demo.columns import Column, Entry
from app.demo.pages.family import banner, hot_list, pinned_mark, type_tag
from app.demo.pages.html import Frame, text_of
from app.demo.pages.reply import Route
from app.demo.titles import paragraphs

CHARSET = "gb18030"
CONTENT_TYPE = "text/html"
CHARSET_TAG = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'


def article_path(column: Column, entry: Entry) -> str:
    return f"{column.list_path.removesuffix('.htm')}/{3000 + entry.serial}.htm"


def list_page(frame: Frame, column: Column) -> str:
    apart = tuple(entry for entry in column.rows if entry.apart)
    rows = tuple(entry for entry in column.rows if not entry.apart)
    pinned = f'<table class="top">\n{_rows(column, apart)}</table>\n' if apart else ""
    head = "<tr><th>序号</th><th>标题</th><th>发布时间</th></tr>\n"
    body = (
        f'{pinned}<table class="list">\n{head}{_rows(column, rows)}</table>\n'
        if rows
        else f'<table class="list">\n{head}<tr><td colspan="3">暂无内容</td></tr>\n</table>\n'
    )
    return frame.page(
        column.name,
        f"{frame.where(column.name)}<div class='content'>"
        f"<h3>{escape(column.name)}</h3>\n{body}</div>\n"
        f"{hot_list(column, article_path)}",
        head=type_tag(column),
        top=banner(column),
    )


def article_page(frame: Frame, column: Column, entry: Entry) -> str:
    dated = ""
    if entry.on is not None:
        dated = f"发布时间：{entry.on.year}年{entry.on.month}月{entry.on.day}日 "
    return frame.page(
        entry.title,
        f"{frame.where(column.name, '正文')}<table class='article'>\n"
        f"<tr><td align='center'><h1>{escape(entry.title)}</h1></td></tr>\n"
        f"<tr><td align='center'>{dated}来源：{column.unit_name} 点击数：</td></tr>\n"
        f"<tr><td class='content'>{text_of(paragraphs(entry.title, column.unit_name))}</td></tr>\n"
        f"</table>",
    )


def services(_columns: tuple[Column, ...]) -> dict[str, Route]:
    return {}


def _rows(column: Column, entries: tuple[Entry, ...]) -> str:
    return "".join(
        f"<tr><td>{number}</td><td>{pinned_mark(entry)}"
        f'<a href="{article_path(column, entry)}">{escape(entry.title)}</a></td>'
        f"<td>{entry.on or ''}</td></tr>\n"
        for number, entry in enumerate(entries, start=1)
    )
