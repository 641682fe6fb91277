"""Can a letter be written on this page, and where does a mailbox's page lead to write one?

Looks at markup only. Nothing is filled in, pressed or sent, here or anywhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin, urlsplit

from checks.channel import ChannelFacts, Way
from checks.facts import Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.duties.ground import end_doubt, frame_doubt, has_scripts
from crawler.readers.markup import Markup, attributes, read_markup
from crawler.readers.page import Page
from crawler.readers.shell import script_sign
from crawler.readers.visible import without

_BY_SCRIPT = "填写处可能由脚本写出，请在浏览器中人工核对"
_SCRIPT = re.compile(r"<(script|style)(?=[\s/>])", re.IGNORECASE)
_SCRIPT_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_LINK = re.compile(r"<a(?=\s)[^<>]{0,2000}>(?:(?!</a)[\s\S]){0,500}", re.IGNORECASE)
_CONTROL = re.compile(r"<(input|textarea|button|a|iframe|img)(?=[\s/>])([^<>]{0,2000})>", re.I)
_TEXT_AREA = re.compile(r"<textarea(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (said, re.compile(signs, re.IGNORECASE))
    for said, signs in (
        ("标题", r"标题|主题|题目|title|subject|theme"),
        ("姓名", r"姓名|称呼|署名|(?:user|real|true|link|write)?name|xingming|xm\b"),
        ("联系方式", r"电话|手机|邮箱|联系|tel|phone|mobile|e?mail"),
    )
)
_CAPTCHA = re.compile(r"验证码|校验码|captcha|verify_?code|valid_?code|check_?code|yzm", re.I)
_SUBMIT = re.compile(r"提 ?交|发 ?送|寄 ?出|确 ?[定认]|submit|send", re.IGNORECASE)
_LOGIN = re.compile(
    r"请先?登录(?:后|再|系统|平台)|您?(?:还|尚)?未登录|需要?(?:先|实名)?登录"
    r"|登录后?(?:才能|方可|即可|可以?|再)[^。\n]{0,6}(?:写信|留言|咨询|提问|提交|操作|使用|办理)"
    r"|统一身份认证"
)
_LOGIN_TITLE = re.compile(r"登录|身份认证")
_TITLE = re.compile(r"<title(?=[\s>])[^<>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_CLOSED = re.compile(
    r"(?:信箱|写信|来信|留言板?|咨询|提问|提交)(?:渠道|功能|栏目|服务|平台|受理)?"
    r"(?:现|目前|自即日起)?(?:已经?|暂时?|现已|停止){1,2}"
    r"(?:关闭|关停|停用|下线|取消|停止(?:受理|使用|服务|接收)|暂停受理|受理|使用|接收)"
)
_GOES_ON = re.compile(
    r"维护|升级|改版|迁移|迁至|合并|整合|前往|请到|请至|移步|转至|改由|节假?日|工作日|时段|期间|点至|:\d\d"
)
_ENTRY = re.compile(
    r"我要?(?:来?写信|留言|咨询|提问|建言|建议|发言)|(?:在线|网上|点击)(?:写信|留言|咨询)|写信(?:入口)?"
)
_OPENS = re.compile(r"(?:href\s{0,3}=|open\s{0,3}\()\s{0,3}['\"]([^'\"<>\s]{1,500})['\"]")
_NAMING = ("name", "id", "placeholder", "title", "aria-label")
_ENTRY_CHARS = 12
_INNER_CHARS = 500
_MOST_CONTROLS = 3_000
_NEAR = 60
_NOTICE_CHARS = 1_500
_CLOSED_CHARS = 60


def read_channel(page: Page) -> tuple[Outcome, ChannelFacts]:
    """What was met, and how can a letter be written here: by a form, after a login, not any more?

    Everything else is unknown, with the reason: a form that a script writes may be there. A form
    is a form, however like a firewall's notice the small page around it reads.
    """
    raw = without(decode(page.body, page.content_type), "<!--", "-->")
    html = _without_scripts(raw)
    facts = ChannelFacts(page.url, Way.UNKNOWN, captcha=bool(_CAPTCHA.search(html)))
    if page.status == 200 and (form := _form(html, facts)):
        return Outcome.OK, form
    shown = read_markup(raw, lambda _name, _content: ())
    if met := page_outcome(page):
        facts = replace(facts, captcha=False, why=met[1])
        if met[0] is Outcome.GONE and page.status == 200 and _GOES_ON.search(shown.text):
            return Outcome.UNREADABLE, replace(facts, why=f"{met[1]}，可能已迁移，请核对登记册")
        return met[0], facts
    if words := _login(html, shown):
        return Outcome.OK, replace(facts, way=Way.LOGIN, words=words, why="须登录后写信")
    if doubt := _doubt(raw, shown, rendered=page.rendered):
        return Outcome.OK, replace(facts, why=doubt)
    if words := _closed(html):
        return Outcome.OK, replace(facts, way=Way.CLOSED, words=words, why="页面写明渠道已关闭")
    by_script = f"，{_BY_SCRIPT}" if has_scripts(raw) and not page.rendered else ""
    return Outcome.OK, replace(facts, why=f"页面上没有读到填写处{by_script}")


def entry_address(page: Page) -> str | None:
    """Where does a link or a button 我要写信 of this page lead? None where there is none.

    Only web addresses; channels for petitions and reports are others.
    """
    if page_outcome(page) is not None:
        return None
    html = _without_scripts(without(decode(page.body, page.content_type), "<!--", "-->"))
    for count, match in enumerate(_CONTROL.finditer(html)):
        if count >= _MOST_CONTROLS:
            return None
        told = attributes(match[2])
        words = _said(html, match, told)
        if len(words) > _ENTRY_CHARS or not _ENTRY.search(words):
            continue
        if address := _address(page.url, told):
            return address
    return None


def _form(html: str, facts: ChannelFacts) -> ChannelFacts | None:
    """A place for a text, at least one for who writes or about what, and something to send it."""
    if not _TEXT_AREA.search(html):
        return None
    fields: dict[str, None] = {}
    can_send = False
    for count, match in enumerate(_CONTROL.finditer(html)):
        if count >= _MOST_CONTROLS:
            break
        name, told = match[1].lower(), attributes(match[2])
        kind = told.get("type", "text").lower()
        if name == "input" and kind in ("text", "tel", "email"):
            near = html[max(0, match.start() - _NEAR) : match.start()]
            clues = " ".join((*(told.get(k, "") for k in _NAMING), _TAG.sub(" ", near)))
            fields |= {said: None for said, signs in _FIELDS if signs.search(clues)}
        elif name in ("input", "button", "a", "img") and not can_send:
            is_button = name == "button" or kind in ("submit", "image")
            can_send = is_button or bool(_SUBMIT.search(_said(html, match, told)))
    if not fields or not can_send:
        return None
    found = tuple(said for said, _ in _FIELDS if said in fields)
    return replace(
        facts, way=Way.FORM, fields=found, why=f"写信页面有填写处（{'、'.join((*found, '内容'))}）"
    )


def _said(html: str, match: re.Match[str], told: dict[str, str]) -> str:
    """What a link or button says: its words, its value, or its picture's."""
    words = told.get("value") or ""
    if match[1].lower() in ("a", "button"):
        inner = html[match.end() : match.end() + _INNER_CHARS]
        ends = [at for at in (inner.find(f"</{match[1]}"), inner.find("<a ")) if at >= 0]
        inner = inner[: min(ends, default=0)]
        words = unescape(_TAG.sub(" ", inner))
        if not words.strip():
            words = " ".join(attributes(head).get("alt", "") for head in _TAG.findall(inner))
    words = words if words.strip() else told.get("title", "") or told.get("alt", "")
    return "".join(words.split())


