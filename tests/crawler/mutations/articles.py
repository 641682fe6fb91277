"""Article pages: a title, a day of publication or none, and many days that are not it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crawler.readers.page import Page
from tests.crawler.mutations import frame
from tests.crawler.mutations.words import (
    AUTHORS,
    COLUMNS,
    OFFICES,
    SITES,
    TODAY,
    full_forms,
    other_day,
    some_day,
    title,
    with_clock,
)


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """A page, and the day that it says it was published on; None when it does not say."""

    seed: int
    page: Page
    day: date | None


_LABELS = (
    *("发布时间", "发布日期", "时间", "日期") * 3,
    "发表时间",
    "信息发布时间",
    "信息时间",
    "文章发布时间",
    "录入时间",
    "添加时间",
    "公开日期",
    "更新时间",
    "发 布 时 间",
    "发布于",
)
_COLONS = ("：", "：", "：", ":", "： ", " ：", ":&nbsp;", "：&nbsp;&nbsp;&nbsp;&nbsp;", "：\n\t\t")
_GAPS = ("&nbsp;&nbsp;", " | ", "　", "\n", "</span> <span>", "</span>\n<span>", "&emsp;", " ")
_TITLE_TAGS = ("h1", "h1", "h2", "h3", "div", "p", "td", "strong")
_TITLE_NAMES = ("title", "tit", "bt", "arc_title", "xl_title", "articletitle", "")
_HEAD_NAMES = ("info", "sub", "ly", "laiyuan", "property", "pages-date", "time", "fbsj", "msg", "")


def make_article(seed: int) -> MadeArticle:
    """The article page of this seed: nine in ten say when they were published."""
    rng = Random(f"article {seed}")
    day = some_day(rng) if rng.random() < 0.9 else None
    name, site, column = title(rng, seed), rng.choice(SITES), rng.choice(COLUMNS)
    near = day or some_day(rng)
    heading = _heading(rng, name)
    head, after = _head(rng, day, near)
    content = [heading, head, _text(rng, name, near, signed=day is not None), after]
    if rng.random() < 0.06 and day is not None:
        content = [head, heading, *content[2:]]
    column_part = frame.wrapped(rng, "\n".join([*content, _neighbours(rng)]))
    body = _framed(rng, frame.crumbs(rng, column) + "\n" + column_part)
    page_title = rng.choice(
        (f"{name}-{site}", f"{name}_{column}_{site}", f"{site} {column} {name}", name, site)
    )
    data, content_type = frame.document(rng, page_title, _metas(rng, name, day), body)
    url = f"https://www.example.gov.cn/{_path(rng, seed, day)}"
    return MadeArticle(seed, Page(url, data, TODAY, 200, content_type), day)


def _framed(rng: Random, content: str) -> list[str]:
    side = frame.sidebar(rng) if rng.random() < 0.4 else ""
    top = frame.banner(rng) if rng.random() < 0.4 else ""
    menu = frame.menu(rng) if rng.random() < 0.8 else ""
    parts = [side, content] if rng.random() < 0.4 else [content, side]
    return [top, menu, *parts, frame.foot(rng) if rng.random() < 0.85 else ""]


def _heading(rng: Random, name: str) -> str:
    tag = rng.choice(_TITLE_TAGS)
    shown = f"<!-- 标题 --><font size=4>{name}</font>" if rng.random() < 0.15 else name
    if tag == "td":
        return f"<table><tr><td{frame.named(rng, _TITLE_NAMES)}>{shown}</td></tr></table>"
    return f"<{tag}{frame.named(rng, _TITLE_NAMES)}>{shown}</{tag}>"


def _head(rng: Random, day: date | None, near: date) -> tuple[str, str]:
    """What stands below the title, and what below the text: the day is in one of them."""
    if day is None:
        return rng.choice(_SILENT)(rng, near), ""
    kind = rng.random()
    if kind < 0.08:
        return f"<p>来源：{rng.choice(OFFICES)}</p>", f"<p>{_labelled(rng, day, _LABELS[:2])}</p>"
    if kind < 0.16:
        return _policy_table(rng, day), ""
    if kind < 0.22:
        return _script_line(rng, day), ""
    return _line(rng, day), ""


def _line(rng: Random, day: date) -> str:
    """The line below the title: day, source, author and counts in some order."""
    source = f"来源：{rng.choice(OFFICES)}"
    others = [source if rng.random() < 0.7 else "", _author(rng), _counts(rng)]
    others = [part for part in others if part]
    if source in others and rng.random() < 0.25:
        # Without a label the day stands beside the source, as no other day would.
        written = with_clock(rng, full_forms(rng), day)
        parts = [*others[:1], written, *others[1:]] if rng.random() < 0.5 else [written, *others]
    else:
        parts = [_labelled(rng, day, _LABELS)]
        rng.shuffle(others)
        cut = rng.randrange(len(others) + 1)
        parts = [*others[:cut], *parts, *others[cut:]]
    line = f"<span>{rng.choice(_GAPS).join(parts)}</span>"
    name = frame.named(rng, _HEAD_NAMES)
    holder = rng.choice(("div", "p", "td", "ul", "dl", "h4"))
    if holder == "td":
        return f"<table><tr><td{name}>{line}</td></tr></table>"
    if holder in ("ul", "dl"):
        item = "li" if holder == "ul" else "dd"
        items = "".join([f"<{item}>{part}</{item}>" for part in parts])
        return f"<{holder}{name}>{items.replace('<span>', '').replace('</span>', '')}</{holder}>"
    return f"<{holder}{name}>{line}</{holder}>"


def _labelled(rng: Random, day: date, labels: tuple[str, ...]) -> str:
    label, colon = rng.choice(labels), rng.choice(_COLONS)
    written = with_clock(rng, full_forms(rng), day)
    kind = rng.random()
    if kind < 0.1:
        return f"【{label}：{written}】"
    if kind < 0.15:
        return f"[ {label}{colon}{written} ]"
    if kind < 0.25:
        return f"<b>{label}{colon}</b><i>{written}</i>"
    if kind < 0.32:
        return f'<em>{label}</em>{colon}<time datetime="{day}">{written}</time>'
    if kind < 0.37:
        return f'<i class="icon"></i>{label}{colon}<span class="rq"><!-- d -->{written}</span>'
    return f"{label}{colon}{written}"


def _author(rng: Random) -> str:
    if rng.random() < 0.6:
        return ""
    return f"{rng.choice(('作者', '责任编辑', '编辑', '发布人'))}：{rng.choice(AUTHORS)}"


def _counts(rng: Random) -> str:
    if rng.random() < 0.5:
        return ""
    number = rng.randrange(1, 99999)
    return rng.choice(
        (
            f"浏览次数：{number}",
            f"点击：<span id='hits'>{number}</span>次",
            f"阅读量：{number}",
            "字号：<a>大</a> <a>中</a> <a>小</a>",
            "【字体：大 中 小】 <a href='javascript:window.print()'>打印</a>",
        )
    )


def _policy_table(rng: Random, day: date) -> str:
    """The head table of the directory of disclosed documents: its days differ."""
    form = full_forms(rng)
    issued = form(day - timedelta(days=rng.randrange(1, 60)))
    cells = [
        ("索引号", f"000000000/{day.year}-00{rng.randrange(100, 999)}"),
        ("发布机构", rng.choice(OFFICES)),
        (rng.choice(("成文日期", "生成日期")), issued),
        (rng.choice(("发布日期", "发布时间", "公开日期")), form(day)),
        ("文号", f"示政发〔{day.year}〕{rng.randrange(1, 99)}号"),
        ("有效期", rng.choice(("长期有效", f"{form(day)}至{form(other_day(rng, day))}"))),
    ]
    cells[2:4] = cells[2:4] if rng.random() < 0.6 else reversed(cells[2:4])
    mark = rng.choice(("：", ":", ""))
    if rng.random() < 0.3:
        rows = [f"<li><b>{label}：</b>{value}</li>" for label, value in cells]
        return f"<ul{frame.named(rng, ('xxgk', 'zfxx', ''))}>{''.join(rows)}</ul>"
    pairs = [f"<td>{label}{mark}</td><td>{value}</td>" for label, value in cells]
    rows = [f"<tr>{pairs[at]}{pairs[at + 1]}</tr>" for at in (0, 2, 4)]
    return f"<table{frame.named(rng, ('xxgk', 'zfxx', ''))}>{''.join(rows)}</table>"


def _script_line(rng: Random, day: date) -> str:
    name = rng.choice(("pubdata", "pubdate", "docreltime", "fbrq", "tm"))
    written = rng.choice((f"{day}", f"{day.year}年{day.month:02}月{day.day:02}日"))
    code = f"var {name} = '{written}'; document.write({name});"
    return f"<div>发布时间：<script>{code}</script> 来源：{rng.choice(OFFICES)}</div>"


_Silent = Callable[[Random, date], str]


def _no_day(rng: Random, near: date) -> str:
    return f"<div>来源：{rng.choice(OFFICES)}　{_counts(rng)}</div>"


def _month_and_day(rng: Random, near: date) -> str:
    written = rng.choice((f"{near:%m-%d}", f"{near:%m/%d}", f"{near.month}月{near.day}日"))
    return f"<div>发布时间：{written}　来源：{rng.choice(OFFICES)}</div>"


def _only_other_days(rng: Random, near: date) -> str:
    label = rng.choice(("成文日期", "施行日期", "截止日期", "活动时间", "签发日期"))
    return f"<div>{label}：{full_forms(rng)(near)}</div><div>{_counts(rng)}</div>"


def _nothing(rng: Random, near: date) -> str:
    return ""


def _impossible_day(rng: Random, near: date) -> str:
    return f"<div>发布时间：{rng.choice(('0000-00-00', 'null', '1970-01-01', '', '--'))}</div>"


_SILENT: tuple[_Silent, ...] = (
    _no_day,
    _month_and_day,
    _only_other_days,
    _nothing,
    _impossible_day,
)


def _text(rng: Random, name: str, near: date, *, signed: bool) -> str:
    """The text: laws, deadlines and events with days of their own, maybe a signature."""
    count = rng.randint(1, 5)
    chosen = [rng.choice(_SENTENCES).format(frame.written_day(rng, near)) for _ in range(count)]
    paragraphs = [f"<p>{sentence}</p>" for sentence in chosen]
    if signed and rng.random() < 0.3:
        office = rng.choice(OFFICES[:4])
        day = full_forms(rng)(near - timedelta(days=rng.randrange(1, 20)))
        paragraphs += [f'<p align="right">{office}</p>', f'<p align="right">{day}</p>']
    if rng.random() < 0.3:
        paragraphs.append(f'<p>附件：<a href="/files/P0{near:%Y%m%d}.doc">{name}附表.doc</a></p>')
    holder = rng.choice(("div", "td", "section"))
    inner = "\n".join(paragraphs)
    if holder == "td":
        return f"<table><tr><td>{inner}</td></tr></table>"
    name = frame.named(rng, ("zoom", "TRS_Editor", "article-content", ""))
    return f"<{holder}{name}>{inner}</{holder}>"


_SENTENCES = (
    "根据《示例市行政许可条例》（{0}起施行）的规定，现将有关事项公告如下。",
    "{0}，示例市召开会议，研究部署有关工作，要求各单位抓好落实。",
    "本通知自{0}起施行，此前规定与本通知不一致的，以本通知为准。",
    "报名时间：{0}至{0}，报名地点：示例市政务服务中心一楼大厅。",
    "公示时间：{0}，如有异议请向示例市财政局反映，联系电话：0000-0000000。",
    "一、活动时间：{0}　二、活动地点：示例市体育中心。",
    "截止日期为{0}，逾期不予受理，请相关单位合理安排时间。",
    "经{0}示例市人民政府常务会议审议通过，现予公布，请遵照执行。",
    "《关于示例事项的决定》（{0}示例市人大常委会通过）同时废止。",
    "为进一步做好有关工作，各单位要提高认识，压实责任，确保各项措施落到实处。",
    "示政办发〔2019〕12号文件要求，网址为http://www.example.gov.cn/2019/05/06/1.html。",
)


def _neighbours(rng: Random) -> str:
    """Links to the articles before and after, and what visitors said of this one."""
    form = full_forms(rng)
    lines = []
    if rng.random() < 0.4:
        for number, word in enumerate(("上一篇", "下一篇")):
            link = f'<a href="/n/{number}.html">{title(rng, 8000 + number)}</a>'
            day = f" {form(some_day(rng))}" if rng.random() < 0.5 else ""
            lines.append(f"<p>{word}：{link}{day}</p>")
    if rng.random() < 0.2:
        lines.append(f"<p>网友评论</p><p>某网友 发表于 {form(some_day(rng))} 10:20</p>")
    return "\n".join(lines)


def _metas(rng: Random, name: str, day: date | None) -> str:
    """Meta tags: true, or of the last rebuild, and then not agreeing with what is in sight."""
    lines = []
    if rng.random() < 0.3:
        lines.append(f'<meta name="ArticleTitle" content="{name}">')
    if day is not None and rng.random() < 0.4:
        said = day if rng.random() < 0.6 else other_day(rng, day)
        lines.append(f'<meta name="PubDate" content="{said} 08:30">')
    return "\n".join(lines)


def _path(rng: Random, seed: int, day: date | None) -> str:
    if day is None or rng.random() < 0.5:
        return f"info/1029/{10_000 + seed}.htm"
    said = day if rng.random() < 0.6 else other_day(rng, day)
    forms = (f"zwgk/{said:%Y%m}/t{said:%Y%m%d}_{seed}.html", f"art/{said:%Y/%m/%d}/art_1_2.html")
    return rng.choice(forms)
