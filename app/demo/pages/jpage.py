"""Pages of the Hanweb jpage family: rows in CDATA, or by POST to dataproxy.jsp."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from app.demo.columns import Column, Entry
from app.demo.pages.family import (
    article_tags,
    banner,
    column_tags,
    hot_list,
    number,
    pinned_mark,
    split_month,
)
from app.demo.pages.html import Frame, text_of
from app.demo.pages.reply import HTML, Ask, Reply, Route
from app.demo.titles import paragraphs

CHARSET = "utf-8"
CONTENT_TYPE = HTML
CHARSET_TAG = '<meta charset="utf-8">'
SERVICE = "/module/web/jpage/dataproxy.jsp"
WEB_ID = "39"


def column_number(column: Column) -> str:
    """The NNN of `/col/colNNN/index.html`."""
    match = re.fullmatch(r"/col/col(\d+)/index\.html", column.path)
    if match is None:
        raise ValueError(f"{column.id}: {column.path} is not an address of this family")
    return match[1]


def unit_number(column: Column) -> str:
    """The `unitid` of the column's one list block."""
    return f"24{column_number(column)}"


def article_path(column: Column, entry: Entry) -> str:
    if entry.on is None:
        raise ValueError(f"{column.id}: addresses of this family carry a day")
    day = f"{entry.on.year}/{entry.on.month}/{entry.on.day}"
    return f"/art/{day}/art_{column_number(column)}_{70000 + entry.serial}.html"


def list_page(frame: Frame, column: Column) -> str:
    unit = unit_number(column)
    nothing = "" if column.rows else '<p class="nodata">暂无内容</p>\n'
    param = (
        f"col:1,appid:1,webid:{WEB_ID},path:'/',columnid:{column_number(column)},"
        f"sourceContentType:1,unitid:'{unit}',webname:'{frame.site_name}',permissiontype:0"
    )
    return frame.page(
        column.name,
        f"{frame.where(column.name)}<h3>{escape(column.name)}</h3>\n"
        f'<div id="{unit}" class="default_pgContainer">\n{_inline(frame, column)}'
        f"</div>\n{nothing}{hot_list(column, article_path)}"
        f"<script>\n$(function(){{ $('#{unit}').jpage({{ showMode:'full',\n"
        f"  totalRecord:{len(column.rows)}, perPage:15, groupSize:3,\n"
        f"  proxyUrl:'{SERVICE}',\n  ajaxParam:{{{param}}}\n}}); }});\n</script>",
        head=column_tags(column),
        top=banner(column),
    )


def article_page(frame: Frame, column: Column, entry: Entry) -> str:
    return frame.page(
        entry.title,
        f"{frame.where(column.name, '正文')}<h1>{escape(entry.title)}</h1>\n"
        f'<div class="info"><span>发布日期：{entry.on} {entry.clock}</span> '
        f"<span>来源：{column.unit_name}</span></div>\n"
        f'<!--<meta name="ContentStart">--><div id="zoom">'
        f"{text_of(paragraphs(entry.title, column.unit_name))}</div>"
        f'<!--<meta name="ContentEnd">-->',
        head=article_tags(column, entry),
    )


def services(columns: tuple[Column, ...]) -> dict[str, Route]:
    by_number = {column_number(column): column for column in columns}

    def rows(ask: Ask) -> Reply:
        asked = {**ask.query, **ask.form}
        if ask.method != "POST" and "page" not in asked:
            return Reply(b"405", 405)
        column = by_number.get(asked.get("columnid", ""))
        if column is None or asked.get("unitid") != unit_number(column):
            return Reply(_store((), "").encode(), content_type="text/xml; charset=utf-8")
        start, end = number(asked.get("startrecord"), 1), number(asked.get("endrecord"), 45)
        store = _store(column.rows[start - 1 : end], "", column)
        return Reply(store.encode(), content_type="text/xml; charset=utf-8")

    return {SERVICE: rows}


def _inline(frame: Frame, column: Column) -> str:
    if column.serve == "service":
        return ""
    more = (
        f'<nextgroup><![CDATA[<a href="{SERVICE}?page=1&appid=1&webid={WEB_ID}&path=/'
        f"&columnid={column_number(column)}&unitid={unit_number(column)}"
        f'&webname={quote(frame.site_name)}&permissiontype=0"></a>]]></nextgroup>\n'
    )
    store = _store(column.rows, more, column)
    return f'<script type="text/xml">{store}</script>\n'


def _store(rows: tuple[Entry, ...], more: str, column: Column | None = None) -> str:
    records = (
        "".join(f"<record><![CDATA[\n{_row(column, entry)}]]></record>\n" for entry in rows)
        if column
        else ""
    )
    total = len(column.rows) if column else 0
    return (
        f"<datastore>\n{more}<totalrecord>{total}</totalrecord><totalpage>1</totalpage>\n"
        f"<recordset>\n{records}</recordset></datastore>"
    )


def _row(column: Column, entry: Entry) -> str:
    title = escape(entry.title)
    link = (
        f'{pinned_mark(entry)}<a href="{article_path(column, entry)}" title="{title}"'
        f' target="_blank">{title}</a>'
    )
    if column.dates == "split" and entry.on is not None:
        day, month = split_month(entry.on)
        return f'<li><div class="date"><b>{day}</b><i>{month}</i></div>{link}</li>'
    return f"<li>{link}<span>{entry.on}</span></li>"
