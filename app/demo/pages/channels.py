"""The first levels of a site's navigation: home page, channel pages, the new-media page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from app.demo.accounts import Account
from app.demo.columns import Column, Entry
from app.demo.letters import Mailbox
from app.demo.pages.family import Family
from app.demo.pages.html import Frame

HOME_ROWS = 12
FORM = "/ndbb.html"
BLOCK_ROWS = 5
PLATFORMS = {
    "wechat": "微信公众号",
    "weibo": "微博",
    "douyin": "抖音号",
    "toutiao": "今日头条",
    "kuaishou": "快手号",
    "shipinhao": "微信视频号",
}

Named = tuple[str, str]


def home_page(
    family: Family,
    frame: Frame,
    columns: tuple[Column, ...],
    year: int,
    friends: Iterable[Named] = (),
) -> str:
    """The newest items of all columns, the form on a year's work, and links to other sites."""
    dated = [(entry.on, column, entry) for column in columns for entry in column.rows if entry.on]
    dated.sort(key=lambda row: row[0], reverse=True)
    rows = "".join(_row(family, column, entry) for _, column, entry in dated[:HOME_ROWS])
    links = "".join(f'<dd><a href="{escape(url)}">{name}</a></dd>\n' for name, url in friends)
    others = f'<dl class="friends"><dt>部门和镇街网站</dt>\n{links}</dl>\n' if links else ""
    link = f'<a href="{FORM}">政府网站工作年度报表（{year}年度）</a>'
    form = f'<div class="footer-links">{link}</div>\n'
    news = f'<div class="news"><h3>最新发布</h3>\n<ul class="newest">\n{rows}</ul></div>\n'
    main = f"{news}{others}{form}"
    return frame.page("首页", main)


def channel_page(
    family: Family, frame: Frame, columns: tuple[Column, ...], boxes: tuple[Mailbox, ...]
) -> str:
    """One block for each column of the channel: its name, 更多, its first rows."""
    blocks = [_block(column.name, column.path, _rows(family, column)) for column in columns]
    blocks += [_block(box.name, box.path, "") for box in boxes]
    return frame.page(frame.channel, f"{frame.where()}{''.join(blocks)}")


def media_page(frame: Frame, accounts: tuple[Account, ...]) -> str:
    """The county's accounts, each with the picture to scan."""
    cells = "".join(
        f'<div class="media"><img src="/images/qr/{account.id}.png" '
        f'alt="{account.name}{PLATFORMS[account.platform]}二维码"><p>{account.name}</p></div>\n'
        for account in accounts
    )
    return frame.page(frame.channel, f"{frame.where()}{cells}")


def _block(name: str, path: str, rows: str) -> str:
    return (
        f'<div class="block"><h3><a href="{escape(path)}">{escape(name)}</a></h3>'
        f'<a class="more" href="{escape(path)}">更多&gt;&gt;</a>\n{rows}</div>\n'
    )


def _rows(family: Family, column: Column) -> str:
    rows = [entry for entry in column.rows if not entry.apart][:BLOCK_ROWS]
    if not rows:
        return ""
    return f"<ul>\n{''.join(_row(family, column, entry) for entry in rows)}</ul>\n"


def _row(family: Family, column: Column, entry: Entry) -> str:
    # What a column keeps to itself, its blocks elsewhere must not tell.
    day = f"<span>{entry.on}</span>" if column.dates in ("full", "split") and entry.on else ""
    path = family.article_path(column, entry)
    return f'<li><a href="{path}">{escape(entry.title)}</a>{day}</li>\n'
