"""One page of many rows, and the addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page. `before` and `after` are addresses, None where there is no such."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int
    before: str | None
    after: str | None


def page_of(
    rows: Sequence[T], wanted: str, asked: Mapping[str, str], name: str = "page"
) -> Page[T]:
    """Which rows stand on the wanted page? A number that is none, or too large, is the nearest.

    `asked` are the other fields of the address, `name` is the page's own.
    """
    pages = max(1, -(-len(rows) // SIZE))
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9 else 1
    number = min(max(number, 1), pages)

    def address(of: int) -> str | None:
        kept = {key: value for key, value in asked.items() if value}
        return "?" + urlencode({**kept, name: of}) if 1 <= of <= pages else None

    start = (number - 1) * SIZE
    return Page(
        rows[start : start + SIZE],
        number,
        pages,
        len(rows),
        address(number - 1),
        address(number + 1),
    )
