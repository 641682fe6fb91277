"""Pages that come without their list: a script in the visitor's browser is to write it.

Read as it came, such a page shows nothing, or shows the words for an empty list that the script
would take away. Neither says anything about the column.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.page import ListReading, Page
from crawler.readers.visible import read_visible

ADVICE = "内容由脚本生成，可为该栏目设置 render = true"

_BARE_CHARS = 60
_SIGN_CHARS = 500_000
_LIST_ID = r"[\w-]{0,20}(?:list|news|data|content|article|info|items?|tbody)[\w-]{0,20}"
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(sign, re.IGNORECASE), said)
    for sign, said in (
        (r"\{\{[^{}\n]{1,200}\}\}|\s(?:v-for|ms-(?:repeat|for)|ng-repeat)=|<%=", "页面是脚本模板"),
        (
            r"<(?:div|main|section|body)\b[^<>]{0,200}\sid=[\"']?"
            r"(?:app|root|__nuxt|__next|q-app|(?:vue|main)-?app|react-root)[\"'\s>]"
            r"|<app-root\b|\s(?:ng-app|data-v-app|ms-controller)[\s=>]",
            "页面由前端程序写出",
        ),
        (
            r"<script\b[^<>]{0,200}\ssrc=[^<>]{0,200}"
            r"(?:chunk-(?:vendors|libs)|/_nuxt/|/umi\.|(?:app|main|index)[.-][0-9a-f]{8,20}\.js)",
            "页面由前端程序写出",
        ),
        (
            rf"<(ul|ol|dl|div|table|tbody)\b[^<>]{{0,200}}\sid=[\"']?{_LIST_ID}"
            r"(?:>|[\"'\s][^<>]{0,200}>)\s{0,200}</\1>",
            "列表处为空，留待脚本填写",
        ),
    )
)
_ASKS_FOR_SCRIPT = re.compile(
    r"(?:开启|启用|打开|允许|支持)[^。\n]{0,12}(?:java ?script|js|脚本)"
    r"|(?:java ?script|js|脚本)[^。\n]{0,8}(?:开启|启用|禁用|disabled)"
    r"|(?:enable|requires?|without) java ?script",
    re.IGNORECASE,
)
_NOSCRIPT = re.compile(r"<noscript\b[^<>]{0,100}>(.{1,500}?)</noscript", re.IGNORECASE | re.DOTALL)
_LOADING = re.compile(
    r"^(?:数据|内容|页面)?(?:正在)?(?:努力)?(?:加载|载入)中?[.。…，, 请稍候等后]{0,12}$"
    r"|^loading[.… ]{0,6}$",
    re.IGNORECASE | re.MULTILINE,
)
_OUTER_SCRIPT = re.compile(r"<script\b[^<>]{0,300}\ssrc=", re.IGNORECASE)


def script_sign(html: str) -> str | None:
    """What shows that a script is to write this page's list? For a page where none was found.

    The answer is in Chinese. A single sign proves nothing where there is a list: firewalls,
    counters and notices for visitors without scripts stand on every second page.
    """
    html = html[:_SIGN_CHARS]
    for sign, said in _MARKUP:
        if sign.search(html):
            return said
    text = read_visible(html).text
    if _ASKS_FOR_SCRIPT.search(text):
        return "页面要求开启脚本"
    if _LOADING.search(text):
        return "页面停在“加载中”"
    if len(text) > _BARE_CHARS:
        return None
    if any(_ASKS_FOR_SCRIPT.search(words) for words in _NOSCRIPT.findall(html)):
        return "页面要求开启脚本"
    return "页面几乎没有文字" if _OUTER_SCRIPT.search(html) else None


def with_advice(page: Page, reading: ListReading) -> ListReading:
    """The reading; where a script was to write the list, with what the operator can do."""
    if reading.outcome is not Outcome.UNREADABLE or reading.follow or page.rendered:
        return reading
    sign = script_sign(decode(page.body, page.content_type))
    return reading if sign is None else replace(reading, why=f"{reading.why}；{sign}，{ADVICE}")
