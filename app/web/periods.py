"""Which days does a page speak of? Chosen in its address; what cannot be read becomes the usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checks.periods import Days, read_period

MISREAD = (
    "地址中的期间无法识别或尚未开始（应为年、季、月或周，如 2026、2026Q4、2026-11、2026W47），"
    "已按默认期间显示。"
)


@dataclass(frozen=True, slots=True)
class ChosenPeriod:
    """The days, as they stand in the address, and a word where the address held something else.

    `text` is empty where the page's usual days are shown, which may be no named period.
    """

    days: Days
    text: str
    fault: str | None = None


def chosen_period(text: str, as_of: date, usual: Days | None = None) -> ChosenPeriod:
    """Which period is asked for? Nothing asked: `usual`, or the year of `as_of`."""
    fallback = ChosenPeriod(usual or read_period(f"{as_of.year:04d}"), "")
    if not text:
        return fallback
    try:
        days = read_period(text)
    except ValueError:
        return ChosenPeriod(fallback.days, "", MISREAD)
    if days.first > as_of:
        return ChosenPeriod(fallback.days, "", MISREAD)
    return ChosenPeriod(days, text)


def offered_periods(as_of: date, chosen: str = "") -> dict[str, str]:
    """The periods to choose from, by how they stand in an address: years, quarters, months."""
    year, month = as_of.year, as_of.month
    offered = {f"{each:04d}": f"{each}年" for each in (year, year - 1)}
    quarters = [divmod(year * 4 + (month - 1) // 3 - back, 4) for back in range(4)]
    offered |= {f"{of:04d}Q{n + 1}": f"{of}年第{n + 1}季度" for of, n in quarters}
    months = [divmod(year * 12 + month - 1 - back, 12) for back in range(6)]
    offered |= {f"{of:04d}-{n + 1:02d}": f"{of}年{n + 1}月" for of, n in months}
    return offered if not chosen or chosen in offered else {chosen: chosen, **offered}
