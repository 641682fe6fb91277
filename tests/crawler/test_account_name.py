"""What an account calls itself, and when that is beyond doubt. All answers are synthetic."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.accounts import AccountName
from crawler.readers.account_name import account_name
from crawler.readers.page import Page
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
SERVICE = "https://m.weibo.cn/api/container/getIndex"
ARTICLE = "https://mp.weixin.qq.com/s/abc"
OWNER, OTHER = 5123456789, 5999999999
MARKUP, BIDI = "[red]<b>发布</b>", "发布\u202e布发"


def named(text: str, url: str = "https://rss.example.gov.cn/a") -> AccountName | None:
    return account_name(Page(url, text.encode(), TODAY))


def weibo(*authors: tuple[object, object], owner: object = None, ok: int = 1) -> str:
    cards = [{"mblog": {"user": {"id": id_, "screen_name": name}}} for id_, name in authors]
    return json.dumps({"ok": ok, "data": {"cards": cards, "userInfo": owner}})


def rss(title: str, more: str = "") -> str:
    return (
        f"<?xml version='1.0'?><!-- synthetic --><rss version='2.0'><channel>{more}{title}"
        "<item><title>一条内容</title></item></channel></rss>"
    )


@pytest.mark.parametrize(
    "query",
    [
        f"containerid=107603{OWNER}",
        f"containerid=230413{OWNER}_-_WEIBO_SECOND_PROFILE_WEIBO&page=1",
        f"type=uid&value={OWNER}",
        f"uid={OWNER}",
    ],
)
def test_the_service_is_sure_of_the_account_that_the_address_asks_for(query: str) -> None:
    liked = (OTHER, "别人")
    answer = weibo((OWNER, "示例 发布"), liked, (str(OWNER), "示例 发布"))
    wanted = AccountName("示例 发布", True, "微博接口", str(OWNER))
    assert named(answer, f"{SERVICE}?{query}") == wanted


def test_the_owner_of_the_page_is_named_without_any_post() -> None:
    answer = weibo(owner={"id": OWNER, "screen_name": "示例发布"})
    wanted = AccountName("示例发布", True, "微博接口", str(OWNER))
    assert named(answer, f"{SERVICE}?containerid=100505{OWNER}") == wanted


def test_without_a_number_in_the_address_one_name_for_all_is_no_proof() -> None:
    answer = weibo((OWNER, "示例发布"), (OWNER, "示例发布"))
    assert named(answer, SERVICE) == AccountName("示例发布", False, "微博接口")
    assert named(weibo((OTHER, "别人")), f"{SERVICE}?uid={OWNER}") == AccountName(
        "别人", False, "微博接口"
    )


@pytest.mark.parametrize(
    "answer",
    [
        weibo((OWNER, "甲"), (OTHER, "乙")),
        weibo((OWNER, "")),
        weibo((OWNER, 7)),
        weibo(),
        json.dumps({"ok": 0, "msg": "这里还没有内容"}),
        json.dumps({"ok": 1, "data": []}),
        json.dumps({"ok": 1, "data": {"cards": "x", "userInfo": "x"}}),
        "{",
        "[1]",
    ],
)
def test_several_names_or_none_are_no_name(answer: str) -> None:
    assert named(answer, SERVICE) is None


def test_two_names_under_one_number_are_no_name() -> None:
    answer = weibo((OWNER, "旧名"), (OWNER, "新名"))
    assert named(answer, f"{SERVICE}?uid={OWNER}") is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("示例发布", "示例发布"),
        ("公众号 - 示例发布", "示例发布"),
        ("微信公众号：示例发布", "示例发布"),
        ("示例发布的微博", "示例发布"),
        ("示例发布 的新浪微博", "示例发布"),
        ("示例发布 - WeRSS", "示例发布"),
        ("示例发布 - 微信公众号", "示例发布"),
        ("示例发布 | 今日头条", "示例发布"),
        ("示例微博", "示例微博"),
        ("微博发布 - 示例", "微博发布 - 示例"),
        ("公众号", "公众号"),
    ],
)
def test_a_feed_s_title_loses_what_bridges_add_and_is_never_sure(title: str, name: str) -> None:
    wanted = AccountName(name, False, "订阅源")
    assert named(rss(f"<title>{title}</title>")) == wanted
    assert named(json.dumps({"version": "1", "title": title, "items": []})) == wanted
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title type='text'>{title}</title></feed>"
    assert named(atom) == wanted


@pytest.mark.parametrize("name", [MARKUP, BIDI])
def test_a_hostile_title_is_a_name_like_any_other(name: str) -> None:
    escaped = name.replace("<", "&lt;").replace(">", "&gt;")
    wanted = AccountName(name, False, "订阅源")
    assert named(rss(f"<title>{escaped}</title>")) == wanted
    assert named(rss(f"<title><![CDATA[{name}]]></title>")) == wanted
    assert named(weibo((OWNER, name)), f"{SERVICE}?uid={OWNER}") == AccountName(
        name, True, "微博接口", str(OWNER)
    )


@pytest.mark.parametrize(
    "text", [rss(""), rss("<title> </title>"), json.dumps({"title": None, "items": []}), ""]
)
def test_a_feed_without_a_title_names_nobody_and_no_post_lends_its_own(text: str) -> None:
    assert named(text) is None


def article(*scripts: str) -> str:
    return f"<!-- synthetic --><div id='js_content'>正文</div><script>{' '.join(scripts)}</script>"


@pytest.mark.parametrize(
    "script",
    ['var nickname = htmlDecode("示例&amp;发布");', "var nickname = '示例&amp;发布';"],
)
def test_an_article_of_a_public_account_is_sure_who_sent_it(script: str) -> None:
    other = 'var ori_nickname = "原作者"; a.nickname = "别人";'
    wanted = AccountName("示例&发布", True, "公众号文章页")
    assert named(article(script, other), ARTICLE) == wanted


@pytest.mark.parametrize(
    "script",
    [
        'var user_name = "gh_0123456789ab";',
        "window.user_name = 'gh_0123456789ab';",
        'user_name: JsDecode("gh_0123456789ab"),',
    ],
)
def test_an_article_tells_the_platform_s_own_id_of_its_sender(script: str) -> None:
    own = 'var nickname = "示例发布";'
    other = 'var ori_user_name = "gh_999"; x.user_name = "gh_888"; var source_username = "gh_777";'
    wanted = AccountName("示例发布", True, "公众号文章页", "gh_0123456789ab")
    assert named(article(own, script, other), ARTICLE) == wanted
    two = article(own, script, 'var user_name = "gh_2";')
    assert named(two, ARTICLE) == AccountName("示例发布", True, "公众号文章页")


def test_two_senders_another_host_and_a_notice_name_nobody() -> None:
    own = 'var nickname = "示例发布";'
    assert named(article(own, 'var nickname = "别人";'), ARTICLE) is None
    assert named(article(own), "https://www.example.gov.cn/s/abc") is None
    assert named(f"<p>该内容已被发布者删除</p><script>{own}</script>", ARTICLE) is None
    assert named(article('var nickname = "";'), ARTICLE) is None


@pytest.mark.parametrize(
    "text",
    [
        "<rss>" + "<title>" * 200_000,
        "<rss><title" + " " * 1_000_000,
        rss("<title>" + "&lt;" * 100_000 + "</title>"),
        rss("<title><![CDATA[" + "<![CDATA[" * 50_000 + "]]></title>"),
        article("nickname " * 100_000),
        '{"items": [], "title": "' + " - " * 300_000 + '"}',
        "{" * 100_000,
        '{"ok":1,"data":{"cards":[' + '{"card_group":[' * 5_000 + "]}" * 5_000 + "]}}",
    ],
)
def test_hostile_answers_end_without_a_sure_name(text: str) -> None:
    with no_hang():
        name = named(text, ARTICLE)
    assert name is None or not name.sure
    assert name is None or len(name.name) <= 100
