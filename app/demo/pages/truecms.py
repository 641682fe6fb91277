"""Pages of the TrueCMS family: `#initData`, uuid articles, JSONP around XML."""

from __future__ import annotations

import json
import re
from html import escape
from uuid import NAMESPACE_URL, uuid5

from app.demo.columns import Column, Entry
from app.demo.pages.family import article_tags, banner, column_tags, hot_list, number, pinned_mark
from app.demo.pages.html import Frame, text_of
from app.demo.pages.reply import HTML, Ask, Reply, Route
from app.demo.titles import paragraphs

CHARSET = "utf-8"
CONTENT_TYPE = HTML
CHARSET_TAG = '<meta charset="utf-8">'
SERVICE = "/truecms/messageController/getMessage.do"
MOST_ROWS = 50


def column_key(column: Column) -> str:
    """The `columnId` that the page and the service agree on."""
    return str(uuid5(NAMESPACE_URL, f"xunjian-demo/{column.id}"))


def article_path(column: Column, entry: Entry) -> str:
    name = uuid5(NAMESPACE_URL, f"xunjian-demo/{column.id}/{entry.serial}")
    return f"{column.list_path.rpartition('/')[0]}/content/{name}.html"


def list_page(frame: Frame, column: Column) -> str:
    inline = () if column.serve == "service" else column.rows
    rows = "\n".join(_row(column, entry) for entry in inline)
    nothing = "" if column.rows else '<p class="no-data">暂无内容</p>\n'
    return frame.page(
        column.name,
        f"{frame.where(column.name)}<div class='list-box'><h3>{escape(column.name)}</h3>\n"
        f'<div id="initData" style="display:none"><ul class="list-ul">\n{rows}\n</ul></div>\n'
        f'<div id="msgList"></div>\n{nothing}</div>\n{hot_list(column, article_path)}'
        f"<script>\n$(function(){{ $('#msgList').jpage({{\n"
        f"  dataStore: $('#initData').html(), totalRecord: {len(column.rows)},\n"
        f"  proxyUrl: '{SERVICE}', perPage: 10, groupSize: 3,\n"
        f"  ajaxParam: {{ columnId:'{column_key(column)}' }}\n"
        f"}}); }});\n</script>",
        head=column_tags(column),
        top=banner(column),
    )


def article_page(frame: Frame, column: Column, entry: Entry) -> str:
    dated = f" 发布时间:{entry.on} {entry.clock}" if entry.on else ""
    return frame.page(
        entry.title,
        f"{frame.where(column.name, '正文')}<h1 class='title'>{escape(entry.title)}</h1>\n"
        f'<div class="info">来源: {column.unit_name}{dated} 累计次数: 字体:[ 大 中 小 ]</div>\n'
        f'<div id="zoom" class="article-content">{text_of(_text(column, entry))}</div>',
        head=article_tags(column, entry),
    )


def services(columns: tuple[Column, ...]) -> dict[str, Route]:
    by_key = {column_key(column): column for column in columns}

    def rows(ask: Ask) -> Reply:
        column = by_key.get(ask.query.get("columnId", ""))
        if column is None or ask.referer != ask.base + column.list_path:
            return Reply("拒绝访问：来源不合法".encode(), 403)
        return Reply(_jsonp(column, ask).encode(), content_type="text/javascript; charset=utf-8")

    return {SERVICE: rows}


def _jsonp(column: Column, ask: Ask) -> str:
    start, end = number(ask.query.get("startrecord"), 1), number(ask.query.get("endrecord"), 30)
    asked = column.rows[start - 1 : end] if end - start < MOST_ROWS else ()
    records = "".join(f"<record><![CDATA[{_row(column, entry)}]]></record>" for entry in asked)
    store = (
        f"<datastore><totalrecord>{len(column.rows)}</totalrecord>"
        f"<recordset>{records}</recordset></datastore>"
    )
    answer = json.dumps({"result": store}, ensure_ascii=False)
    callback = ask.query.get("callback", "")
    return f"{callback}({answer})" if re.fullmatch(r"\w+", callback) else answer


def _row(column: Column, entry: Entry) -> str:
    dated = f"<span>{entry.on}</span>" if entry.on else ""
    title = escape(entry.title)
    return (
        f'<li>{pinned_mark(entry)}<a href="{article_path(column, entry)}" title="{title}"'
        f' target="_blank">{title}</a>{dated}</li>'
    )


def _text(column: Column, entry: Entry) -> tuple[str, ...]:
    return paragraphs(entry.title, column.unit_name)
