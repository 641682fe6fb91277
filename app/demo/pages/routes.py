"""Which address of which server answers with what?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html import escape

from app.demo import vetoes
from app.demo.accounts import Account, Post
from app.demo.columns import Column
from app.demo.letters import Mailbox
from app.demo.pages import channels, feeds, gbk, jpage, mailboxes, obstacles, trs, truecms, wechat
from app.demo.pages.family import Family
from app.demo.pages.html import ENTRY, SIGN, Frame, text_of
from app.demo.pages.reply import Ask, Reply, Route, always, built
from app.demo.plan import Plan, Site
from app.demo.titles import paragraphs

FAMILIES: dict[str, Family] = {"truecms": truecms, "jpage": jpage, "trs": trs, "gbk": gbk}
MEDIA = ("政务新媒体", "/xmt/")
MEDIA_HOST = "media"
CODE = "9999010000"


def routes_of(plan: Plan, host: str, base_urls: Mapping[str, str]) -> dict[str, Route]:
    """All addresses of one server, by path without the query.

    `base_urls` gives the address of each host, once all of them are served.
    """
    found: dict[str, Route] = {}
    sites = [site for site in plan.sites if site.host == host]
    for site in sites:
        found |= _site_routes(plan, site, base_urls)
    accounts = [account for account in plan.accounts if account.host == host]
    for account in accounts:
        found |= _account_routes(account)
    if host == MEDIA_HOST:
        found |= wechat.interface(plan.accounts)
        found["/"] = always(Reply(_feed_index(accounts).encode()))
    for path in (SIGN, ENTRY, channels.FORM) if sites else ():
        found[path] = always(Reply(Frame("云岚市", "云岚市", CODE, ()).page("说明", "").encode()))
    found["/robots.txt"] = always(Reply(_robots(sites), content_type="text/plain; charset=utf-8"))
    return found


def _site_routes(plan: Plan, site: Site, base_urls: Mapping[str, str]) -> dict[str, Route]:
    family = FAMILIES[site.family]
    columns, boxes = plan.columns_of(site), plan.mailboxes_of(site)
    nav = [("首页", site.home), *((c.name, c.path) for c in plan.channels_of(site))]
    nav += [MEDIA] if site.portal else []
    filed = site.fault != "home_unfiled"
    frame = Frame(site.name, site.unit.name, site.code, tuple(nav), family.CHARSET_TAG, filed=filed)
    page = partial(_page, family)
    if site.fault == "home_maintenance":
        return {site.home: always(obstacles.FIXED["maintenance"])}
    found: dict[str, Route] = {
        site.home: page(lambda: _home(plan, site, frame, base_urls)),
        **family.services(columns),
    }
    for channel in plan.channels_of(site):
        inside = tuple(c for c in columns if c.channel == channel.name)
        letters = tuple(box for box in boxes if box.channel == channel.name and box.path)
        menu = [(c.name, c.path) for c in inside] + [(box.name, box.path) for box in letters]
        framed = replace(frame, channel=channel.name, menu=tuple(menu))
        shown = partial(channels.channel_page, family, framed, inside, letters)
        found[channel.path] = page(shown)
        for column in inside:
            found |= _column_routes(family, framed, column)
        for box in letters:
            found |= _mailbox_routes(page, framed, box)
    if site.portal:
        framed = replace(frame, channel=MEDIA[0])
        found[MEDIA[1]] = page(partial(channels.media_page, framed, plan.accounts))
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
    if box.form is not None:
        found[box.form] = page(partial(mailboxes.form_page, frame, box))
    for letter in box.letters:
        detail = partial(mailboxes.letter_page, frame, box, letter)
        found[mailboxes.letter_path(box, letter)] = page(detail)
    return found


def _account_routes(account: Account) -> dict[str, Route]:
    """Its feed, container, list or article, or what stands in its place; and its posts."""
    path = account.path.partition("?")[0]
    found = {
        feeds.post_path(account, post): built(partial(_post, account, post))
        for post in account.posts
    }
    if account.obstacle in obstacles.OF_ACCOUNTS:
        found[path] = always(obstacles.OF_ACCOUNTS[account.obstacle])
    elif account.format == "article":
        found[path] = built(partial(_post, account, account.posts[0]))
    elif account.format == "list":
        found[path] = built(partial(_mirrored, account))
    elif account.format != "none":

        def feed(ask: Ask) -> Reply:
            body = feeds.feed(account, ask.base).encode()
            return Reply(body, content_type=feeds.CONTENT_TYPES[account.format])

        found[path] = feed
    return found


def _mirrored(account: Account) -> Reply:
    """The portal's own page on an account: its posts, copied as a list."""
    rows = "".join(
        f'<li><a href="{feeds.post_path(account, post)}">{escape(post.title)}</a>'
        f"<span>{post.at:%Y-%m-%d}</span></li>\n"
        for post in account.posts
    )
    frame = Frame(account.name, account.unit_name, CODE, ())
    return Reply(frame.page(account.name, f'<ul class="list">\n{rows}</ul>\n').encode())


def _page(family: Family, build: Callable[[], str], keep: bool = False) -> Route:
    def reply() -> Reply:
        body = build().encode(family.CHARSET)
        return Reply(body, content_type=family.CONTENT_TYPE, keep=keep)

    return built(reply)


def _home(plan: Plan, site: Site, frame: Frame, base_urls: Mapping[str, str]) -> str:
    """The home page; a portal's also leads to the county's other sites."""
    others = [o for o in plan.sites if site.portal and o is not site and o.host != vetoes.HOST]
    friends = [(other.name, base_urls[other.host] + other.home) for other in others]
    return channels.home_page(
        FAMILIES[site.family], frame, plan.columns_of(site), plan.today.year - 1, friends
    )


def _post(account: Account, post: Post) -> Reply:
    frame = Frame(account.name, account.unit_name, CODE, ())
    main = (
        f"<h1>{escape(post.title)}</h1>\n<p>发布时间：{post.at:%Y-%m-%d %H:%M}</p>\n"
        f"{text_of(paragraphs(post.title, account.unit_name))}"
    )
    return Reply(frame.page(post.title, main).encode())


def _feed_index(accounts: list[Account]) -> str:
    nav = tuple((account.name, account.path) for account in accounts)
    return Frame("云岚市政务新媒体", "云岚市", CODE, nav).page("订阅源", "")


def _robots(sites: list[Site]) -> bytes:
    closed = [path for site in sites for path in site.disallow]
    lines = [f"Disallow: {path}" for path in closed] or ["Disallow:"]
    return "\n".join(["# synthetic", "User-agent: *", *lines, ""]).encode()
