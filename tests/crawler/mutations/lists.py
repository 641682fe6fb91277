"""List pages: rows with titles and days, the days of other things, and lists that are not it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from crawler.readers.page import Page
from tests.crawler.mutations import frame
from tests.crawler.mutations.layouts import LAYOUTS, MadeRow, Written, split_days
from tests.crawler.mutations.words import (
    COLUMNS,
    SITES,
    TODAY,
    Form,
    full_forms,
    some_day,
    title,
    with_clock,
)


@dataclass(frozen=True, slots=True)
class MadeList:
    """A page and its rows; `newest` is the latest day a row says that is no future day."""

    seed: int
    page: Page
    rows: tuple[MadeRow, ...]

    @property
    def newest(self) -> date | None:
        days = [row.day for row in self.rows if row.shown and row.day <= TODAY]
        return max(days, default=None)


def make_list(seed: int) -> MadeList:
    """The list page of this seed: about one in eight does not say the days of its rows."""
    rng = Random(f"list {seed}")
    column, site = rng.choice(COLUMNS), rng.choice(SITES)
    kind = rng.random()
    shown = kind >= 0.12
    rows = [replace(row, shown=shown) for row in _rows(rng, dated_address=0.12 <= kind < 0.18)]
    if kind < 0.04:
        part = rng.choice(LAYOUTS)(rng, rows, _nothing)
    elif kind < 0.18:
        part = rng.choice(LAYOUTS)(rng, rows, _month_day(rng))
    elif kind < 0.32:
        part = split_days(rng, rows)
    else:
        part = rng.choice(LAYOUTS)(rng, rows, _whole_day(rng))
    content = frame.wrapped(rng, f"{_column_head(rng, column)}\n{part}\n{_pager(rng)}")
    data, content_type = frame.document(
        rng, rng.choice((f"{column}-{site}", f"{site} {column}", column)), "", _framed(rng, content)
    )
    page = Page("https://www.example.gov.cn/zwgk/index.html", data, TODAY, 200, content_type)
    return MadeList(seed, page, tuple(rows))


def _rows(rng: Random, *, dated_address: bool) -> list[MadeRow]:
    count = rng.randint(5, 25)
    day, rows = some_day(rng), []
    for number in range(count):
        folder = f"{day:%Y%m}/t{day:%Y%m%d}_" if dated_address else "content/"
        url = f"/zwgk/{folder}{100_000 + number}.html"
        rows.append(MadeRow(title(rng, number, dated=rng.random() < 0.5), url, day))
        day -= timedelta(days=rng.choice((0, 0, 1, 1, 2, 5, 9, 30)))
    order = rng.random()
    if order < 0.15:
        rows.reverse()
    elif order < 0.3:
        pinned = rows.pop(rng.randrange(count // 2, count))
        rows.insert(0, replace(pinned, title=rng.choice(_PINS).format(pinned.title)))
    if rng.random() < 0.05 and not dated_address:
        # A slip of the keyboard: next year's number. It is no update.
        at = rng.randrange(len(rows))
        rows[at] = replace(rows[at], day=rows[at].day.replace(day=1, year=TODAY.year + 1))
    return rows


_PINS = ("[置顶]{}", "{}（置顶）", "【顶】{}")


def _framed(rng: Random, content: str) -> list[str]:
    side = frame.sidebar(rng, longest=4) if rng.random() < 0.35 else ""
    top = frame.banner(rng) if rng.random() < 0.4 else ""
    parts = [side, content] if rng.random() < 0.4 else [content, side]
    return [top, frame.menu(rng), *parts, frame.foot(rng)]


def _column_head(rng: Random, column: str) -> str:
    tag = rng.choice(("h2", "h3", "div", "p"))
    head = f"<{tag}{frame.named(rng, ('title', 'lm_tit', 'column-name', ''))}>{column}</{tag}>"
    return "\n".join([frame.crumbs(rng, column), head if rng.random() < 0.7 else ""])


def _pager(rng: Random) -> str:
    if rng.random() < 0.3:
        return ""
    links = '<a href="index.html">首页</a> <a href="#">上一页</a> <a href="index_1.html">2</a>'
    return f"<div{frame.named(rng, ('page', 'pagination', ''))}>共328条 1/22页 {links} 下一页</div>"


def _nothing(_row: MadeRow) -> str:
    return ""


def _whole_day(rng: Random) -> Written:
    around = rng.choice(("{}", "{}", "{}", "[{}]", "({})", "（{}）", "【{}】"))
    form = rng.choice((full_forms(rng), full_forms(rng), full_forms(rng), _short_year(rng)))
    timed = rng.random() < 0.15 and len(form(TODAY)) > 8
    label = rng.choice(("", "", "", "发布时间：", "发布日期:", "时间：", "日期："))
    if around != "{}" or len(form(TODAY)) == 8:
        label = ""

    def written(row: MadeRow) -> str:
        return label + around.format(with_clock(rng, form, row.day, 1.0 if timed else 0.0))

    return written


def _short_year(rng: Random) -> Form:
    """26-11-22, which only a list may write, where all rows show what it means."""
    mark = rng.choice("-/")
    return lambda day: f"{day:%y}{mark}{day:%m}{mark}{day:%d}"


def _month_day(rng: Random) -> Written:
    form = rng.choice(("{:%m-%d}", "[{:%m-%d}]", "{:%m/%d}", "({:%m-%d})", "{:%m月%d日}"))
    return lambda row: form.format(row.day)
