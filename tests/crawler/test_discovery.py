"""What a page of a portal is, what its columns are called and classed, and what becomes a row."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers.discovery.accounts import SeenAccount, page_accounts
from crawler.readers.discovery.addresses import (
    canonical,
    is_article_address,
    is_useless_address,
    registrable,
    same_place,
)
from crawler.readers.discovery.classes import (
    Sure,
    class_of_titles,
    class_of_words,
    guess_by_siblings,
    guess_class,
)
from crawler.readers.discovery.draft import Draft, Found, make_draft
from crawler.readers.discovery.frontier import Frontier, Way
from crawler.readers.discovery.ids import ids_of
from crawler.readers.discovery.kinds import Looked, PageKind, look, look_again
from crawler.readers.discovery.links import MOST_LINKS, Link, page_links
from crawler.readers.discovery.words_of_page import PageWords, path_of
from crawler.readers.listing.scan import scan_page
from crawler.readers.page import Page
from storage.fields import CLASSES, PLATFORMS

TODAY = date(2026, 11, 22)
HOME = "https://www.example.gov.cn/"


def page(body: str, path: str = "zwgk/tzgg/", head: str = "") -> Page:
    html = f"<html><!-- synthetic --><head>{head}</head><body>{body}</body></html>"
    return Page(HOME + path, html.encode(), TODAY)


def rows(count: int = 8, title: str = "关于做好第{}号工作的通知") -> str:
    each = (
        f"<li><a href='./202611/t202611{n:02d}_{n}.html'>{title.format(n)}</a>"
        f"<span>2026-11-{n:02d}</span></li>"
        for n in range(10, 10 + count)
    )
    return f"<ul>{''.join(each)}</ul>"


NAV = (
    "<div class='nav'><a href='/'>首页</a><a href='/xwzx/'>新闻中心</a>"
    "<a href='/zwgk/'>政务公开</a><a href='/hdjl/'>政民互动</a></div>"
)


# Addresses


@pytest.mark.parametrize(
    "path",
    [
        "zwgk/202009/t20200909_5690101.html",
        "xwdt/t18993630.shtml",
        "hasrmzf/szfwj/content/886bb721-5b1c-4e0b-9a8e-0d7d9e1f2a3b.html",
        "art/2026/9/1/art_123_456.html",
        "info/1002/3344.htm",
        "gkmlpt/content/9/9360/post_9360641.html",
        "public/content/4412345",
        "c101704/2025/6/3/0123456789abcdef0123456789abcdef.shtml",
        "html/cznd/2016/CPJCILBI_0720/241753.html",
        "show.jsp?articleid=88",
    ],
)
def test_addresses_of_single_items_are_known_by_their_shape(path: str) -> None:
    assert is_article_address(HOME + path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "hasrmzf/szfwj/szfwj.html",
        "col/col1001/index.html",
        "zwgk/tzgg/",
        "xwzx/tzgg.htm",
        "c100494/xwzx_list.shtml",
        "content/column/6790",
        "public/column/4685?type=4&catId=123&action=list",
        "gkmlpt/index#123",
        "class/HFLDAALF",
        "channels/18105.html",
        "jyxx/003001/003001002/moreinfo.html",
    ],
)
def test_addresses_of_columns_are_neither_articles_nor_useless(path: str) -> None:
    assert not is_article_address(HOME + path)
    assert not is_useless_address(HOME + path)


@pytest.mark.parametrize(
    "path",
    [
        "zwgk/tzgg/index_2.html",
        "zwgk/common_list_3.shtml",
        "list.jsp?page=2",
        "files/2026/table.xlsx",
        "images/a.png",
        "search/?q=1",
        "user/login.jsp",
        "print/tzgg.html",
        "calendar/2026/12",
        "events?date=2026-12-01",
        "feeds/all.rss",
    ],
)
def test_files_further_pages_and_service_pages_lead_to_no_column(path: str) -> None:
    assert is_useless_address(HOME + path)


def test_one_page_has_one_place_and_keeps_the_address_it_is_asked_by() -> None:
    asked = "https://WWW.example.gov.cn:443/zwgk/index.html?dw=%B9%AB&spm=7#top"
    assert canonical(asked) == "https://www.example.gov.cn/zwgk/index.html?dw=%B9%AB"
    assert same_place(asked) == same_place("http://www.example.gov.cn/zwgk/?dw=%B9%AB")
    assert same_place(HOME + "gkmlpt/index#12") != same_place(HOME + "gkmlpt/index#13")
    assert canonical("http://www.example.gov.cn:99999/") == "http://www.example.gov.cn:99999/"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.haian.gov.cn/", "haian.gov.cn"),
        ("http://12345.haian.gov.cn/bmfw/", "haian.gov.cn"),
        ("https://www.example.com/", "example.com"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[::1]:80/", "::1"),
    ],
)
def test_hosts_are_compared_by_the_name_they_are_registered_under(url: str, name: str) -> None:
    assert registrable(url) == name


# Classes


@pytest.mark.parametrize(
    ("name", "column_class"),
    [
        ("政务要闻", "news"),
        ("部门动态", "news"),
        ("乡镇动态", "news"),
        ("图片新闻", "news"),
        ("通知公告", "notice"),
        ("公示公告", "notice"),
        ("政策文件", "policy_doc"),
        ("行政规范性文件", "policy_doc"),
        ("政策解读", "interpretation"),
        ("惠农政策解读", "interpretation"),
        ("法定主动公开内容", "catalog"),
        ("政府信息公开目录", "catalog"),
        ("市情概况", "overview"),
        ("走进本市", "overview"),
        ("领导之窗", "leader"),
        ("机构职能", "institution"),
        ("规划计划", "plan"),
        ("人事信息", "personnel"),
        ("统计信息", "statistics"),
        ("在线访谈", "interview"),
        ("民意征集", "survey"),
        ("网上调查", "survey"),
        ("专题专栏", "special"),
        ("办事指南", "service"),
        ("村务公开", "other"),
        ("财政预决算", "other"),
        ("规划动态", "news"),
        ("政策解读（图文）", "interpretation"),
    ],
)
def test_the_most_specific_words_of_a_name_give_its_class(name: str, column_class: str) -> None:
    assert class_of_words(name) == column_class
    assert column_class in CLASSES


@pytest.mark.parametrize("name", ["基础教育", "营商环境", "美丽乡村", "公共资源", "石桥视点"])
def test_a_name_that_speaks_for_no_class_gives_none(name: str) -> None:
    assert class_of_words(name) is None


@pytest.mark.parametrize(
    ("titles", "column_class"),
    [
        (["关于停水的通知", "关于招标的公告", "关于调整路线的通告"], "notice"),
        (
            ["市政府关于印发方案的通知", "市政府办公室关于成立小组的通知", "县政府关于任务的意见"],
            "policy_doc",
        ),
        (["市领导调研安全生产", "我市召开推进会", "某镇举办文艺活动"], "news"),
        (["一图读懂：停车办法", "《停车办法》政策解读", "图解：养老补贴"], "interpretation"),
        (["关于拟录用人员的公示", "某局招聘人员公告", "人事任免通知"], "personnel"),
        (["市领导调研", "关于停水的通知"], None),
        (["市领导调研安全生产", "关于停水的通知", "《停车办法》政策解读"], None),
        ([], None),
    ],
)
def test_a_majority_of_titles_gives_the_class_and_a_few_or_mixed_ones_do_not(
    titles: list[str], column_class: str | None
) -> None:
    assert class_of_titles(titles) == column_class


def test_the_tag_comes_before_the_name_the_name_before_rows_and_rows_before_the_channel() -> None:
    news = ["市领导调研安全生产", "我市召开推进会", "某镇举办文艺活动"]
    by_tag = guess_class("通知公告", "政策解读", (), news)
    by_name = guess_class("栏目", "政策解读", ("通知公告",), news)
    by_rows = guess_class(None, "营商环境", ("通知公告",), news)
    by_path = guess_class(None, "营商环境", ("政务公开", "通知公告"), [])
    guesses = [by_tag, by_name, by_rows, by_path]
    assert [(g.column_class, g.sure) for g in guesses if g] == [
        ("notice", Sure.HIGH),
        ("interpretation", Sure.HIGH),
        ("news", Sure.FAIR),
        ("notice", Sure.FAIR),
    ]


def test_an_office_above_a_column_is_no_class() -> None:
    assert guess_class(None, "下属企业", ("市统计局",), []) is None


def test_neighbours_speak_only_in_a_majority() -> None:
    guess = guess_by_siblings(["news", "news", "notice"])
    assert guess is not None
    assert (guess.column_class, guess.sure.chinese) == ("news", "低")
    assert guess_by_siblings(["news", "notice"]) is None
    assert guess_by_siblings(["other", "other"]) is None
    assert guess_by_siblings([]) is None


# Pages


def test_a_list_of_items_is_a_column_with_its_figures() -> None:
    seen = look(page(f"{NAV}<h3>通知公告</h3>{rows()}"), "通知公告")
    assert (seen.kind, seen.outcome, seen.rows) == (PageKind.COLUMN, Outcome.OK, 8)
    assert seen.newest == date(2026, 11, 17)
    assert [link.name for link in seen.links] == ["新闻中心", "政务公开", "政民互动"]


def test_a_list_under_letter_words_of_the_menu_is_no_mailbox() -> None:
    menu = NAV.replace("政民互动", "市长信箱")
    head = "<tr><th>序号</th><th>标题</th><th>发布时间</th></tr>"
    lines = "".join(
        f"<tr><td>{n}</td><td><a href='/a/{n}.html'>关于第{n}号事项的通知</a></td>"
        f"<td>2026-11-{n}</td></tr>"
        for n in range(10, 18)
    )
    seen = look(page(f"{menu}<table>{head}{lines}</table>"), "通知公告")
    assert (seen.kind, seen.rows) == (PageKind.COLUMN, 8)


def test_a_page_that_says_it_is_empty_is_a_column_without_rows() -> None:
    seen = look(page(f"{NAV}<h3>规划计划</h3><p>暂无内容</p>"), "规划计划")
    assert (seen.kind, seen.outcome, seen.rows) == (PageKind.COLUMN, Outcome.EMPTY, 0)


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (
            "<h1>关于停水的通知</h1><p>正文。</p>",
            '<meta name="ArticleTitle" content="关于停水的通知">',
        ),
        (
            "<h1>关于停水的通知</h1><p>发布时间：2026-11-20 来源：市水务局</p>"
            f"<p>{'正文。' * 40}</p>",
            "",
        ),
        (
            "<h1>关于停水的通知</h1><p>发布时间：2026-11-20 来源：市水务局</p><p>正文。</p>"
            f"<h3>相关信息</h3>{rows(4)}",
            "",
        ),
    ],
)
def test_an_article_is_never_a_column(body: str, head: str) -> None:
    assert look(page(NAV + body, "zwgk/abc.html", head), "停水通知").kind is PageKind.ARTICLE


def test_a_page_of_blocks_with_more_links_is_a_channel() -> None:
    blocks = "".join(
        f"<div><h3>{name}</h3><a href='/{path}/'>更多&gt;&gt;</a>{rows(5)}</div>"
        for name, path in (("政务要闻", "zwyw"), ("部门动态", "bmdt"))
    )
    seen = look(page(NAV + blocks, "xwzx/"), "新闻中心")
    assert seen.kind is PageKind.CHANNEL
    named = {link.url: link.name for link in seen.links if link.more}
    assert named == {HOME + "zwyw/": "政务要闻", HOME + "bmdt/": "部门动态"}


def test_the_home_page_is_never_a_column() -> None:
    assert look(page(NAV + rows(), "")).kind is PageKind.CHANNEL
    head = "<title>本市人民政府网站</title><meta name='SiteName' content='本市人民政府网站'>"
    assert look(page(NAV + rows(), "bsrmzf/index.html", head)).kind is PageKind.CHANNEL
    assert look(page(NAV + rows(), "bsjyj/")).kind is PageKind.COLUMN
    where = "<div>当前位置：首页 &gt; 通知公告</div>"
    assert look(page(NAV + where + rows(), "tzgg/", head)).kind is PageKind.COLUMN


def test_a_list_of_letters_is_a_mailbox_and_a_form_is_said_to_be_one() -> None:
    head = "<tr><th>编号</th><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>"
    lines = "".join(
        f"<tr><td>{n}</td><td><a href='/xj/{n}.html'>反映第{n}号路灯问题</a></td>"
        f"<td>2026-11-{n}</td><td>2026-11-{n + 1}</td><td>已答复</td></tr>"
        for n in range(10, 15)
    )
    letters = look(page(f"{NAV}<table>{head}{lines}</table>", "szxx/"), "市长信箱")
    assert (letters.kind, letters.rows) == (PageKind.LETTERS, 5)
    form = "<form>来信标题<input name='t'>来信内容<textarea></textarea></form>"
    assert look(page(NAV + form, "xiexin/"), "我要写信").kind is PageKind.LETTER_FORM


def test_search_pages_and_data_are_no_columns() -> None:
    assert look(page(NAV + rows(), "sousuo1/"), "站内搜索").kind is PageKind.SEARCH
    feed = b"<?xml version='1.0'?><!-- synthetic --><rss><channel></channel></rss>"
    assert look(Page(HOME + "f", feed, TODAY)).kind is PageKind.OTHER


def test_a_page_that_was_not_seen_or_not_read_says_so() -> None:
    refused = Page(HOME + "a/", b"<!-- synthetic -->", TODAY, status=403)
    assert (look(refused).kind, look(refused).outcome) == (PageKind.UNSEEN, Outcome.BLOCKED)
    shell = look(page("<div id='app'></div><script src='/app.js'></script>"))
    assert (shell.kind, shell.outcome.seen) == (PageKind.UNREAD, False)


def test_a_column_whose_rows_come_from_a_service_is_read_with_its_answer() -> None:
    script = (
        "<div id='initData'></div><div id='msgList'></div><script>$('#msgList').jpage({"
        "proxyUrl:'/truecms/messageController/getMessage.do',perPage:10,"
        "ajaxParam:{columnId:'0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f'}});</script>"
    )
    seen = look(page(NAV + script, "rmzf/zwyw/zwyw.html"), "政务要闻")
    assert (seen.kind, seen.rows) == (PageKind.COLUMN, 0)
    assert seen.follow is not None
    records = "".join(
        f"<record><![CDATA[<li><a href='/a/{n}.html'>关于第{n}号事项的通知</a>"
        f"<span>2026-11-{n}</span></li>]]></record>"
        for n in (12, 11, 10)
    )
    store = f"<datastore><recordset>{records}</recordset></datastore>"
    synthetic = {"note": "synthetic", "result": store}
    answer = Page(seen.url, f"cb({json.dumps(synthetic)})".encode(), TODAY)
    read = look_again(seen, answer)
    assert (read.kind, read.outcome, read.rows, read.follow) == (
        PageKind.COLUMN,
        Outcome.OK,
        3,
        None,
    )
    failed = look_again(seen, Page(seen.url, b"<!-- synthetic -->", TODAY, status=404))
    assert (failed.kind, failed.outcome) == (PageKind.COLUMN, Outcome.GONE)


def test_the_path_above_a_page_is_read_without_home_and_site_name() -> None:
    steps = " &gt; ".join(["<a>首页</a>", "<a>本市人民政府网站</a>", "<a>政务公开</a>", "通知公告"])
    line = f"<div>当前位置：{steps}</div>"
    assert path_of(scan_page(f"<!-- synthetic -->{line}")) == ("政务公开", "通知公告")


# Links


def links(body: str) -> list[Link]:
    return page_links(scan_page(f"<!-- synthetic -->{body}"), HOME, frozenset())


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/tzgg/index_2.html'>下一页</a>",
        "<a href='/tzgg/x/'>2</a>",
        "<a href='/cal/12/'>下月</a>",
        "<a href='/a.pdf'>统计公报</a>",
        "<a href='https://www.example.com/x/'>友情链接</a>",
        "<a href='javascript:;'>政务公开</a>",
        "<a href='mailto:x@example.gov.cn'>联系办公室</a>",
        "<a href='http://www.example.gov.cn:99999/x/'>政务公开</a>",
        "<a href='/zwgk/2026-11-20/'>2026-11-20</a>",
        "<a href='/info/1002/3344.htm'>市长调研</a>",
        "<a href='/x/'>关于进一步加强全市安全生产工作若干问题的通知</a>",
    ],
)
def test_links_that_lead_to_no_column_are_left_alone(link: str) -> None:
    assert [found for found in links(link) if ":99999" not in found.url] == []


def test_a_name_written_with_blanks_is_joined() -> None:
    assert [link.name for link in links("<a href='/zwgk/'>政 务 公 开</a>")] == ["政务公开"]


def test_a_mailbox_on_another_host_is_still_looked_at() -> None:
    found = links("<a href='https://12345.other.gov.cn/x/'>市长信箱</a>")
    assert [(link.name, link.url) for link in found] == [
        ("市长信箱", "https://12345.other.gov.cn/x/")
    ]


def test_ten_thousand_links_are_cut_off() -> None:
    body = "".join(f"<a href='/c{n}/'>政务栏目</a>" for n in range(10_000))
    assert len(links(body)) == MOST_LINKS


# Accounts


def test_accounts_are_what_the_page_shows_once_each() -> None:
    body = (
        "<a href='https://weibo.com/u/0000000000'>本市发布</a>"
        "<a href='https://service.weibo.com/share/share.php?url=x'>分享</a>"
        "<a href='https://mp.weixin.qq.com/s/abcdef'>市领导调研</a>"
        "<div><img src='/qr/1.png' alt='本市发布微信公众号二维码'><p>本市发布</p></div>"
        "<div><img src='/qr/1.png' alt='本市发布微信公众号二维码'><p>本市发布</p></div>"
        "<div><img src='/qr/2.png' alt='二维码'><p>手机打开当前页</p></div>"
        "<div><img src='/qr/3.png'><p>本市文旅抖音号</p></div>"
        "<img src='/banner.png' alt='微信矩阵横幅'>"
        "<a href='https://apps.apple.com/cn/app/id0'>本市通客户端下载</a>"
    )
    found = page_accounts(scan_page(f"<!-- synthetic -->{body}"), HOME)
    assert found == [
        SeenAccount("weibo", "本市发布", "https://weibo.com/u/0000000000"),
        SeenAccount("wechat", "本市发布", None),
        SeenAccount("douyin", "本市文旅", None),
        SeenAccount("app", "本市通", "https://apps.apple.com/cn/app/id0"),
    ]
    assert {account.platform for account in found} <= set(PLATFORMS)


# The walk


def leads(*names: str, aside: bool = True) -> tuple[Link, ...]:
    return tuple(Link(f"{HOME}{name}/", name, 1, aside, False) for name in names)


def channel(url: str, found: tuple[Link, ...]) -> Looked:
    return Looked(url, PageKind.CHANNEL, Outcome.OK, "", links=found)


def test_menus_come_before_other_links_and_every_page_once() -> None:
    frontier = Frontier(HOME, 300)
    (home,) = frontier.next_level()
    other = leads("甲乙", aside=False)
    frontier.add(home, channel(HOME, (*other, *leads("丙丁", "戊己"), *other)))
    assert [way.name for way in frontier.next_level()] == ["丙丁", "戊己", "甲乙"]
    assert frontier.next_level() == []
    assert not frontier.cut


def test_the_walk_ends_at_its_depth_and_at_its_pages() -> None:
    frontier = Frontier(HOME, 12)
    looked = 0
    deepest = 0
    while level := frontier.next_level():
        for way in level:
            looked += 1
            deepest = max(deepest, way.depth)
            below = leads(*(f"甲乙{looked}年{n}" for n in range(3)))
            frontier.add(way, channel(way.url, below))
    assert (looked, frontier.cut) == (12, True)
    deep = Frontier(HOME, 300)
    while level := deep.next_level():
        for way in level:
            deepest = max(deepest, way.depth)
            deep.add(way, channel(way.url, leads(f"{way.name}甲"[-9:] + "乙" * way.depth)))
    assert deepest == 3


def test_articles_persons_and_topics_lead_no_further() -> None:
    for way, kind in (
        (Way(HOME + "a/", "通知公告"), PageKind.ARTICLE),
        (Way(HOME + "b/", "领导之窗"), PageKind.CHANNEL),
        (Way(HOME + "c/", "专题专栏"), PageKind.CHANNEL),
    ):
        frontier = Frontier(HOME, 300)
        frontier.next_level()
        frontier.add(way, Looked(way.url, kind, Outcome.OK, "", links=leads("甲乙")))
        assert frontier.next_level() == []


# The draft


def found(
    name: str,
    kind: PageKind = PageKind.COLUMN,
    path: tuple[str, ...] = (),
    place: tuple[int, ...] = (1,),
    outcome: Outcome = Outcome.OK,
    items: tuple[str, ...] = (),
    url: str | None = None,
    block: str = "b",
) -> Found:
    address = HOME + (url if url is not None else f"{'-'.join(map(str, place))}/")
    way = Way(address, name, path, HOME, block, place)
    return Found((way,), Looked(address, kind, outcome, "说明", rows=9, items=items))


def start() -> Found:
    words = PageWords(site_name="本市人民政府网站", site_code="3206000000")
    return Found((Way(HOME, ""),), Looked(HOME, PageKind.CHANNEL, Outcome.OK, "", words))


def draft(*pages: Found) -> Draft:
    return make_draft([start(), *pages])


def test_columns_stand_in_the_order_of_the_navigation() -> None:
    made = draft(found("通知公告", place=(2, 1)), found("政务要闻", place=(1, 5)))
    assert [row.name for row in made.columns] == ["政务要闻", "通知公告"]
    assert [(site.name, site.code) for site in made.sites] == [("本市人民政府网站", "3206000000")]


def test_articles_and_channels_are_no_rows() -> None:
    kinds = [PageKind.ARTICLE, PageKind.CHANNEL, PageKind.SEARCH, PageKind.OTHER]
    pages = [found("政务要闻", kind, place=(at,)) for at, kind in enumerate(kinds)]
    assert draft(*pages).columns == ()


def test_a_channel_that_shows_its_first_columns_rows_gives_way_to_the_column() -> None:
    same = ("a", "b", "c")
    made = draft(
        found("政务公开", place=(1,), items=same),
        found("通知公告", place=(1, 1), path=("政务公开",), items=same),
        found("公告公示", place=(2,), items=same),
    )
    assert [row.name for row in made.columns] == ["通知公告"]


def test_what_was_not_seen_is_a_column_only_among_columns_and_marked_low() -> None:
    blocked = found("粮食储备", PageKind.UNSEEN, place=(4,), outcome=Outcome.BLOCKED)
    beside = [found("部门动态", place=(1,)), found("政务要闻", place=(2,))]
    made = draft(*beside, blocked)
    row = made.columns[2]
    assert (row.name, row.column_class, row.sure, row.outcome) == (
        "粮食储备",
        "news",
        "低",
        "blocked",
    )
    alone = draft(beside[0], blocked, found("政务公开", PageKind.CHANNEL, place=(5,)))
    assert [row.name for row in alone.columns] == ["部门动态"]
    assert [each.name for each in alone.unlisted] == ["粮食储备"]


def test_a_class_without_any_sign_is_other_and_low() -> None:
    (row,) = draft(found("营商环境")).columns
    assert (row.column_class, row.sure) == ("other", "低")


def test_pages_of_another_registered_name_are_no_columns() -> None:
    way = Way("https://www.other.gov.cn/x/", "信件公开", (), HOME, "b", (1,))
    strange = Found((way,), Looked(way.url, PageKind.COLUMN, Outcome.OK, ""))
    assert draft(strange).columns == ()


def test_a_form_is_a_mailbox_only_where_no_list_of_letters_is_shown() -> None:
    form = found("我要写信", PageKind.LETTER_FORM, place=(1,))
    letters = found("信件公开", PageKind.LETTERS, place=(2,))
    assert [(row.name, row.sure) for row in draft(form).mailboxes] == [("我要写信", "低")]
    assert [(row.name, row.sure) for row in draft(form, letters).mailboxes] == [("信件公开", "高")]


def test_pages_of_persons_are_no_columns() -> None:
    below = ("政务公开", "领导之窗")
    person = found("某副市长", path=below, place=(1,))
    speeches = found("领导活动", path=below, place=(2,))
    assert [row.name for row in draft(person, speeches).columns] == ["领导活动"]


def test_ids_are_the_shortest_that_tell_addresses_apart() -> None:
    urls = [
        HOME + "rmzf/zwyw/zwyw.html",
        HOME + "col/col1001/index.html",
        HOME + "qxz/tzgg.htm",
        HOME + "sqz/tzgg.htm",
        HOME + "list.jsp?id=7",
        "https://jyj.example.gov.cn/qxz/tzgg.htm",
        HOME + "%E6%94%BF/",
    ]
    ids = ids_of(urls)
    assert [ids[url] for url in urls[:2]] == ["zwyw", "col1001"]
    assert ids[urls[3]] == "sqz-tzgg"
    assert ids[urls[4]] == "list-7"
    assert len(set(ids.values())) == len(urls)
    assert all(row_id.isascii() and len(row_id) <= 64 for row_id in ids.values())
    assert ids_of(list(reversed(urls))) == ids


def test_a_draft_crosses_a_pipe_unchanged() -> None:
    made = draft(found("政务要闻"), found("信件公开", PageKind.LETTERS, place=(2,)))
    assert Draft.from_json(made.as_json()) == made
