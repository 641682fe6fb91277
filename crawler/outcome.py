"""What a visit met, decided in one place: by status and body, by list figures, by failure.

A body is only called a notice when it is small and holds no row of a list. Whatever mentions
an error, an upgrade or a firewall beside a list or an article stays a real page.
"""

from __future__ import annotations

import re
from itertools import islice

from checks.facts import Outcome
from crawler.dates import full_dates
from crawler.decode import decode
from crawler.readers.page import Page
from crawler.readers.visible import Visible, read_visible
from crawler.readers.wechat import is_wechat, wechat_notice
from crawler.redirects import redirect_target

__all__ = ["failure_outcome", "list_outcome", "page_outcome", "redirect_target"]

Met = tuple[Outcome, str]

_NOTICE_CHARS = 500
_NOTICE_LINKS = 8
_NOTICE_HTML = 500_000  # no notice is as long as that, with all its scripts
_SHELL_CHARS = 200
_NOTHING_CHARS = 10

_STATUS: dict[int, Met] = {
    400: (Outcome.BLOCKED, "服务器不接受请求（400）"),
    401: (Outcome.BLOCKED, "服务器要求登录（401）"),
    403: (Outcome.BLOCKED, "服务器拒绝访问（403）"),
    404: (Outcome.GONE, "页面不存在（404）"),
    405: (Outcome.BLOCKED, "防护系统拦截了请求（405）"),
    406: (Outcome.BLOCKED, "防护系统拦截了请求（406）"),
    408: (Outcome.UNREACHABLE, "服务器等待超时（408）"),
    410: (Outcome.GONE, "页面已经删除（410）"),
    412: (Outcome.BLOCKED, "反爬脚本拦截了请求（412）"),
    429: (Outcome.BLOCKED, "服务器提示访问过于频繁（429）"),
    432: (Outcome.BLOCKED, "防护系统拦截了请求（432）"),
    512: (Outcome.BLOCKED, "反爬脚本拦截了请求（512）"),
    521: (Outcome.BLOCKED, "反爬脚本拦截了请求（521）"),
}

