"""What a page of the demo county is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `path` is without its query; `base` is `http://host:port`; `body` as sent."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    referer: str
    base: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `keep`: answer conditional requests with 304; `hold`: do not answer at all."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    location: str | None = None
    keep: bool = False
    hold: bool = False


Route = Callable[[Ask], Reply]


def always(reply: Reply) -> Route:
    return lambda _ask: reply


def built(build: Callable[[], Reply]) -> Route:
    """A page that is put together when it is asked for."""
    return lambda _ask: build()
