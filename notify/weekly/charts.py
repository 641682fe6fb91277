"""The charts of the weekly report, and what stands in their place where there can be none."""

from __future__ import annotations

from notify.documents import charts
from notify.documents.parts import Picture
from notify.weekly.lines import TrendPoint
from notify.weekly.model import WeeklyFigures

RATE, LATE = "近12周栏目按时率（%）", "各类超期栏目数（个）"
NO_FONT = "图表未生成：本机没有中文字体。"


def pictures(figures: WeeklyFigures) -> tuple[Picture, ...] | None:
    """The rate of twelve weeks, and the overdue columns by class. None: no Chinese font.

    What there is nothing to show of has no chart.
    """
    rated = any(point.rate is not None for point in figures.trend)
    if not rated and not figures.by_class:
        return ()
    if (family := charts.chinese_font()) is None:
        return None
    found: list[Picture] = []
    if rated:
        line = charts.percent_line(RATE, _points(figures.trend), family)
        if line is None:
            return None
        found.append(Picture("on-time", line, _trend_words(figures.trend), charts.WIDTH))
    if figures.by_class:
        bars = charts.counts(LATE, figures.by_class, family)
        if bars is None:
            return None
        words = "、".join(f"{name}{number}个" for name, number in figures.by_class)
        found.append(Picture("overdue", bars, f"超期栏目分类：{words}。", charts.WIDTH))
    return tuple(found)


def _points(trend: tuple[TrendPoint, ...]) -> tuple[tuple[str, float | None], ...]:
    """The weeks as labels; the first one, and the first of a year, with the year below."""
    points = []
    year = None
    for point in trend:
        label = f"{point.period.week}周"
        if point.period.year != year:
            year = point.period.year
            label += f"\n{year}年"
        points.append((label, point.rate.value if point.rate else None))
    return tuple(points)


def _trend_words(trend: tuple[TrendPoint, ...]) -> str:
    weeks = "，".join(f"第{point.period.week}周{point.rate or '未判定'}" for point in trend)
    return f"近{len(trend)}周栏目按时率：{weeks}。"