_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl_clearance|__jsluid_|_bot_sbu|acw_sc__v2|aliyun_waf|cf[-_]chl|_Incapsula_"
    r"|cf-browser-verification|wzws-waf|WZWS-RAY|yunsuo_session|security_verify_data|EO_Bot_Ssid"
    r"|_____tmd_____|<(?:script|meta)\b[^<>]{0,300}\sr=[\"']m[\"']"
)
_SETS_COOKIE = re.compile(r"document\.cookie\s{0,5}=")
_MOVES_ON = re.compile(r"location(?:\.href)?\s{0,5}=|location\.(?:reload|replace)|\.submit\(\)")
_BLOCKED = re.compile(
    r"拒绝执行|云防护|云盾|云锁|安全狗|创宇盾|网站卫士|网站防火墙|Web应用防火墙|\bWAF\b|黑客攻击|恶意(?:请求|访问)"
    r"|人机验证|滑动验证|安全验证|访问验证|验证码|(?:完成|进行|通过)[^。\n]{0,6}验证|检查[^。\n]{0,4}浏览器"
    r"|(?:拖动|按住|滑动)[^。\n]{0,6}滑块|点击[^。\n]{0,8}验证|输入(?:图|下图|图片)中?的?(?:字符|文字|数字)"
    r"|(?:访问|操作|请求)(?:过于|太|太过)?频繁|访问频率|环境异常|访问受限|可能存在威胁|境外[^。\n]{0,6}访问"
    r"|(?:访问|请求|操作|IP)已?被?[^。\n]{0,4}(?:阻断|拦截|拦阻|封禁|禁止|拒绝|限制)"
    r"|已被[^。\n]{0,12}(?:拦截|阻断|拒绝)|(?:阻断|拦截|禁止|拒绝|限制)[^。\n]{0,6}(?:访问|请求)"
    r"|Just a moment|Access Denied|Request (?:Rejected|blocked)|Forbidden|Attention Required"
    r"|Checking your browser",
    re.IGNORECASE,
)
_MAINTENANCE = re.compile(
    r"(?:系统|网站|平台|服务器?|本站|页面)[^。\n]{0,12}(?:维护|升级|改版|改造|检修|割接|建设中|调整中)"
    r"|正在(?:维护|升级|改版|建设|调试|迁移)|(?:维护|升级|建设)中|暂停(?:服务|访问|开放)"
    r"|暂时(?:关闭|无法访问)|under maintenance",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?:页面?|文章|文件|内容|信息|栏目|资源|地址|链接|网址)[^。\n]{0,8}"
    r"(?:不存在|未找到|找不到|删除|失效|过期|丢失|走丢)"
    r"|(?:找不到|无法找到|没有找到|未找到)[^。\n]{0,10}(?:页|文章|文件|内容|信息|栏目|资源|地址|网址)"
    r"|(?:网站|本站|平台|栏目|页面)已[^。\n]{0,6}(?:关停|关闭|下线|停止|迁移)|已停止运行"
    r"|(?<![\d-])404(?![\d-])|not found",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"Bad Gateway|Gateway Time-?out|Internal Server Error|Service (?:Temporarily )?Unavailable"
    r"|HTTP (?:Status|Error) 50\d|服务器(?:内部)?错误|系统(?:繁忙|异常|错误|出错)"
    r"|数据库[^。\n]{0,4}(?:失败|错误)",
    re.IGNORECASE,
)
# A firewall's notice often speaks of maintenance or 404 too, so the order matters.
_NOTICES = (
    (_BLOCKED, Outcome.BLOCKED, "页面是防护或验证提示"),
    (_MAINTENANCE, Outcome.MAINTENANCE, "页面提示正在维护或升级"),
    (_GONE, Outcome.GONE, "页面提示内容不存在"),
    (_BROKEN, Outcome.UNREACHABLE, "页面是服务器报错"),
)
_GONE_TITLE = re.compile(
    r"(?:\W{0,3}404(?!\d).{0,20}|HTTP Status 404.{0,40}"
    r"|.{0,6}页面?(?:不存在|未找到|找不到|丢失|已删除).{0,6}|.{0,4}(?:page )?not found.{0,8})\Z",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:发布|发表|更新|公开)(?:时间|日期)|来 ?源 ?[:：]|(?:浏览|阅读|点击)(?:次数|量)"
    r"|[上下]一[篇条]|当前位置"
)
_CONTENT_METAS = frozenset({"articletitle", "columnname", "pubdate"})
_DATA = re.compile(
    r"\s*(?:[\[{]|<\?xml(?![^>]*>\s*<!DOCTYPE html)|<rss|<feed|<datastore|[\w$.]{1,60}\()"
)
_TITLE = re.compile(r"<[tT](?i:itle)[^>]{0,100}>([^<]{1,200})")
_HEAD_CHARS = 20_000
_LINK = re.compile(r"<[aA]\s")


def page_outcome(page: Page) -> Met | None:
    """Is this answer surely not the page asked for, and why?

    The reason is for the operator. None means it looks like a real page, or like the data of a
    list service, and is worth reading.
    """
    html = decode(page.body, page.content_type)
    if page.status >= 300:
        return _by_status(page.status, html)
    if not html or html.isspace():
        return Outcome.UNREADABLE, "服务器返回的内容为空"
    if _DATA.match(html):
        return None
    if is_wechat(page.url):
        return wechat_notice(html)
    return _by_body(html)


def _by_status(status: int, html: str) -> Met | None:
    if status < 400:
        return None if status == 304 else (Outcome.UNREACHABLE, f"重定向没有完成（{status}）")
    if _CHALLENGE.search(html):
        return Outcome.BLOCKED, f"反爬脚本拦截了请求（{status}）"
    text = read_visible(html).text
    if len(text) <= _NOTICE_CHARS and _BLOCKED.search(text):
        return Outcome.BLOCKED, f"页面是防护或验证提示（{status}）"
    if status in _STATUS:
        return _STATUS[status]
    if status < 500:
        return Outcome.BLOCKED, f"服务器拒绝请求（{status}）"
    if _MAINTENANCE.search(text):
        return Outcome.MAINTENANCE, f"页面提示正在维护或升级（{status}）"
    return Outcome.UNREACHABLE, f"服务器出错（{status}）"


def _by_body(html: str) -> Met | None:
    if (
        len(html) > _NOTICE_HTML
        or next(islice(_LINK.finditer(html), _NOTICE_LINKS, None), None) is not None
    ):
        return _by_title(_title(html))
    seen = read_visible(html)
    if len(seen.text) > _NOTICE_CHARS or _is_furnished(seen):
        return _by_title(seen.page_title)
    if _is_shell(html, seen):
        return Outcome.BLOCKED, "页面只有反爬脚本，没有内容"
    said = f"{seen.page_title}\n{seen.text}"
    for words, outcome, reason in _NOTICES:
        if match := words.search(said):
            return outcome, f"{reason}：“{match.group()[:20]}”"
    return None


