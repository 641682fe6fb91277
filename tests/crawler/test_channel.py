"""What a page shows of writing a letter, read from markup alone. All pages are synthetic."""

from __future__ import annotations

import time
from datetime import date

import pytest

from checks.channel import Way
from checks.facts import Outcome
from crawler.readers.channel import entry_address, read_channel
from crawler.readers.page import Page

URL = "https://www.shili.gov.cn/szxx/write.html"
TODAY = date(2026, 11, 23)
MENU = "".join(f'<li><a href="/c{n}/">示例栏目第{n}个</a></li>' for n in range(20))
FORM = (
    '<form action="/szxx/save.do" method="post">'
    '<p>标题：<input type="text" name="title"></p><p>姓名：<input name="xm"></p>'
    '<p>联系电话：<input type="tel" name="lxdh"></p><p>内容：<textarea name="nr"></textarea></p>'
    "{}<input type='submit' value='提交'></form>"
)
CAPTCHA = '<p>验证码：<input name="yzm"><img src="/code.jsp"></p>'


def page(body: str, *, menu: str = MENU, status: int = 200, rendered: bool = False) -> Page:
    html = (
        "<!DOCTYPE html><!-- synthetic --><html><head><meta charset='utf-8'><title>我要写信</title>"
        f"</head><body><ul>{menu}</ul>{body}"
        "<div class='footer'>主办单位：示例市</div></body></html>"
    )
    return Page(URL, html.encode(), TODAY, status, rendered=rendered)


def test_a_form_is_told_with_what_it_asks_for() -> None:
    outcome, facts = read_channel(page(FORM.format("")))
    assert (outcome, facts.way, facts.captcha) == (Outcome.OK, Way.FORM, False)
    assert facts.fields == ("标题", "姓名", "联系方式")
    assert facts.why == "写信页面有填写处（标题、姓名、联系方式、内容）"


def test_a_captcha_is_noted() -> None:
    assert read_channel(page(FORM.format(CAPTCHA)))[1].captcha is True


def test_a_small_form_with_a_captcha_is_no_firewall() -> None:
    outcome, facts = read_channel(page(FORM.format(CAPTCHA), menu=""))
    assert (outcome, facts.way) == (Outcome.OK, Way.FORM)


@pytest.mark.parametrize(
    "button",
    [
        "<button>写好了</button>",
        "<a href='javascript:send()'>提 交</a>",
        "<input type='button' value='发送'>",
        "<input type='image' src='b.png'>",
        "<a onclick='go()'><img src='b.png' alt='提交'></a>",
    ],
)
def test_whatever_sends_is_a_button(button: str) -> None:
    form = FORM.format("").replace("<input type='submit' value='提交'>", button)
    assert read_channel(page(form))[1].way is Way.FORM


@pytest.mark.parametrize(
    "form",
    [
        "<form><input name='q'><input type='submit' value='搜索'></form>",
        "<form><textarea name='c'></textarea><input type='submit' value='发表'></form>",
        "<form><input name='title'><textarea name='c'></textarea></form>",
        f"<!-- {FORM.format('')} -->",
        f"<script>var form = '{FORM.format('').replace(chr(39), '')}';</script>",
    ],
)
def test_a_search_a_comment_or_a_hidden_form_is_none(form: str) -> None:
    assert read_channel(page(form))[1].way is Way.UNKNOWN


@pytest.mark.parametrize(
    "wall",
    [
        "<p>登录后才能写信</p>",
        "<p>您尚未登录</p>",
        "<p>请登录后操作</p>",
        "<div>江苏政务服务网 统一身份认证</div><input type='password'>",
    ],
)
def test_a_login_is_a_way_to_write(wall: str) -> None:
    outcome, facts = read_channel(page(wall))
    assert (outcome, facts.way, facts.why) == (Outcome.OK, Way.LOGIN, "须登录后写信")


