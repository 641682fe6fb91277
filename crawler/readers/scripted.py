"""Pagers that a page leaves to a script: how many pages, which is this one, how they are named.

Every system counts in its own way. TRS counts from 0 and calls its second page `index_1.html`;
UCAP counts from 1 and calls it `index_2.html`; Ls keeps one address and a `pageIndex`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_GAP = r"\s{0,9}"
_COMMA = rf"{_GAP},{_GAP}"
_FILE = rf"""["']([\w-]{{1,80}})["']{_COMMA}["'](\w{{1,8}})["']"""
_CALL = rf"(?<![/\w])createPage(?:HTML)?{_GAP}\({_GAP}"
_NUMBERS_FIRST = re.compile(rf"{_CALL}(\d{{1,6}}){_COMMA}(\d{{1,6}}){_COMMA}{_FILE}")
_HOLDER_FIRST = re.compile(
    rf"""{_CALL}["'][\w-]{{1,80}}["']{_COMMA}(\d{{1,6}}){_COMMA}(\d{{1,6}}){_COMMA}{_FILE}"""
)
_SET_PAGE = re.compile(
    rf"""\.pagination\({_GAP}["']setPage["']{_COMMA}(\d{{1,6}}){_COMMA}(\d{{1,6}}){_GAP}\)"""
)
_OPTIONS = re.compile(rf"pager_options{_GAP}={_GAP}\{{([^{{}}]{{1,1500}})\}}")
_OPTION_AT = re.compile(
    rf"""currentPage{_GAP}:{_GAP}parseInt\({_GAP}["']?(\d{{1,6}})["']?{_GAP}\){_GAP}\+{_GAP}1"""
)
_OPTION_COUNT = re.compile(
    rf"""(?:totalPages?|pageCount|countPages?|pages){_GAP}:{_GAP}(?:parseInt\()?{_GAP}["']?(\d{{1,6}})"""
)
_LS = re.compile(r"Ls\.pagination\(([^;]{1,1500})")
_LS_AT = re.compile(rf"currPage{_GAP}:{_GAP}\(?{_GAP}(\d{{1,6}}){_GAP}(\+{_GAP}1)?")
_LS_COUNT = re.compile(rf"pageCount{_GAP}:{_GAP}\(?{_GAP}(\d{{1,6}})")
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """Page `at` of `count`, counted from 0, and the rule by which pages are named.

    `shift` is what the second page's number exceeds 1 by. Without `stem` the pages share one
    address and differ in the query word `key`.
    """

    count: int
    at: int
    shift: int = 0
    stem: str = ""
    extension: str = "html"
    key: str = ""

    def address(self, number: int, url: str) -> str | None:
        """Where is page `number`, counted from 0? None when there is no such page."""
        if not 0 <= number < self.count:
            return None
        if self.key:
            return _with_query(url, self.key, str(number + 1))
        suffix = f"_{number + self.shift}" if number else ""
        return urljoin(as_folder(url), f"{self.stem}{suffix}.{self.extension}")


def as_folder(url: str) -> str:
    """The address with a slash at its end, when its last part is a folder's name."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    if not last or "." in last:
        return url
    return urlunsplit(parts._replace(path=parts.path + "/"))


def numbered(html: str, url: str) -> Numbered | None:
    """What does the page's own script say of its pager; None when it says nothing sure?

    A page with several pagers is believed where one names the page's own file.
    """
    found = [each for each in _all(html, url) if each.at < each.count <= _MOST_PAGES]
    stem, _ = _file(url)
    return next((each for each in found if each.stem == stem), found[0] if found else None)


def _all(html: str, url: str) -> Iterator[Numbered]:
    if "createPage" in html:
        for call in _NUMBERS_FIRST.finditer(html):
            yield Numbered(int(call[1]), int(call[2]), 0, call[3], call[4])
        for call in _HOLDER_FIRST.finditer(html):
            yield Numbered(int(call[1]), int(call[2]) - 1, 1, call[3], call[4])
    stem, extension = _file(url)
    for call in _SET_PAGE.finditer(html):
        yield Numbered(int(call[2]), int(call[1]) - 1, 1, stem, extension)
    for options in _OPTIONS.finditer(html):
        at, count = _OPTION_AT.search(options[1]), _OPTION_COUNT.search(options[1])
        if at and count:
            yield Numbered(int(count[1]), int(at[1]), 0, stem, extension)
    for pager in _LS.finditer(html):
        at, count = _LS_AT.search(pager[1]), _LS_COUNT.search(pager[1])
        if at and count:
            yield Numbered(int(count[1]), int(at[1]) - (not at[2]), key="pageIndex")
    counted = _variables(html)
    if counted is not None:
        yield Numbered(counted[0], counted[1], 0, stem, extension)


def _variables(html: str) -> tuple[int, int] | None:
    """countPage and currentPage, or the count from m_nRecordCount and m_nPageSize; from 0."""
    count, at = _variable(html, "countPage"), _variable(html, "currentPage")
    if count is not None and at is not None:
        return count, at
    records, size = _variable(html, "m_nRecordCount"), _variable(html, "m_nPageSize")
    at = _variable(html, "m_nCurrPage")
    if records is None or not size or at is None:
        return None
    return -(-records // size), at


def _variable(html: str, name: str) -> int | None:
    if name not in html:
        return None
    match = re.search(rf"""\b{name}{_GAP}={_GAP}["']?(\d{{1,9}})["']?{_GAP}[;\n\r/<]""", html)
    return int(match[1]) if match else None


def _file(url: str) -> tuple[str, str]:
    """The name of the page's first file, without a page number, and its extension."""
    last = urlsplit(url).path.rpartition("/")[2]
    stem, dot, extension = last.rpartition(".")
    if not dot:
        return "index", "html"
    return re.sub(r"_\d{1,5}$", "", stem), extension


def _with_query(url: str, key: str, value: str) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, True) if pair[0] != key]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (key, value)]), fragment=""))
