"""What an account's address shows: a feed, a list or one article, and what each can prove.

All pages are synthetic but those of the corpus, which is not part of the project.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.account_source import read_source
from crawler.readers.page import ListReading, Page
from tests.hang import no_hang

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TODAY = date(2026, 11, 22)
ARTICLE = "https://mp.weixin.qq.com/s/synthetic"
PORTAL = "https://www.example.gov.cn/xmt/index.html"
STAMP = "1793000000"  # 2026-10-26 in Beijing


def read(text: str, url: str = PORTAL, *, mirror: bool = False, status: int = 200) -> ListReading:
    return read_source(Page(url, text.encode(), TODAY, status), "page", mirror=mirror)


def sent_out(script: str = f'var ct = "{STAMP}";', body: str = "<p>正文</p>") -> str:
    title = 'var msg_title = "便民服务信息";'
    return (
        "<!-- synthetic --><html><body class='rich_media'><h1>便民服务信息</h1>"
        f"<div id='js_content'>{body}</div><script>{title} {script}</script></body></html>"
    )


def rows(*days: str) -> str:
    return "".join(
        f"<li><a href='/xmt/{n}.html'>第{n}条政务新媒体便民服务信息</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )


def listed(*days: str, head: str = "") -> str:
    return (
        "<!-- synthetic --><html><head><title>政务新媒体</title></head><body>"
        f"{head}<div class='list'><ul>{rows(*days)}</ul></div></body></html>"
    )


def days(reading: ListReading) -> list[str]:
    return [str(item.published_on) for item in reading.items]


# One article: a sign of life on its day


@pytest.mark.parametrize(
    "script",
    [
        f'var ct = "{STAMP}";',
        f"window.ct='{STAMP}';",
        f'var create_time = "{STAMP}" * 1;',
        f"var createTime = '{STAMP}';",
    ],
)
def test_an_article_proves_its_own_day_and_never_that_nothing_came_later(script: str) -> None:
    reading = read(sent_out(script), ARTICLE)
    (item,) = reading.items
    assert (item.title, item.url, str(item.published_on)) == (
        "便民服务信息",
        ARTICLE,
        "2026-10-26",
    )
    assert (reading.outcome, item.date_source, item.date_text) == (
        Outcome.OK,
        DateSource.LABEL,
        STAMP,
    )
    assert (reading.reader, reading.unresolved) == ("article", 1)
    assert "公开文章页只能证明该日有更新" in reading.why


def test_dated_links_within_an_article_are_no_list_of_the_account() -> None:
    body = f"<ul>{rows('2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17')}</ul>"
    assert days(read(sent_out(body=body), ARTICLE)) == ["2026-10-26"]


def test_an_article_anywhere_is_one_when_the_day_is_labelled_and_no_list_is_there() -> None:
    head = "<!-- synthetic --><html><head><title>便民服务信息</title></head><body>"
    byline = "<div>发布时间：2026-10-26 09:00 来源：示例发布</div>"
    text = f"{head}<h1>便民服务信息</h1>{byline}<p>正文第一段。</p></body></html>"
    reading = read(text, "https://news.example.cn/a/1.html")
    assert (days(reading), reading.unresolved) == (["2026-10-26"], 1)


def test_a_day_that_only_an_address_or_a_meta_tag_names_is_beyond_no_doubt() -> None:
    text = (
        "<!-- synthetic --><html><head><title>便民服务信息</title>"
        "<meta name='PubDate' content='2026-11-20'></head>"
        "<body><h1>便民服务信息</h1><p>正文第一段。</p></body></html>"
    )
    reading = read(text, "https://news.example.cn/20261120/1.html")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())


@pytest.mark.parametrize(
    ("words", "outcome", "told"),
    [
        ("该内容已被发布者删除", Outcome.GONE, "“该内容已被发布者删除”"),
        ("此内容因违规无法查看", Outcome.GONE, "“此内容因违规无法查看”"),
        ("此内容被投诉且经审核涉嫌侵权，无法查看。", Outcome.GONE, "涉嫌侵权，无法查看”"),
        ("此账号已被屏蔽，内容无法查看", Outcome.GONE, "“此账号已被屏蔽，内容无法查看”"),
        ("该公众号已被封禁", Outcome.GONE, "“该公众号已被封禁”"),
        ("此帐号已自主注销，内容无法查看", Outcome.GONE, "“此帐号已自主注销，内容无法查看”"),
        ("此帐号已被系统回收", Outcome.GONE, "“此帐号已被系统回收”"),
        ("链接已过期", Outcome.GONE, "“链接已过期”"),
        ("环境异常 完成验证后即可继续访问", Outcome.BLOCKED, "微信要求验证访问环境"),
        ("访问过于频繁，请用微信扫描二维码进行访问", Outcome.BLOCKED, "微信要求验证访问环境"),
    ],
)
def test_a_notice_in_place_of_an_article_says_what_became_of_it(
    words: str, outcome: Outcome, told: str
) -> None:
    reading = read(f"<!-- synthetic --><html><body><h2>{words}</h2></body></html>", ARTICLE)
    assert (reading.outcome, reading.items) == (outcome, ())
    assert told in reading.why


MOVED = "<h2>该公众号已迁移</h2><p>帐号已迁移至新的帐号“示例发布”，原帐号已回收。</p>"


def test_the_notice_of_an_account_that_moved_names_the_new_one() -> None:
    reading = read(f"<!-- synthetic --><html><body>{MOVED}</body></html>", ARTICLE)
    assert reading.outcome is Outcome.GONE
    told = "微信提示账号已迁移：“该公众号已迁移 帐号已迁移至新的帐号“示例发布”，原帐号已回收。”"
    assert reading.why == told
    script = "<script>var nickname = '示例发布';</script>"
    quiet = read(f"<html><body><h2>该公众号已迁移</h2>{script}</body></html>", ARTICLE)
    assert quiet.why == "微信提示账号已迁移：“该公众号已迁移”，页面所列账号为“示例发布”"


def test_an_article_under_a_dialog_about_moving_stays_readable() -> None:
    assert days(read(sent_out() + MOVED, ARTICLE)) == ["2026-10-26"]


# Lists: of the account, beside an article, and a portal's mirror


def test_a_list_of_the_account_itself_proves_what_it_shows() -> None:
    reading = read(listed("2026-10-20", "2026-10-15", "2026-10-10", "2026-10-01"))
    assert (reading.outcome, reading.unresolved, reading.shown_to) == (Outcome.OK, 0, None)
    assert days(reading)[0] == "2026-10-20"


def test_a_list_of_other_days_beside_an_article_accuses_nobody() -> None:
    head = "<h1>便民服务信息</h1><div>发布时间：2026-10-26 09:00 来源：示例发布</div><p>正文。</p>"
    reading = read(listed("2026-10-20", "2026-10-15", "2026-10-10", "2026-10-01", head=head))
    assert (reading.outcome, reading.unresolved) == (Outcome.OK, 1)
    assert "可能是文章页及其旁的列表" in reading.why


@pytest.mark.parametrize("newest", ["2026-11-21", "2026-06-01"])
def test_a_portal_that_repeats_posts_may_lag_and_only_confirms(newest: str) -> None:
    text = listed(newest, "2026-05-15", "2026-05-10", "2026-05-01")
    reading = read(text, mirror=True)
    assert (reading.outcome, reading.unresolved, days(reading)[0]) == (Outcome.OK, 1, newest)
    assert "门户转载列表可能滞后" in reading.why


def test_a_mirror_without_posts_says_nothing_of_the_account() -> None:
    text = (
        "<html><head><title>政务新媒体</title></head><body><div class='list'>"
        "<p>暂无内容</p></div></body></html>"
    )
    assert read(text).outcome is Outcome.EMPTY
    assert read(text, mirror=True).outcome is Outcome.UNREADABLE


# What has no day may be the newest


def feed(*items: tuple[str, str], source: str = "feed") -> ListReading:
    entries = [{"title": title, "date_published": day} for title, day in items]
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries})
    return read_source(Page("https://rss.example.cn/a", text.encode(), TODAY), source)


def test_an_entry_without_a_day_may_be_the_newest() -> None:
    assert feed(("甲", "2026-06-01"), ("乙", "2026-05-01")).unresolved == 0
    assert feed(("甲", ""), ("乙", "2026-05-01")).unresolved == 1
    none = feed(("甲", ""), ("乙", "日期不详"))
    assert (none.outcome, none.unresolved) == (Outcome.UNDATED, 2)


def test_a_day_far_ahead_is_a_wrong_one_and_tomorrow_may_be_tonight_in_another_zone() -> None:
    ahead = feed(("甲", "2026-12-24"), ("乙", "2026-05-01"))
    assert (days(ahead), ahead.unresolved) == (["2026-12-24", "2026-05-01"], 0)
    tonight = feed(("甲", "Sun, 22 Nov 2026 20:00:00 GMT"), ("乙", "2026-05-01"))
    assert (days(tonight), tonight.unresolved) == (["None", "2026-05-01"], 1)
    assert tonight.items[0].date_text == "Sun, 22 Nov 2026 20:00:00 GMT"


# Weibo's doors


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://passport.weibo.com/visitor/visitor?entry=miniblog", "<html>weibo</html>"),
        ("https://passport.weibo.cn/signin/login?entry=mweibo", "<html>登录</html>"),
        ("https://login.sina.com.cn/sso/login.php", "<html></html>"),
        ("https://weibo.com/u/5123456789", "<title>Sina Visitor System</title>"),
    ],
)
def test_a_page_that_asks_a_visitor_to_sign_in_is_blocked(url: str, text: str) -> None:
    for source in ("weibo", "page", "feed"):
        reading = read_source(Page(url, text.encode(), TODAY), source)
        assert (reading.outcome, reading.why) == (Outcome.BLOCKED, "微博要求登录或验证访客身份")


@pytest.mark.parametrize("status", [418, 432])
def test_weibo_s_codes_of_refusal_are_blocked_whatever_the_body(status: int) -> None:
    for body in ("", '{"ok": 1, "data": {"cards": []}}'):
        page = Page("https://m.weibo.cn/api/container/getIndex", body.encode(), TODAY, status)
        assert read_source(page, "weibo").outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    "text",
    [sent_out("ct=" * 200_000), "<h2>该公众号已迁移" + "公众号" * 200_000, "window." * 90_000],
)
def test_hostile_pages_are_read_to_an_end(text: str) -> None:
    with no_hang():
        read(text, ARTICLE)


def saved(*kinds: str) -> list[tuple[dict[str, str], ListReading]]:
    if not (CORPUS / "index.json").exists():
        pytest.skip(f"the corpus of saved pages is not part of the project and not at {CORPUS}")
    rows = json.loads((CORPUS / "index.json").read_text())
    pages = [
        (row, Page(row["url"], (CORPUS / row["file"]).read_bytes(), TODAY))
        for row in rows
        if row["kind"] in kinds
    ]
    return [(row, read_source(page, "page")) for row, page in pages]


def test_real_articles_of_public_accounts_are_dated_and_prove_no_lateness() -> None:
    found = saved("wechat")
    assert len(found) == 7
    for row, reading in found:
        assert days(reading) == ([row["date"]] if row["date"] else [])
        assert reading.outcome is (Outcome.OK if row["date"] else Outcome.GONE)
        assert reading.unresolved == len(reading.items)


def test_no_real_article_makes_an_account_late_or_lends_it_a_wrong_day() -> None:
    found = saved("article")
    accusing = [row["file"] for row, each in found if each.outcome.seen and not each.unresolved]
    read_as_one = [(row["date"], days(each)) for row, each in found if each.reader == "article"]
    assert accusing == []
    assert [pair for pair in read_as_one if pair[1] != [pair[0]]] == []
    assert len(read_as_one) > 500
