"""How long has a unit to rectify? The spans are a data file, the days those of the calendar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from checks.calendar import Limit, WorkCalendar

FILE = "rectification.toml"
BUNDLED = Path(__file__).parent / FILE
_SPANS = {
    "limit": ("working day", "day"),
    "hard_stop": ("day",),
    "dismissal_holds": ("day",),
    "warn": ("working day", "day"),
}
_WORDS = ("version", "clause", "source", "confidence")


class TermsOfRectificationError(ValueError):
    """A file of spans that cannot be used: every fault with file, field and what was expected."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The spans of rectification. `hard_stop` and `dismissal_holds` are calendar days."""

    version: str
    limit: Limit
    hard_stop: Limit
    dismissal_holds: Limit
    warn: Limit
    clause: str
    source: str
    confidence: str
    verified: bool

    def due(self, issued_on: date, calendar: WorkCalendar) -> date:
        """Which is the last day of rectification, inclusive, of a notice issued on a day?

        `limit` after it, never later than `hard_stop`. Where a day on the way has no published
        plan the hard stop itself is meant: a deadline must not be shorter than it should be.
        """
        last = issued_on + timedelta(days=self.hard_stop.n)
        if self.limit.unit != "working day":
            return min(last, issued_on + timedelta(days=self.limit.n))
        by_work = calendar.nth_working_day_after(issued_on, self.limit.n)
        return last if by_work.provisional else min(last, by_work.on)

    def dismissed_until(self, day: date) -> date:
        """Up to which day, inclusive, does a dismissal without a day of its own hold?"""
        return day + timedelta(days=self.dismissal_holds.n)


def resumed_due(due: date, stopped: date, resumed: date, calendar: WorkCalendar) -> date:
    """Which is the last day once an appeal has been answered? The days it took are added.

    A rest day becomes the next working day. An appeal after the deadline adds nothing.
    """
    if stopped > due:
        return due
    day = due + (resumed - stopped)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def read_terms_of(text: str, where: str) -> Terms:
    """Read the file's text; `where` names it. Raises TermsOfRectificationError, all faults."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TermsOfRectificationError(f"{where}：不是合法的 TOML 文件：{error}") from error
    faults = [f"{where}：{line}" for line in _faults(data)]
    if faults:
        raise TermsOfRectificationError("\n".join(faults))
    return Terms(**{**data, **{name: Limit.parse(data[name]) for name in _SPANS}})


def load_terms(folder: Path) -> Terms:
    """The home's own file, or the bundled one. Raises TermsOfRectificationError, OSError."""
    own = folder / FILE
    path = own if own.is_file() else BUNDLED
    try:
        return read_terms_of(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise TermsOfRectificationError(f"{path}：应为 UTF-8 编码") from error


def _faults(data: dict[str, Any]) -> list[str]:
    known = {*_SPANS, *_WORDS, "verified"}
    told = [f"{name}：未知字段" for name in data if name not in known]
    told += [f"{name}：缺少，应写明" for name in sorted(known) if name not in data]
    told += [
        f"{name}：{data[name]!r}，应为文字"
        for name in _WORDS
        if name in data and not isinstance(data[name], str)
    ]
    if not isinstance(data.get("verified", False), bool):
        told.append(f"verified：{data['verified']!r}，应为 true 或 false")
    return told + [line for name in _SPANS if name in data for line in _span_faults(name, data)]


def _span_faults(name: str, data: dict[str, Any]) -> list[str]:
    units = _SPANS[name]
    expected = "，应如 '14 days'" + ("或 '10 working days'" if len(units) > 1 else "")
    try:
        limit = Limit.parse(data[name])
    except (ValueError, TypeError):
        return [f"{name}：{data[name]!r}{expected}"]
    return [] if limit.unit in units else [f"{name}：{data[name]!r}{expected}"]
