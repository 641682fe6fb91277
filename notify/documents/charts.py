"""Charts as PNG: sober, told apart in grey print, the same bytes for the same numbers.

The library is imported when a chart is drawn and not before: it takes most of a second.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any

# Families that have the Chinese characters, those made for the screen and for charts first.
FAMILIES = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei"),
    *("SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "PingFang SC", "Heiti SC"),
    *("Noto Serif CJK SC", "SimSun", "FangSong", "Songti SC", "Droid Sans Fallback"),
)
# What the files of these families are called, for fonts installed since the library last looked.
FILES = ("cjk", "sourcehan", "msyh", "simhei", "wqy", "pingfang", "heiti", "simsun", "simfang")
WIDTH = 150  # mm
MM_PER_INCH, DPI = 25.4, 200
INK, FAINT = "#222222", "#BBBBBB"
SMALL, USUAL = 8, 9  # points


def chinese_font() -> str | None:
    """Which installed family has Chinese characters? None: there is none on this machine."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    if (family := _known(manager)) is None:
        for path in font_manager.findSystemFonts():
            if any(word in path.lower() for word in FILES):
                manager.addfont(path)
        family = _known(manager)
    return family


def _known(manager: Any) -> str | None:
    names = {font.name for font in manager.ttflist}
    return next((family for family in FAMILIES if family in names), None)


@lru_cache(maxsize=8)
def percent_line(
    title: str, points: tuple[tuple[str, float | None], ...], family: str
) -> bytes | None:
    """A line of shares from 0 to 1 on an axis to 100 %, a value at each point.

    A point of None is a gap in the line. None: the font lacks a character.
    """

    def draw(axes: Any) -> None:
        shares = [None if share is None else 100 * share for _, share in points]
        places = range(len(points))
        nan = float("nan")
        values = [nan if share is None else share for share in shares]
        axes.plot(places, values, color=INK, linewidth=1.2, marker="o", markersize=4)
        for place, share in zip(places, shares, strict=True):
            told = "未判定" if share is None else f"{share:.1f}"
            high = share is not None and share < 88
            offset = (0, 0) if share is None else (0, 6 if high else -13)
            at = (place, 3 if share is None else share)
            axes.annotate(told, at, offset, textcoords="offset points", ha="center", fontsize=SMALL)
        axes.set_xticks(places, [label for label, _ in points], fontsize=SMALL)
        axes.set_xlim(-0.6, len(points) - 0.4)
        axes.set_ylim(0, 105)
        axes.set_yticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
        axes.grid(axis="y", color=FAINT, linewidth=0.5, linestyle=":")

    return _drawn(draw, title, (64, 11, 12), family)


@lru_cache(maxsize=8)
def counts(title: str, bars: tuple[tuple[str, int], ...], family: str) -> bytes | None:
    """Bars that lie, the first on top, the number at the end of each. None: as above."""

    def draw(axes: Any) -> None:
        places = range(len(bars))
        axes.barh(places, [number for _, number in bars], height=0.6, color="#7A7A7A")
        for place, (_, number) in zip(places, bars, strict=True):
            axes.annotate(
                str(number), (number, place), (4, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(places, [label for label, _ in bars])
        axes.set_xlim(0, 1.1 * max(number for _, number in bars))
        axes.set_xticks([])
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.spines["bottom"].set_visible(False)

    return _drawn(draw, title, (12 + 8 * len(bars), 2, 28), family)


def _drawn(
    draw: Callable[[Any], None], title: str, room: tuple[int, int, int], family: str
) -> bytes | None:
    """The chart; `room` is its height, and what is left below and on its left for labels, in mm."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    target = BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        # Whatever the user's own settings are, the chart is the same.
        matplotlib.rcdefaults()
        matplotlib.rcParams |= {"font.family": family, "font.size": USUAL, "text.color": INK}
        warnings.filterwarnings("error", message=r"Glyph .* missing")
        height, below, left = room
        figure = Figure((WIDTH / MM_PER_INCH, height / MM_PER_INCH), DPI)
        # Measured by hand: to let the library find room would draw everything twice.
        figure.subplots_adjust(left / WIDTH, below / height, 1 - 3 / WIDTH, 1 - 9 / height)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(length=0, labelsize=SMALL)
        axes.set_title(title, fontsize=USUAL + 1)
        draw(axes)
        try:
            figure.savefig(target, format="png", metadata={"Software": None})
        except UserWarning:
            return None
    return target.getvalue()
