"""What did the target of a link answer? Pure: pages in, a state with its reason in words out.

A page that answers 200 where nothing is (soft 404) is known by its own words, or because a path
made up at random is answered in the same way. Likeness alone accuses nobody where what the random
path shows may be any page of the site.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from checks.facts import Outcome
from checks.links import LinkKind, LinkState
from crawler.decode import decode
from crawler.outcome import failure_outcome, page_outcome
from crawler.readers.page import Page
from crawler.readers.visible import read_visible
from crawler.redirects import redirect_target

Met = tuple[LinkState, str]

_BY_OUTCOME = {
    Outcome.BLOCKED: LinkState.WALL,
    Outcome.UNREACHABLE: LinkState.UNREACHABLE,
}
_MAYBE_TLS = {failure_outcome(name)[1] for name in ("SSLError", "ResponseNeverReceived")}
_HOME = re.compile(r"/?(?:(?:index|default|home|main)\.\w{2,5})?", re.IGNORECASE)
_ERROR_PAGE = re.compile(
    r"/(?:404|4xx|error|errors|not-?_?found|page-?_?not-?_?found)(?:[./_-]|\Z)", re.IGNORECASE
)
_LOGIN = re.compile(r"log-?in|sign-?in|passport|/cas/|/sso|oauth|authorize|uias", re.IGNORECASE)
_DYNAMIC = re.compile(r"\.(?:do|jsp|jspx|php|aspx?|action|cgi)\Z", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W\d_]+")
_SHINGLE = 4
_MOST_CHARS = 4_000
_ALIKE = 0.9
_TOO_FEW = 6  # what shows next to nothing is written by a script, and may become anything
_TOO_MANY = 1_500  # a page as full as that is no notice


@dataclass(frozen=True, slots=True)
class Print:
    """What a page shows, so far as it can be compared."""

    title: str
    chars: int
    shingles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a host answers for a path made up at random.

    `proper`: it says 404 or 410, as it should. `shown` is the page it gives instead, None where it
    gives none. `normal`: that page may be any page of the site, so that likeness proves nothing.
    """

    proper: bool = False
    shown: Print | None = None
    normal: bool = False


def random_path(host: str, day: date) -> str:
    """A path that no site has, the same for a host all day."""
    return f"/{hashlib.sha256(f'{host} {day}'.encode()).hexdigest()[:20]}.html"


def is_html(page: Page) -> bool:
    """Is this answer a page, by its header, or by its first bytes where the header is silent?"""
    if page.content_type:
        return "html" in page.content_type.lower()
    return page.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def needs_body(page: Page, kind: LinkKind, asked: str, baseline: Baseline | None) -> bool:
    """Does a good answer to HEAD, a page, leave open whether anything is there?"""
    parts = urlsplit(asked)
    is_static = not parts.query and not _DYNAMIC.search(parts.path)
    is_sure = baseline is not None and baseline.proper and is_static
    return not is_sure or kind is not LinkKind.PAGE or page.url != asked


def baseline_of(answer: Page, asked: str, home: Page | None) -> Baseline:
    """What does the answer to the random path `asked` tell, beside that of the host's home page?"""
    if answer.status in (404, 410):
        return Baseline(proper=True)
    if answer.status >= 300 or not is_html(answer):
        return Baseline()
    met = page_outcome(answer)
    if met is not None and met[0] is not Outcome.GONE:
        return Baseline()
    shown = print_of(answer)
    known = print_of(home) if home is not None and home.status < 300 else None
    normal = (
        known is None
        or alike(shown, known)
        or shown.title == known.title
        or _went_home(asked, answer.url)
        or not _TOO_FEW <= shown.chars <= _TOO_MANY
    )
    return Baseline(shown=shown, normal=normal)


def answer_state(page: Page, kind: LinkKind, asked: str, baseline: Baseline | None) -> Met:
    """What does this answer, with its body, say of the link?"""
    if page.status < 300 and not is_html(page):
        return LinkState.OK, ""
    if page.status < 300 and redirect_target(page) is not None:
        return LinkState.UNKNOWN, "页面只作跳转"
    if met := page_outcome(page):
        return _by_outcome(met[0], met[1], page.status)
    if _LOGIN.search(page.url) and not _LOGIN.search(asked):
        return LinkState.WALL, "须登录后查看"
    return _by_likeness(page, kind, asked, baseline)


def failure_state(outcome: Outcome, why: str, url: str) -> Met:
    """What does a request that failed say of the link?

    A handshake that fails with us may succeed with a browser, so nothing is said then.
    """
    why = why.partition("（http")[0]
    if outcome is Outcome.REFUSED:
        return LinkState.REFUSED, why
    if outcome is Outcome.TOO_LARGE:
        return LinkState.OK, "文件较大，未下载"
    if url.startswith("https:") and why in _MAYBE_TLS:
        return LinkState.UNKNOWN, why
    return LinkState.UNREACHABLE, why


def print_of(page: Page) -> Print:
    seen = read_visible(decode(page.body, page.content_type))
    text = _NO_WORDS.sub("", seen.text)[:_MOST_CHARS]
    pieces = (text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)))
    return Print(seen.page_title.strip(), len(text), frozenset(pieces))


def alike(one: Print, other: Print) -> bool:
    """Do these pages show the same, but for a number or a date?"""
    both, either = one.shingles & other.shingles, one.shingles | other.shingles
    return one.title == other.title and len(both) >= _ALIKE * len(either)


def redirected_to(status: int, location: str | None, url: str) -> str | None:
    """Where does this answer send us; None: nowhere."""
    if status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        target = urljoin(url, location.strip())
        return target if urlsplit(target).hostname else None
    except ValueError:
        return None


def _by_outcome(outcome: Outcome, why: str, status: int) -> Met:
    if outcome is Outcome.GONE:
        return (LinkState.DEAD if status >= 300 else LinkState.SOFT_DEAD), why
    return _BY_OUTCOME.get(outcome, LinkState.UNKNOWN), why


def _by_likeness(page: Page, kind: LinkKind, asked: str, baseline: Baseline | None) -> Met:
    shown = baseline.shown if baseline is not None else None
    if baseline is not None and shown is not None and alike(print_of(page), shown):
        if baseline.normal:
            return LinkState.UNKNOWN, "该网站对不存在的地址也返回同样的页面"
        return LinkState.SOFT_DEAD, "返回的页面与该网站对不存在地址的答复相同"
    path = urlsplit(page.url).path
    if page.url != asked and _ERROR_PAGE.search(path) and not _ERROR_PAGE.search(asked):
        return LinkState.SOFT_DEAD, "转到了报错页面"
    if _went_home(asked, page.url):
        return LinkState.UNKNOWN, "转到了首页，原内容可能已不存在"
    if kind is not LinkKind.PAGE:
        return LinkState.UNKNOWN, "返回的是网页，不是文件"
    return LinkState.OK, ""


def _went_home(asked: str, final: str) -> bool:
    before, after = urlsplit(asked), urlsplit(final)
    was_deep = bool(before.query) or not _HOME.fullmatch(before.path)
    return was_deep and not after.query and bool(_HOME.fullmatch(after.path))