def _address(base: str, told: dict[str, str]) -> str | None:
    href = told.get("href", "").strip()
    if not href or href.startswith(("#", "javascript:")):
        found = _OPENS.search(told.get("onclick", "") or href)
        href = found[1] if found else ""
    try:
        url = urljoin(base, href)
        is_web = bool(href) and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return None  # no address: nothing will be found there
    return url if is_web else None


def _login(html: str, shown: Markup) -> str:
    if found := _LOGIN.search(shown.text):
        return found[0]
    title = _TITLE.search(html)
    has_password = any(
        attributes(match[2]).get("type", "").lower() == "password"
        for match in _CONTROL.finditer(html)
        if match[1].lower() == "input"
    )
    if has_password and title and _LOGIN_TITLE.search(title[1]):
        return " ".join(unescape(title[1]).split())
    return ""


def _doubt(raw: str, shown: Markup, *, rendered: bool) -> str:
    """May there be a place to write that was not seen?"""
    if doubt := end_doubt(raw, shown) or frame_doubt(raw):
        return f"{doubt}；写信处在内嵌页面中的，请登记该页的网址"
    if not rendered and (sign := script_sign(raw)):
        return f"{sign}，{_BY_SCRIPT}"
    return ""


def _closed(html: str) -> str:
    """The line that says so, unless it also says until when, or where to go instead.

    Words of links are other people's, and a long page speaks of much.
    """
    text = read_markup(_LINK.sub(" ", html), lambda _name, _content: ()).text
    found = _CLOSED.search(text) if len(text) <= _NOTICE_CHARS else None
    if found is None or _GOES_ON.search(text):
        return ""
    start = max(text.rfind("\n", 0, found.start()), text.rfind("。", 0, found.start())) + 1
    return text[start : found.end()].strip()[-_CLOSED_CHARS:]


def _without_scripts(raw: str) -> str:
    """The markup without scripts and styles, texts to be filled in kept."""
    kept, at = [], 0
    while match := _SCRIPT.search(raw, at):
        kept.append(raw[at : match.start()])
        end = _SCRIPT_END[match[1].lower()].search(raw, match.end())
        if end is None:
            return "".join(kept)
        at = raw.find(">", end.end()) + 1 or len(raw)
    return "".join((*kept, raw[at:]))
