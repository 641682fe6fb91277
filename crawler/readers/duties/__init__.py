"""What a page shows of the duties every page of a government site has: facts only, no verdict."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from checks.duties import PageFacts, PageKind, TagSeen
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.duties.ground import Ground, survey
from crawler.readers.duties.links import read_links
from crawler.readers.duties.marks import entry_code, read_marks
from crawler.readers.markup import attributes
from crawler.readers.page import Page

__all__ = ["read_duties"]

_META = re.compile(r"""<[mM](?i:eta)(\s(?:[^>"']+|"[^"]*"|'[^']*')*+)""")
_BODY = re.compile(r"<body(?=[\s>])|</head\s{0,20}>", re.IGNORECASE)
_TIME = re.compile(
    r"(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?\s{0,3}(\d{1,2})\s?[:：]\s?(\d\d)(?!\d)"
)
_BARE_CHARS = 100
_MOST_TAGS = 200
_MOST_TIMES = 50
_CONTENT_CHARS = 500


def read_duties(page: Page, kind: PageKind) -> PageFacts:
    """Which marks, tags, outside links and yearly forms does this page show?

    `kind` is what the page is known to be. A page that was blocked, broken, gone, or that a script
    is to write gives facts that say so: whatever is not listed in them is unknown.
    """
    host = (urlsplit(page.url).hostname or "").lower()
    if met := page_outcome(page):
        return PageFacts(page.url, kind, host, unseen=met[1])
    html = decode(page.body, page.content_type)
    ground = survey(html, rendered=page.rendered)
    if len(ground.page.text) < _BARE_CHARS:
        return PageFacts(page.url, kind, host, unseen="页面几乎没有文字")
    links, forms, form_doubt = read_links(ground, page.url, wants_form=kind is PageKind.HOME)
    return PageFacts(
        url=page.url,
        kind=kind,
        host=host,
        marks=read_marks(ground, rendered=page.rendered),
        tags=_tags(ground.page.html),
        tags_doubt="" if _BODY.search(html) else "页面的头部没有收全",
        shown_times=_shown_times(ground),
        entry_code=entry_code(ground.raw),
        links=links,
        forms=forms,
        form_doubt=form_doubt,
    )


def _tags(html: str) -> tuple[TagSeen, ...]:
    """All tags with a name, in order; a name may come twice, a content may be empty."""
    found = []
    for head in _META.findall(html)[:_MOST_TAGS]:
        told = attributes(head)
        if name := told.get("name", "").strip():
            found.append(TagSeen(name, told.get("content", "").strip()[:_CONTENT_CHARS]))
    return tuple(found)


def _shown_times(ground: Ground) -> tuple[str, ...]:
    found = _TIME.findall(ground.page.text)[:_MOST_TIMES]
    times = (f"{y}-{int(m):02}-{int(d):02} {int(h):02}:{minute}" for y, m, d, h, minute in found)
    return tuple(dict.fromkeys(times))