def _title(html: str) -> str:
    match = _TITLE.search(html, 0, _HEAD_CHARS)
    return match[1].strip() if match else ""


def _by_title(title: str) -> Met | None:
    """A full page of navigation around an error still says so in its title."""
    if _GONE_TITLE.match(title):
        return Outcome.GONE, f"页面标题为“{title[:20]}”"
    return None


def _is_shell(html: str, seen: Visible) -> bool:
    """Does the page show next to nothing while its script is a challenge?"""
    if len(seen.text) > _SHELL_CHARS:
        return False
    if _CHALLENGE.search(html):
        return True
    return len(seen.text) <= _NOTHING_CHARS and any(
        _SETS_COOKIE.search(code) and _MOVES_ON.search(code) for code in seen.scripts
    )


def _is_furnished(seen: Visible) -> bool:
    """Does it have what a notice never has: an article's head, or a list row with a date?"""
    if _FURNITURE.search(seen.text) or seen.metas.keys() & _CONTENT_METAS:
        return True
    return any(seen.is_row(found.start) for found in full_dates(seen.text))


def list_outcome(
    item_count: int, dated_count: int, min_items: int, empty_evidence: bool
) -> Outcome:
    """What does a list that was read amount to?

    `empty_evidence`: the page itself says that it has no items. Fewer rows than `min_items`
    mean that the list was not understood, not that it shrank.
    """
    if item_count == 0:
        return Outcome.EMPTY if empty_evidence else Outcome.UNREADABLE
    if item_count < min_items:
        return Outcome.UNREADABLE
    return Outcome.OK if dated_count else Outcome.UNDATED


_TOO_LARGE = (Outcome.TOO_LARGE, "返回内容超过大小上限")
_HEAD = (Outcome.TOO_LARGE, "服务器返回的响应头超过大小上限")
_PACKED = (Outcome.UNREADABLE, "返回内容不能按其声明的压缩方式完整解开")
_TIMEOUT = (Outcome.UNREACHABLE, "连接或读取超时")
_DNS = (Outcome.UNREACHABLE, "域名解析失败")
_TLS = (Outcome.UNREACHABLE, "安全证书或加密握手失败")
_NO_CONNECTION = (Outcome.UNREACHABLE, "服务器拒绝连接或无法连接")
_LOST = (Outcome.UNREACHABLE, "连接中断，内容没有收全")
_LOOP = (Outcome.UNREACHABLE, "重定向次数过多")
_FAILURES: tuple[tuple[re.Pattern[str], Met], ...] = tuple(
    (re.compile(words, re.IGNORECASE), met)
    for words, met in (
        (r"hosttaken", (Outcome.REFUSED, "本系统的另一进程正在访问该网站，本次未予访问")),
        (r"robots", (Outcome.REFUSED, "该网站的 robots.txt 不允许访问")),
        (r"address.?refused|private", (Outcome.REFUSED, "地址属于未获准访问的内部网络")),
        (
            r"scheme|IgnoreRequest|Refused\Z(?<!ConnectionRefused)",
            (Outcome.REFUSED, "请求被本系统的规则拒绝"),
        ),
        (r"headtoolarge", _HEAD),
        (r"undecodable", _PACKED),
        (r"large|maxsize|decompression|bomb|downloadcancelled", _TOO_LARGE),
        (r"redirect", _LOOP),
        (r"dns|resolve|gaierror|unknownhost", _DNS),
        (r"time.?out|timed.?out", _TIMEOUT),
        (r"ssl|tls|certificate|verification|\AError\Z", _TLS),
        (r"refused|noroute|connecterror|connectbind|tunnel|unreachable", _NO_CONNECTION),
        (
            r"lost|connectiondone|aborted|reset|dataloss|neverreceived|responsefailed|downloadfailed|brokenpipe",
            _LOST,
        ),
    )
)


def failure_outcome(exception_name: str) -> Met:
    """What did a request meet that ended in an exception of this class name?

    A name that is not known counts as unreachable and is told: nothing was seen.
    """
    for words, met in _FAILURES:
        if words.search(exception_name):
            return met
    return Outcome.UNREACHABLE, f"访问失败（{exception_name}）"
