"""What a register cell says of where a column's list stands.

    ul.list                                       the list is somewhere in here
    row=ul.list > li; date=span.rq; title=a       these are its rows, and this is in each of them

One CSS selector, or `name=selector` parts parted by semicolons or line ends.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

NAMES = ("scope", "row", "date", "title", "link")
_NEED_A_ROW = ("date", "title", "link")
_NAMED = re.compile(r"[^\W\d]\w{0,40}\s{0,9}=")
_PART = re.compile(r"""(?:[^;；\r\n"']|"[^"\r\n]*"|'[^'\r\n]*'|["'])+""")
_EXPECTED = f"应为一个 CSS 选择器，或用分号隔开的“名称=选择器”，名称可用 {'、'.join(NAMES)}"


def selector_parts(cell: str | None) -> dict[str, str] | None:
    """Which selectors does a cell hold, by name? One without a name is the scope."""
    if not cell:
        return None
    if not _NAMED.match(cell.strip()):
        return {"scope": cell.strip()}
    return dict(_pairs(cell))


def checked_selectors(cell: str) -> str:
    """The cell on one line, every part looked at.

    Raises ValueError saying which part is wrong, what was expected and what to do.
    """
    if not _NAMED.match(cell.strip()):
        _check_css("", cell.strip())
        return cell.strip()
    pairs = _pairs(cell)
    names = [name for name, _ in pairs]
    for name, selector in pairs:
        if name not in NAMES:
            raise ValueError(f"{_EXPECTED}；没有名为“{name or selector}”的部分，请改正")
        if names.count(name) > 1:
            raise ValueError(f"{_EXPECTED}；{name} 部分写了不止一次，请只留一处")
        _check_css(name, selector)
    if "row" not in names and set(names) & set(_NEED_A_ROW):
        raise ValueError(f"{_EXPECTED}；写明 date、title 或 link 时须同时写明 row，请补上")
    return "; ".join(f"{name}={selector}" for name, selector in pairs)


def _pairs(cell: str) -> list[tuple[str, str]]:
    """The parts in order; one without a name has the empty name."""
    pairs = []
    for part in _PART.findall(cell):
        if part.strip():
            named = _NAMED.match(part.strip())
            name, _, selector = part.partition("=") if named else ("", "", part)
            pairs.append((name.strip(), selector.strip()))
    return pairs


def _check_css(name: str, selector: str) -> None:
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except SelectolaxError as error:
        where = f"{name} 部分" if name else "所填内容"
        why = f"{where}“{selector[:40]}”不是合法的 CSS 选择器，请改正"
        raise ValueError(f"{_EXPECTED}；{why}") from error
