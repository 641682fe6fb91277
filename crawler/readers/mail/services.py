"""Mailbox pages whose list a script fetches: which request the known systems would send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import Follow, Page

_JACT_SERVICE = "dataproxy_mailnewlist.action"
_JACT_LIST = re.compile(r"/jact/front/mailpublist\.do", re.I)
_JACT_RANGE = "startrecord=1&endrecord=57&perpage=19&groupSize=3"
_LETTER_CONTENT = "/SQContent.jsp"
_LETTER_ID = re.compile(r"""\bsq_id['"]?\s{0,9}[:=]\s{0,9}['"]?(\d{1,12})""")
_PATH_BEFORE = re.compile(r"""[^'"\s<>()]*\Z""")
_LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Service:
    """A list service: the words its address ends in, and the form of its first request.

    `told` are parameters that the page's own script may set otherwise.
    """

    name: str
    ending: str
    form: Mapping[str, str]
    told: tuple[str, ...] = field(default=())


SERVICES = (
    Service(
        "信件列表服务（moreNewComplain）",
        ".moreNewComplain.biz.ext",
        {"PageCond/begin": "0", "PageCond/length": "6", "PageCond/isCount": "true"},
    ),
    Service(
        "信件列表服务（RefersServlet）",
        "/RefersServlet",
        {"areaCode": "1", "sType": "refertheme", "currPage": "1", "pageSize": "20"},
        told=("areaCode", "sType"),
    ),
    Service("信件列表服务（linked/list.do）", "/linked/list.do", {"pageNo": "1", "pageSize": "30"}),
)


def list_request(page: Page, html: str) -> tuple[str, Follow] | None:
    """Which service fills this mailbox page, and by which request? None when none is known."""
    for service in SERVICES:
        address = _called(html, service.ending, page)
        if address is not None:
            own = {name: told for name in service.told if (told := _told(html, name))}
            headers = {"Referer": page.url}
            return service.name, Follow(address, "POST", {**service.form, **own}, headers)
    return None


def jact_request(page: Page, html: str) -> Follow | None:
    """Which request brings the rows of this jact list page? None when it is no such page."""
    address = _called(html, _JACT_SERVICE, page)
    if address is None and _JACT_LIST.search(page.url):
        address = resolve(f"/jact/front/{_JACT_SERVICE}", page.url)
    if address is None:
        return None
    form = {
        "sysid": _told(f"{page.url} {html}", "sysid") or "1",
        "datadetailid": "null",
        "dicvalue": "null",
        "orderfield": "1",
    }
    joint = "&" if "?" in address else "?"
    return Follow(f"{address}{joint}{_JACT_RANGE}", "POST", form, {"Referer": page.url})


def detail_request(page: Page, html: str) -> Follow | None:
    """Which request brings the words of this letter, where its page leaves them to a script?"""
    address = _called(html, _LETTER_CONTENT, page)
    if address is None:
        return None
    told = _LETTER_ID.search(html)
    number = dict(parse_qsl(urlsplit(page.url).query)).get("sq_id") or (told[1] if told else "")
    if not number.isdecimal():
        return None
    return Follow(f"{address}?sq_id={number}", headers={"Referer": page.url})


def _called(html: str, ending: str, page: Page) -> str | None:
    """The address in the page's text that ends in these words, in full and on its own host."""
    at = html.find(ending)
    if at < 0:
        return None
    before = _PATH_BEFORE.search(html[max(at - _LONGEST_PATH, 0) : at])
    address = resolve((before[0] if before else "") + ending, page.url)
    return address if address and urlsplit(address).netloc == urlsplit(page.url).netloc else None


def _told(text: str, name: str) -> str | None:
    match = re.search(rf"""\b{name}['"]?\s{{0,9}}[:=]\s{{0,9}}['"]?(\w{{1,40}})""", text)
    return match[1] if match else None
