"""How list pages lay out their rows, and where in a row the day stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.crawler.mutations import frame
from tests.crawler.mutations.words import OFFICES, full_forms


@dataclass(frozen=True, slots=True)
class MadeRow:
    """One row: its title, its address, and its day as far as the page says it."""

    title: str
    url: str
    day: date
    shown: bool = True

    @property
    def says(self) -> date | None:
        """The whole day, if the page tells it."""
        return self.day if self.shown else None


Written = Callable[[MadeRow], str]
Layout = Callable[[Random, list[MadeRow], Written], str]


def _link(rng: Random, row: MadeRow) -> str:
    href = row.url if rng.random() < 0.9 else f"https://www.example.gov.cn{row.url}"
    shown, hint = row.title, ""
    if rng.random() < 0.3:
        hint = f' title="{row.title}"'
        shown = f"{row.title[:15]}…" if rng.random() < 0.3 else row.title
    opened = rng.choice(("", ' target="_blank"', " target=_blank"))
    mark = rng.choice(_MARKS) if rng.random() < 0.1 else ""
    return f'<a href="{href}"{opened}{hint}>{shown}</a>{mark}'


_MARKS = (
    '<img src="/new.gif" alt="new">',
    "<span>NEW</span>",
    "<i class='hot'></i>",
    "<em>图</em>",
)


def _items(rng: Random, rows: list[MadeRow], written: Written) -> str:
    first = rng.random() < 0.3
    tag = rng.choice(("span", "span", "em", "i", "b", "font", "time", "label"))
    name = frame.named(rng, ("date", "time", "fr", "rq", "pubtime", "right", "", ""))
    holder = rng.choice(("ul", "ul", "ul", "ol"))
    items = []
    for row in rows:
        day = f"<{tag}{name}>{written(row)}</{tag}>"
        link = _link(rng, row)
        inner = f"{day} {link}" if first else f"{link} {day}"
        items.append(f"<li>{inner}</li>")
    name = frame.named(rng, ("list", "news_list", "gl-list", "xxgk_list", ""))
    return f"<{holder}{name}>\n" + "\n".join(items) + f"\n</{holder}>"


def _items_day_in_link(rng: Random, rows: list[MadeRow], written: Written) -> str:
    tag = rng.choice(("span", "em", "i", "p"))
    items = []
    for row in rows:
        day = f"<{tag}>{written(row)}</{tag}>"
        items.append(f'<li><a href="{row.url}">{day}<h4>{row.title}</h4></a></li>')
    return f"<ul{frame.named(rng, ('list', 'card-list', ''))}>{''.join(items)}</ul>"


def _table(rng: Random, rows: list[MadeRow], written: Written) -> str:
    """Rows of a table, with a head row, a number, an office, and a deadline in the future."""
    number, office, head = rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.5
    deadline = head and rng.random() < 0.4
    form = full_forms(rng)
    names = ["序号"] * number + ["标题"] + ["发布机构"] * office
    names += ["截止日期"] * deadline + ["发布日期"]
    lines = [f"<tr>{''.join([f'<th>{name}</th>' for name in names])}</tr>"] if head else []
    for at, row in enumerate(rows, 1):
        cells = [f"{at}"] * number + [_link(rng, row)] + [rng.choice(OFFICES)] * office
        cells += [form(row.day + timedelta(days=rng.randrange(5, 90)))] * deadline
        cells.append(written(row))
        lines.append(f"<tr>{''.join([f'<td>{cell}</td>' for cell in cells])}</tr>")
    return f"<table{frame.named(rng, ('list', 'tb', ''))}>\n" + "\n".join(lines) + "\n</table>"


def _table_each(rng: Random, rows: list[MadeRow], written: Written) -> str:
    lines = [
        f"<table width=100%><tr><td width=10>·</td><td>{_link(rng, row)}</td>"
        f"<td align=right>{written(row)}</td></tr></table>"
        for row in rows
    ]
    return "\n".join(lines)


def _definitions(rng: Random, rows: list[MadeRow], written: Written) -> str:
    if rng.random() < 0.5:
        pairs = [f"<dt>{_link(rng, row)}</dt><dd>{written(row)}</dd>" for row in rows]
        return f"<dl>{''.join(pairs)}</dl>"
    each = [f"<dl><dt>{_link(rng, row)}</dt><dd>{written(row)}</dd></dl>" for row in rows]
    return "\n".join(each)


def _cards(rng: Random, rows: list[MadeRow], written: Written) -> str:
    """Blocks with a summary, whose text names days of its own."""
    tag = rng.choice(("div", "article", "section", "li"))
    head = rng.choice(("h2", "h3", "h4", "div"))
    name = frame.named(rng, ("item", "news-item", "con", "wz"))
    deadline = rng.random() < 0.15
    blocks = []
    for row in rows:
        day = frame.written_day(rng, row.day)
        summary = f"{day}，示例市召开会议，研究部署有关工作，要求各单位抓好落实…"
        end = f"截止日期：{day}　" if deadline else ""
        line = f'<div class="info">{end}<span class="time">{written(row)}</span></div>'
        picture = '<img src="/p.jpg" alt="">' if rng.random() < 0.5 else ""
        more = f'<a href="{row.url}">查看详情</a>' if rng.random() < 0.3 else ""
        blocks.append(
            f"<{tag}{name}>{picture}<{head}>{_link(rng, row)}</{head}>"
            f'<p class="desc">{summary}</p>{line}{more}</{tag}>'
        )
    return "\n".join(blocks) if tag != "li" else f"<ul>{''.join(blocks)}</ul>"


def _lines(rng: Random, rows: list[MadeRow], written: Written) -> str:
    """Bare lines: a mark, a link and a day, parted by line breaks or paragraphs."""
    lines = [f"·{_link(rng, row)}&nbsp;&nbsp;{written(row)}" for row in rows]
    if rng.random() < 0.5:
        return "<br>\n".join(lines) + "<br>"
    return "\n".join([f"<p>{line}</p>" for line in lines])


def _blocks(rng: Random, rows: list[MadeRow], written: Written) -> str:
    name = frame.named(rng, ("row", "list-item", "clearfix", ""))
    blocks = [
        f"<div{name}><div>{_link(rng, row)}</div><div>{written(row)}</div></div>" for row in rows
    ]
    return f"<div>{''.join(blocks)}</div>"


LAYOUTS: tuple[Layout, ...] = (
    _items,
    _items,
    _items,
    _items_day_in_link,
    _table,
    _table_each,
    _definitions,
    _cards,
    _lines,
    _blocks,
)


def split_days(rng: Random, rows: list[MadeRow]) -> str:
    """Days whose pieces stand in elements of their own, beside or above the title."""
    pieces = rng.choice(
        (
            "<b>{0:%d}</b><span>{0:%Y-%m}</span>",
            "<span>{0:%Y-%m}</span><strong>{0:%d}</strong>",
            "<p>{0:%d}</p><p>{0:%Y年%m月}</p>",
            "<i>{0:%m-%d}</i><em>{0:%Y}</em>",
            "<em>{0:%Y}</em><i>{0:%m/%d}</i>",
            "<h5>{0:%m-%d}</h5><span>{0:%Y年}</span>",
            "<b>{0.day}</b><span>{0:%Y.%m}</span>",
            "<b>{0:%d}</b><p>{0:%m}月</p><p>{0:%Y}</p>",
            "<span>{0:%Y}年</span><span>{0:%m}月</span><span>{0:%d}日</span>",
            "<span>{0:%Y}</span>-<span>{0:%m}</span>-<span>{0:%d}</span>",
        )
    )
    first = rng.random() < 0.6
    tag = rng.choice(("li", "li", "div", "dl"))
    blocks = []
    for row in rows:
        day = f'<div class="date">{pieces.format(row.day)}</div>'
        text = f"<div>{_link(rng, row)}</div>"
        inner = f"{day}{text}" if first else f"{text}{day}"
        blocks.append(f"<{tag}>{inner}</{tag}>" if tag != "dl" else f"<dl><dd>{inner}</dd></dl>")
    return f"<ul>{''.join(blocks)}</ul>" if tag == "li" else "\n".join(blocks)
