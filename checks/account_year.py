"""The yearly form's new-media figures (国办函〔2018〕12号《政府网站工作年度报表》移动新媒体)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.account_figures import Figures
from checks.coverage import Posted
from checks.measures import Measure, measure
from checks.periods import Days
from checks.subjects import Subject


class Box(StrEnum):
    """The form's boxes. `other` asks for no followers."""

    WEIBO = "weibo"
    WECHAT = "wechat"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class YearLine:
    """One account in its box. What is None the system does not know: to be filled by hand.

    `measure.posts` is what was seen; `told` is a reading of the year's last day on which the
    source told a total of its own, which may count what was deleted, or other years.
    """

    box: Box
    account: Subject
    measure: Measure
    followers: Figures | None
    told: Figures | None


def year_lines(
    accounts: Sequence[Subject],
    posted: Mapping[str, Posted],
    figures: Mapping[str, Sequence[Figures]],
    year: int,
    as_of: date,
) -> tuple[YearLine, ...]:
    """Which accounts were open in the year, and what did they post? In the form's order.

    `posted` and `figures` by subject key, as `measure` takes them; a year not over is told up to
    `as_of`.
    """
    period = Days(date(year, 1, 1), date(year, 12, 31))
    lines = []
    for account in accounts:
        told = tuple(figures.get(account.key, ()))
        found = measure(account, posted.get(account.key, Posted()), period, as_of, told)
        if found.asked is not None:
            lines.append(_line(account, found, [each for each in told if each.on in period]))
    return tuple(sorted(lines, key=lambda line: list(Box).index(line.box)))


def _line(account: Subject, found: Measure, told: Sequence[Figures]) -> YearLine:
    box = Box(account.platform) if account.platform in tuple(Box) else Box.OTHER
    return YearLine(
        box=box,
        account=account,
        measure=found,
        followers=_last(each for each in told if each.followers is not None),
        told=_last(each for each in told if each.posts is not None),
    )


def _last(figures: Iterable[Figures]) -> Figures | None:
    return next(reversed(list(figures)), None)
