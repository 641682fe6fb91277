"""Links of a page that matter to its duties: those that leave the host, and the yearly form."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from checks.duties import FormLink, LinkSeen
from crawler.readers.duties.ground import Ground, end_doubt, frame_doubt
from crawler.readers.markup import attributes
from crawler.readers.shell import script_sign

_ANCHOR = re.compile(r"<a(?=\s)([^<>]{0,3000})>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_IMAGE = re.compile(r"<img(?=[\s/>])([^<>]{0,2000})", re.IGNORECASE)
# The supervising office's own form (监管工作年度报表) and reports on disclosure are others.
_FORM = re.compile(
    r"网站(?:(?!监管|公开)[^\n]){0,12}?(?:年度?[^\n]{0,6}报表|年报|年度(?:工作)?报告)"
)
_YEAR = re.compile(r"(20\d\d)(?=\s{0,2}年|\s{0,2}[)）\]】])")
_INNER_CHARS = 2_000
_TEXT_CHARS = 100
_MOST_LINKS = 3_000
_MOST_OUTSIDE = 500


def read_links(
    ground: Ground, url: str, *, wants_form: bool
) -> tuple[tuple[LinkSeen, ...], tuple[FormLink, ...], str]:
    """Which links leave the page's host, which lead to a yearly form, and may a form be unseen?

    The doubt is in Chinese, empty where every link says in words where it leads.
    """
    host = (urlsplit(url).hostname or "").lower()
    outside: dict[tuple[str, str], LinkSeen] = {}
    forms: list[FormLink] = []
    is_mute = False
    html = ground.page.html
    for count, match in enumerate(_ANCHOR.finditer(html)):
        if count >= _MOST_LINKS:
            is_mute = True
            break
        told = attributes(match[1])
        href = told.get("href", "").strip()
        target = _outer(url, href)
        leaves = target is not None and target[1] != host
        if not (wants_form or leaves):
            continue
        text = _text(html, match.end(), told)
        is_mute = is_mute or (not text and _holds_image(html, match.end()))
        if target and leaves and len(outside) < _MOST_OUTSIDE:
            outside.setdefault((target[0], text), LinkSeen(target[0], target[1], text))
        if wants_form and "网站" in text and _FORM.search(text):
            forms.append(FormLink(text, _absolute(url, href), _year(text)))
    doubt = _form_doubt(ground, is_mute=is_mute) if wants_form and not forms else ""
    return tuple(outside.values()), tuple(forms), doubt


def _form_doubt(ground: Ground, *, is_mute: bool) -> str:
    doubt = end_doubt(ground.raw, ground.page) or frame_doubt(ground.raw)
    if doubt:
        return doubt
    if _FORM.search(ground.page.text):
        return "页面提到年度报表，但没有读到链接，请人工核对"
    if is_mute:
        return "首页有未注明文字的图片链接，请人工核对"
    sign = script_sign(ground.raw)
    return f"{sign}，请在浏览器中人工核对" if sign else ""


def _outer(base: str, href: str) -> tuple[str, str] | None:
    """The address and host of a link that names its host; the others stay where they are."""
    if href.startswith("//"):
        href = f"{urlsplit(base).scheme}:{href}"
    if not href[:8].lower().startswith(("http://", "https://")):
        return None
    try:
        host = (urlsplit(href).hostname or "").lower()
    except ValueError:
        return None  # no address: nothing will be found there
    return (href, host) if host else None


def _absolute(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url if href and url.startswith(("http://", "https://")) else None


def _inner(html: str, at: int) -> str:
    end = html.find("</a", at, at + _INNER_CHARS)
    upper = html.find("</A", at, at + _INNER_CHARS) if end < 0 else -1
    return html[at : max(end, upper, at)]


def _text(html: str, at: int, told: dict[str, str]) -> str:
    """What does a visitor read: the words of the link or its picture, with the longer title."""
    inner = _inner(html, at)
    words = " ".join(unescape(_TAG.sub(" ", inner)).split())
    title = " ".join(told.get("title", "").split())
    if len(title) > len(words):
        words = title
    if not words:
        pictures = (attributes(head) for head in _IMAGE.findall(inner))
        words = " ".join(each.get("alt") or each.get("title") or "" for each in pictures).strip()
    return words[:_TEXT_CHARS]


def _holds_image(html: str, at: int) -> bool:
    return bool(_IMAGE.search(_inner(html, at)))


def _year(text: str) -> int | None:
    """The year that the title names; None where it names none, or several."""
    years = set(_YEAR.findall(text))
    return int(years.pop()) if len(years) == 1 else None
