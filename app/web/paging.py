"""One page of rows that are all at hand, and the addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from app.web.subject import SIZE, Paging, page_number, paging

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page. `before` and `after` are addresses, None where there is no such."""

    rows: Sequence[T]
    at: Paging
    before: str | None
    after: str | None


def page_of(
    rows: Sequence[T], wanted: str, asked: Mapping[str, str], field: str = "page"
) -> Page[T]:
    """Which rows stand on the wanted page? A number that is none, or too large, is the nearest.

    `asked` are the other fields of the address, `field` is the page's own.
    """
    at = paging(field, page_number(wanted), len(rows))

    def address(page: int) -> str | None:
        kept = {name: value for name, value in asked.items() if value}
        return "?" + urlencode({**kept, field: page}) if 1 <= page <= at.pages else None

    shown = rows[at.skip : at.skip + SIZE]
    return Page(shown, at, address(at.page - 1), address(at.page + 1))
