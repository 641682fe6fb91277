"""Which address of which server answers with what?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

from app.demo.accounts import Account, Post
from app.demo.columns import Column
from app.demo.letters import Mailbox
from app.demo.pages import feeds, gbk, jpage, mailboxes, obstacles, trs, truecms
from app.demo.pages.family import Family
from app.demo.pages.html import Frame, text_of
from app.demo.pages.reply import Ask, Reply, Route, always, built
from app.demo.plan import Plan, Site
from app.demo.titles import paragraphs

FAMILIES: dict[str, Family] = {"truecms": truecms, "jpage": jpage, "trs": trs, "gbk": gbk}
HOME_ROWS = 12


def routes_of(plan: Plan, host: str) -> dict[str, Route]:
    """All addresses of one server, by path without the query."""
    found: dict[str, Route] = {}
    sites = [site for site in plan.sites if site.host == host]
    for site in sites:
        found |= _site_routes(plan, site)
    accounts = [account for account in plan.accounts if account.host == host]
    for account in accounts:
        found |= _account_routes(account)
    if accounts:
        found["/"] = always(Reply(_feed_index(accounts).encode()))
    found["/robots.txt"] = always(Reply(_robots(sites), content_type="text/plain; charset=utf-8"))
    return found


def _site_routes(plan: Plan, site: Site) -> dict[str, Route]:
    family = FAMILIES[site.family]
    columns, boxes = plan.columns_of(site), plan.mailboxes_of(site)
    nav = [("首页", site.home), *((c.name, c.path) for c in columns)]
    nav += [(box.name, box.path) for box in boxes]
    frame = Frame(site.name, site.unit.name, site.code, tuple(nav), family.CHARSET_TAG)
    page = partial(_page, family)
    if site.fault == "home_maintenance":
        return {site.home: always(obstacles.FIXED["maintenance"])}
    found: dict[str, Route] = {
        site.home: page(partial(_home, family, frame, columns)),
        **family.services(columns),
    }
    for column in columns:
        found |= _column_routes(family, frame, column)
    for box in boxes:
        found |= _mailbox_routes(page, frame, box)
    return found


def _column_routes(family: Family, frame: Frame, column: Column) -> dict[str, Route]:
    found: dict[str, Route] = {}
    for entry in column.entries:
        article = partial(family.article_page, frame, column, entry)
        found[family.article_path(column, entry)] = _page(family, article)
    found[column.list_path] = _page(
        family, partial(family.list_page, frame, column), column.conditional
    )
    return found | obstacles.routes(column)


def _mailbox_routes(
    page: Callable[[Callable[[], str]], Route], frame: Frame, box: Mailbox
) -> dict[str, Route]:
    found = {box.path: page(partial(mailboxes.list_page, frame, box))}
    for letter in box.letters:
        detail = partial(mailboxes.letter_page, frame, box, letter)
        found[mailboxes.letter_path(box, letter)] = page(detail)
    return found


def _account_routes(account: Account) -> dict[str, Route]:
    path = account.path.partition("?")[0]
    if account.blocked:
        return {path: always(obstacles.FIXED["firewall_403"])}

    def feed(ask: Ask) -> Reply:
        body = feeds.feed(account, ask.base).encode()
        return Reply(body, content_type=feeds.CONTENT_TYPES[account.format])

    found: dict[str, Route] = {path: feed}
    for post in account.posts:
        found[feeds.post_path(account, post)] = built(partial(_post, account, post))
    return found


def _page(family: Family, build: Callable[[], str], keep: bool = False) -> Route:
    def reply() -> Reply:
        body = build().encode(family.CHARSET)
        return Reply(body, content_type=family.CONTENT_TYPE, keep=keep)

    return built(reply)


def _home(family: Family, frame: Frame, columns: tuple[Column, ...]) -> str:
    entries = [(entry.on, column, entry) for column in columns for entry in column.rows if entry.on]
    entries.sort(key=lambda row: row[0], reverse=True)
    rows = "".join(
        f'<li><a href="{family.article_path(column, entry)}">{escape(entry.title)}</a>'
        f"<span>{day}</span></li>\n"
        for day, column, entry in entries[:HOME_ROWS]
    )
    main = f'<div class="news"><h3>最新发布</h3>\n<ul class="newest">\n{rows}</ul></div>'
    return frame.page("首页", main)


def _post(account: Account, post: Post) -> Reply:
    frame = Frame(account.name, account.unit_name, "9999010000", ())
    main = (
        f"<h1>{escape(post.title)}</h1>\n<p>发布时间：{post.at:%Y-%m-%d %H:%M}</p>\n"
        f"{text_of(paragraphs(post.title, account.unit_name))}"
    )
    return Reply(frame.page(post.title, main).encode())


def _feed_index(accounts: list[Account]) -> str:
    nav = tuple((account.name, account.path) for account in accounts)
    return Frame("云岚市政务新媒体", "云岚市", "9999010000", nav).page("订阅源", "")


def _robots(sites: list[Site]) -> bytes:
    closed = [path for site in sites for path in site.disallow]
    lines = [f"Disallow: {path}" for path in closed] or ["Disallow:"]
    return "\n".join(["# synthetic", "User-agent: *", *lines, ""]).encode()
