"""What a page calls itself: its tags (页面标签), the line 当前位置, its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.readers.discovery.links import is_name
from crawler.readers.listing.scan import Scan, parse_html

_HERE = re.compile(
    r"(?:当前|所在|您的|现在的?)(?:页面|栏目)?位置|您(?:现在)?(?:所)?在|^位置[:：]?$"
)
_STEPS = re.compile(r"\s*(?:[>»›→＞/]|-+>|::)+\s*")
_NO_STEP = re.compile(
    r"首 ?页|正文|主页|.{0,12}(?:位置|您在)|.{2,30}(?:政府|网站|门户|网)|.{0,2}列表.{0,2}"
)
_HOME = re.compile(r"\A首 ?页[\s_|—–>»-]*|[\s_|—–>»-]*首 ?页\Z")
_TITLE_PARTS = re.compile(r"\s*[-_|—–>»]+\s*")
_HOLDERS = 4
_LONGEST_PATH = 160
_HEAD = 60_000


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page's own words; empty where it does not say. `path` is 当前位置 from the outside in.

    `home`: it is called like the site and nothing else. Careless columns are titled like their
    site too, but they show where they stand.
    """

    article_title: str = ""
    column_name: str = ""
    column_type: str = ""
    site_name: str = ""
    site_code: str = ""
    title: str = ""
    path: tuple[str, ...] = ()
    home: bool = False


NO_WORDS = PageWords()


def page_words(html: str, scan: Scan) -> PageWords:
    """What do the tags, the title and the path of this page say it is?"""
    metas = _metas(html)
    site, path = metas.get("sitename", ""), path_of(scan)
    return PageWords(
        article_title=metas.get("articletitle", ""),
        column_name=metas.get("columnname", ""),
        column_type=metas.get("columntype", ""),
        site_name=site,
        site_code=metas.get("siteidcode", ""),
        title=_first_part(scan.title),
        path=path,
        home=_is_home(site, scan.title, metas.get("columnname", ""), path),
    )


def _is_home(site: str, title: str, column: str, path: Sequence[str]) -> bool:
    named = bool(site) and _HOME.sub("", title.strip()) == site
    return named and not column and not path


def path_of(scan: Scan) -> tuple[str, ...]:
    """The steps of the line 当前位置, without 首页 and the site's own name."""
    for at in scan.texts:
        if not _HERE.search(scan.words[at]):
            continue
        for holder in scan.ancestors(at, _HOLDERS):
            line = scan.text(holder)
            if len(line) > _LONGEST_PATH:
                break
            steps = [step.strip() for step in _STEPS.split(line.split("：")[-1])]
            if len(steps) > 1:
                return tuple(s for s in steps if is_name(s) and not _NO_STEP.fullmatch(s))
    return ()


def _metas(html: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for node in parse_html(html[:_HEAD]).css("meta[name][content]"):
        name = (node.attributes.get("name") or "").strip().lower()
        content = " ".join((node.attributes.get("content") or "").split())[:200]
        if content and content.lower() != "null":
            found.setdefault(name, content)
    return found


def _first_part(title: str) -> str:
    parts = [part for part in _TITLE_PARTS.split(title) if is_name(part)]
    return next((part for part in parts if not _NO_STEP.fullmatch(part)), "")