def test_a_link_to_log_in_at_the_top_of_a_page_is_no_wall() -> None:
    assert read_channel(page("<a href='/login'>登录</a><p>写信须知</p>"))[1].way is Way.UNKNOWN


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<div id='app'></div>", "页面由前端程序写出，填写处可能由脚本写出，请在浏览器中人工核对"),
        (
            "<iframe src='/form.html'></iframe>",
            "页面内嵌了框架页，框架内的内容没有看到；写信处在内嵌页面中的，请登记该页的网址",
        ),
        (
            "<p>写信须知</p><script src='/js/write.js'></script>",
            "页面上没有读到填写处，填写处可能由脚本写出，请在浏览器中人工核对",
        ),
        ("<p>写信须知</p>", "页面上没有读到填写处"),
    ],
)
def test_a_page_without_a_form_in_its_markup_is_unknown_with_advice(body: str, why: str) -> None:
    outcome, facts = read_channel(page(body))
    assert (outcome, facts.way, facts.why) == (Outcome.OK, Way.UNKNOWN, why)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>各位网友：本信箱已停用。</p>", "各位网友：本信箱已停用"),
        ("<p>因故，写信功能已关闭</p>", "因故，写信功能已关闭"),
        ("<p>本栏目来信已停止受理</p>", "本栏目来信已停止受理"),
    ],
)
def test_a_page_that_says_so_is_closed(body: str, words: str) -> None:
    outcome, facts = read_channel(page(body))
    assert (outcome, facts.way, facts.words) == (Outcome.OK, Way.CLOSED, words)


@pytest.mark.parametrize(
    "body",
    [
        "<p>本信箱已停用，请到政务服务网留言</p>",
        "<p>系统升级，写信功能已关闭</p>",
        "<p>节假日期间，写信功能已关闭</p>",
        "<a href='/1.html'>关于社保咨询已停止受理的来信</a>",
        f"<p>本信箱已停用</p>{FORM.format('')}",
        "<p>本信箱已停用</p><script src='/js/write.js'></script><div id='app'></div>",
        f"<p>{'公开信件的正文很长。' * 200}本信箱已停用</p>",
    ],
)
def test_a_page_that_may_be_open_elsewhere_or_later_is_not_closed(body: str) -> None:
    assert read_channel(page(body))[1].way is not Way.CLOSED


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        (page("", status=404), Outcome.GONE),
        (page("", status=410), Outcome.GONE),
        (page("<p>您访问的页面不存在</p>", menu=""), Outcome.GONE),
        (page("<p>栏目已迁移</p>", menu=""), Outcome.UNREADABLE),
        (page("", status=403), Outcome.BLOCKED),
        (page("<p>请输入验证码</p>", menu=""), Outcome.BLOCKED),
        (page("<p>系统正在维护中</p>", menu=""), Outcome.MAINTENANCE),
        (page("", status=502), Outcome.UNREACHABLE),
    ],
)
def test_a_page_that_is_none_is_told_by_what_was_met(shown: Page, outcome: Outcome) -> None:
    met, facts = read_channel(shown)
    assert (met, facts.way) == (outcome, Way.UNKNOWN)
    assert facts.why


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("<a href='write.html'>我要写信</a>", URL),
        ("<a href='/liuyan/'><img src='b.png' alt='我要留言'></a>", "/liuyan/"),
        ("<a href='#' onclick=\"location.href='/ask.html'\">我要咨询</a>", "/ask.html"),
        ("<a href=\"javascript:window.open('/w.jsp')\">在线写信</a>", "/w.jsp"),
        ("<button onclick=\"window.open('/w.jsp')\">写信</button>", "/w.jsp"),
        ("<input type='button' value='我要写信' onclick=\"location.href='/w.jsp'\">", "/w.jsp"),
        ("<a href='/xf/'>网上信访</a><a href='/w.jsp'>我要写信</a>", "/w.jsp"),
        ("<a href='javascript:write()'>我要写信</a>", None),
        ("<a href='mailto:a@example.com'>我要写信</a>", None),
        ("<a href='/save.do'>提交</a>", None),
        ("<a href='/1.html'>关于我要写信给市长的一些建议和想法</a>", None),
        ("<p>我要写信</p>", None),
        ("<a href='http://[broken/'>我要写信</a>", None),
    ],
)
def test_where_a_mailbox_leads_to_write(link: str, address: str | None) -> None:
    expected = f"https://www.shili.gov.cn{address}" if (address or "").startswith("/") else address
    assert entry_address(page(link)) == expected


def test_a_blocked_page_leads_nowhere() -> None:
    assert entry_address(page("<a href='/w.jsp'>我要写信</a>", status=403)) is None


@pytest.mark.parametrize(
    "piece",
    ["<textarea ", "<input ", "<a ", "<script>", "</script>", "<!--", "<a>我要写信", "<style "],
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: str) -> None:
    body = "<textarea>" + piece * (400_000 // len(piece))
    started = time.process_time()
    read_channel(page(body))
    entry_address(page(body))
    assert time.process_time() - started < 5
