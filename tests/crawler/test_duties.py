"""What the reader of page duties sees, and where it says that it cannot know. Pages synthetic."""

from __future__ import annotations

import time
from datetime import date

import pytest

from checks.duties import (
    FormLink,
    LinkSeen,
    Mark,
    MarkSeen,
    PageFacts,
    PageKind,
    Presence,
    judge_page,
)
from checks.rules import pack_texts, read_pack
from checks.verdicts import DutyState
from crawler.readers.duties import read_duties
from crawler.readers.page import Page

URL = "https://www.shili.gov.cn/index.html"
TODAY = date(2026, 11, 23)
DUTIES = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml").duties
HEAD = (
    '<meta name="SiteName" content="示例市人民政府"><meta name="SiteDomain" content="{}">'
    '<meta name="SiteIDCode" content="3206850001"/>'
).format("www.shili.gov.cn")
NEWS = "".join(
    f'<li><a href="/ywdt/{n}.html">示例市第{n}次会议部署重点工作安排</a></li>' for n in range(30)
)
SIGN = (
    '<a href="https://bszs.conac.cn/sitename?method=show&amp;id=0">'
    '<img src="d.png" alt="党政机关"></a>'
)
ENTRY = '<script id="_jiucuo_" sitecode="3206850001" src="/js/jiucuo.js"></script>'
CODE = "<span>网站标识码：3206850001</span>"
ICP = '<a href="https://beian.miit.gov.cn">苏ICP备 12345678号-1</a>'
POLICE = (
    '<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=32062102000001">'
    "苏公网安备 32062102000001号</a>"
)
HOST = "<p>主办单位：示例市人民政府办公室</p>"
CONTACT = "<p>联系电话：0513-88880000</p>"
ALL = (SIGN, ENTRY, CODE, ICP, POLICE, HOST, CONTACT)
COPYRIGHT = "<p>© 示例市</p>"


def page(foot: str, *, body: str = "", head: str = HEAD, rendered: bool = False) -> Page:
    html = (
        "<!DOCTYPE html><!-- synthetic --><html><head><meta charset='utf-8'>"
        f"<title>示例市</title>{head}</head><body><ul>{NEWS}</ul>{body}"
        f'<div class="footer">{COPYRIGHT}{foot}</div></body></html>'
    )
    return Page(URL, html.encode(), TODAY, rendered=rendered)


def read(page: Page, kind: PageKind = PageKind.HOME) -> PageFacts:
    return read_duties(page, kind)


def mark(facts: PageFacts, which: Mark) -> MarkSeen:
    (found,) = [each for each in facts.marks if each.mark is which]
    return found


def test_a_full_foot_shows_all_seven_marks() -> None:
    facts = read(page("".join(ALL)))
    assert [each.mark for each in facts.marks] == list(Mark)
    assert {each.presence for each in facts.marks} == {Presence.FOUND}
    said = {each.mark: each.text for each in facts.marks}
    assert said[Mark.SIGN] == "党政机关"
    assert said[Mark.SITE_CODE] == "3206850001"
    assert said[Mark.ICP] == "苏ICP备12345678号-1"
    assert said[Mark.POLICE] == "苏公网安备32062102000001号"
    assert said[Mark.HOST] == "示例市人民政府办公室"
    assert said[Mark.CONTACT] == "联系电话:0513-88880000"
    assert mark(facts, Mark.SIGN).link == "https://bszs.conac.cn/sitename?method=show&id=0"
    assert facts.entry_code == "3206850001"


def test_a_full_home_page_meets_its_duties() -> None:
    form = '<a href="/nb/2025.html">政府网站工作年度报表（2025年度）</a>'
    facts = read(page("".join(ALL), body=form))
    unmet = [
        (each.duty.id, each.reason)
        for each in judge_page(facts, DUTIES, TODAY)
        if each.state is not DutyState.MET
    ]
    assert unmet == []


@pytest.mark.parametrize("left_out", range(7))
def test_a_mark_left_out_of_a_plain_foot_is_absent(left_out: int) -> None:
    foot = "".join(each for at, each in enumerate(ALL) if at != left_out)
    facts = read(page(foot, head=""))
    absent = [each.mark for each in facts.marks if each.presence is not Presence.FOUND]
    assert absent == [list(Mark)[left_out]]
    # A copyright line may stand for the host; a person has to say.
    expected = Presence.UNKNOWN if absent == [Mark.HOST] else Presence.ABSENT
    assert mark(facts, absent[0]).presence is expected


def test_a_mark_in_a_comment_is_not_shown() -> None:
    facts = read(page(f"<!-- {POLICE}{SIGN}{CODE} -->{ICP}"))
    assert mark(facts, Mark.POLICE).presence is Presence.ABSENT
    assert mark(facts, Mark.SIGN).presence is Presence.ABSENT
    assert mark(facts, Mark.SITE_CODE).presence is Presence.ABSENT


def test_a_sign_written_by_its_usual_script_is_found() -> None:
    script = (
        "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript "
        "src='https://dcs.conac.cn/js/11/000.js'%3E%3C/script%3E\"));</script>"
    )
    assert mark(read(page(ICP + script)), Mark.SIGN).presence is Presence.FOUND


def test_a_police_number_is_read_from_its_link() -> None:
    foot = POLICE.replace("苏公网安备 32062102000001号", '<img src="p.png" alt="公安备案图标">')
    seen = mark(read(page(foot)), Mark.POLICE)
    assert (seen.presence, seen.text) == (Presence.FOUND, "32062102000001")


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (Mark.SITE_CODE, "网站标识码见证书"),
        (Mark.ICP, "ICP证：苏B2-2026"),
        (Mark.POLICE, "网警备案见公安机关"),
        (Mark.POLICE, "苏公安网备32062102000001号"),
        (Mark.CONTACT, "<a href='/lx/'><img src='l.png' alt='联系我们'></a>"),
    ],
)
def test_a_mark_that_is_spoken_of_but_not_read_is_unknown(which: Mark, words: str) -> None:
    seen = mark(read(page(f"<p>{words}</p>")), which)
    assert seen.presence is Presence.UNKNOWN
    assert "未能读出" in seen.why


def test_the_host_that_an_article_tells_of_is_not_the_sites() -> None:
    body = "<p>本次活动由示例市教育局主办，主办单位：示例市教育局。</p>" + "<p>正文。</p>" * 400
    assert mark(read(page(ICP, body=body)), Mark.HOST).presence is Presence.UNKNOWN
    assert mark(read(page(ICP, body=body)), Mark.HOST).text is None


def test_party_and_government_offices_in_a_headline_are_no_sign() -> None:
    body = "<p>党政机关厉行节约反对浪费条例</p>"
    assert mark(read(page(ICP, body=body)), Mark.SIGN).presence is Presence.ABSENT


@pytest.mark.parametrize(
    "doubt",
    [
        '<iframe src="/foot.html"></iframe>',
        '<script src="/js/footer.js"></script>',
        "<script>document.write(footHtml)</script>",
        '<script>$("#foot").load("/inc/foot.html")</script>',
        '<span id="icpNumber"></span>',
        '<p class="beian"></p>',
        "<p>{{ site.icp }}</p>",
    ],
)
def test_what_a_script_or_a_frame_may_show_is_unknown(doubt: str) -> None:
    facts = read(page(HOST + doubt))
    for which in (Mark.SIGN, Mark.ERROR_ENTRY, Mark.SITE_CODE, Mark.ICP, Mark.POLICE):
        seen = mark(facts, which)
        assert seen.presence is Presence.UNKNOWN
        assert seen.why
    assert mark(facts, Mark.HOST).presence is Presence.FOUND


def test_a_rendered_page_has_run_its_scripts() -> None:
    foot = HOST + '<script src="/js/footer.js"></script>'
    facts = read(page(foot, rendered=True))
    for which in (Mark.SIGN, Mark.ERROR_ENTRY, Mark.SITE_CODE, Mark.ICP, Mark.POLICE):
        assert mark(facts, which).presence is Presence.ABSENT


def test_sign_and_entry_may_be_written_by_any_script_of_the_page() -> None:
    facts = read(page(HOST, head=HEAD + '<script src="/js/common.js"></script>'))
    assert mark(facts, Mark.SIGN).presence is Presence.UNKNOWN
    assert mark(facts, Mark.ERROR_ENTRY).presence is Presence.UNKNOWN
    assert mark(facts, Mark.ICP).presence is Presence.ABSENT


def test_a_picture_without_words_in_the_foot_may_be_sign_or_entry() -> None:
    facts = read(page(HOST + '<a href="/x"><img src="1.png"></a>'))
    assert mark(facts, Mark.SIGN).presence is Presence.UNKNOWN
    assert mark(facts, Mark.ERROR_ENTRY).presence is Presence.UNKNOWN


def test_a_page_without_a_foot_or_cut_off_shows_nothing_of_its_marks() -> None:
    whole = page(HOST).body
    cut = Page(URL, whole[: whole.index(b"</body>")], TODAY)
    footless = Page(URL, whole.replace(COPYRIGHT.encode(), b"").replace(HOST.encode(), b""), TODAY)
    for each in (cut, footless):
        facts = read(each)
        assert mark(facts, Mark.ICP).presence is Presence.UNKNOWN
        assert mark(facts, Mark.SIGN).presence is Presence.UNKNOWN


def test_a_foot_without_a_name_begins_with_the_lines_above_its_numbers() -> None:
    html = (
        f"<html><!-- synthetic --><body><ul>{NEWS}</ul><p>主办：示例市人民政府办公室</p>"
        f"<p>地址：示例路1号</p><p>苏ICP备12345678号</p></body></html>"
    )
    facts = read(Page(URL, html.encode(), TODAY))
    assert mark(facts, Mark.HOST).text == "示例市人民政府办公室"
    assert mark(facts, Mark.CONTACT).text == "地址:示例路1号"


def test_a_host_named_elsewhere_on_the_page_is_unknown() -> None:
    foot = "<p>苏ICP备12345678号</p>"
    html = (
        f"<html><!-- synthetic --><body><p>主办：示例市人民政府办公室</p><ul>{NEWS}</ul>"
        f'<div class="footer">{foot}</div></body></html>'
    )
    assert mark(read(Page(URL, html.encode(), TODAY)), Mark.HOST).presence is Presence.UNKNOWN


def test_an_article_that_ends_with_its_organisers_is_no_foot() -> None:
    html = (
        f"<html><!-- synthetic --><body><ul>{NEWS}</ul><p>主办单位：示例市教育局</p>"
        '<script src="/js/bq.js"></script></body></html>'
    )
    facts = read(Page(URL, html.encode(), TODAY), PageKind.ARTICLE)
    assert {each.presence for each in facts.marks} == {Presence.UNKNOWN}


@pytest.mark.parametrize(
    "unseen",
    [
        Page(URL, "<html>synthetic 访问被拦截</html>".encode(), TODAY, status=403),
        Page(URL, b"", TODAY),
        Page(URL, b"<html><body><!-- synthetic --><div id=app></div></body></html>", TODAY),
        Page(URL, "<html><body>synthetic 系统维护中</body></html>".encode(), TODAY),
        Page(URL, b'{"synthetic": true, "rows": []}', TODAY),
    ],
)
def test_a_page_that_was_not_seen_makes_no_duty_unmet(unseen: Page) -> None:
    facts = read(unseen)
    assert facts.unseen
    states = {each.state for each in judge_page(facts, DUTIES, TODAY)}
    assert states == {DutyState.UNKNOWN}


def test_tags_are_kept_as_written_with_repeats_and_blanks() -> None:
    head = (
        '<meta NAME="sitename" content=" 示例市 "><meta content="" name="PubDate"/>'
        '<META name="PubDate" content="2026-11-20 14:30" />'
        '<!--<meta name="ColumnName" content="a">-->'
    )
    facts = read(page(HOST, head=head), PageKind.ARTICLE)
    assert [(tag.name, tag.content) for tag in facts.tags] == [
        ("sitename", "示例市"),
        ("PubDate", ""),
        ("PubDate", "2026-11-20 14:30"),
    ]


def test_times_in_sight_are_read_in_one_form() -> None:
    body = "<p>发布时间：2026年11月5日 14:30</p><p>2026-11-05 14:30:20</p><p>2026/1/2 8:05</p>"
    facts = read(page(HOST, body=body), PageKind.ARTICLE)
    assert facts.shown_times == ("2026-11-05 14:30", "2026-01-02 08:05")


def test_links_that_leave_the_host_are_listed_with_their_words() -> None:
    body = (
        '<a href="http://192.0.2.7:8080/x">业务<b>系统</b></a><a href="//shop.example.com/">'
        '<img src="a.png" alt="商城"></a><a href="https://www.shili.gov.cn/b">本站</a>'
        '<a href="mailto:a@example.com">邮箱</a><a href="http://[bad">坏</a>'
        '<!-- <a href="http://gone.example.com">旧</a> -->'
    )
    assert read(page(HOST, body=body)).links == (
        LinkSeen("http://192.0.2.7:8080/x", "192.0.2.7", "业务 系统"),
        LinkSeen("https://shop.example.com/", "shop.example.com", "商城"),
    )


@pytest.mark.parametrize(
    ("link", "form"),
    [
        (
            '<a href="/nb/1.html">示例市政府网站工作年度报表（2025年度）</a>',
            FormLink(
                "示例市政府网站工作年度报表（2025年度）", "https://www.shili.gov.cn/nb/1.html", 2025
            ),
        ),
        (
            '<a href="/nb/" title="政府网站工作年度报表">年度报表</a>',
            FormLink("政府网站工作年度报表", "https://www.shili.gov.cn/nb/", None),
        ),
        (
            '<a href="/nb/2.html"><img src="a.png" alt="2025年政府网站年度工作报表"></a>',
            FormLink("2025年政府网站年度工作报表", "https://www.shili.gov.cn/nb/2.html", 2025),
        ),
        (
            '<a href="/nb/3.html">政府网站年度报表（2024年、2025年）</a>',
            FormLink(
                "政府网站年度报表（2024年、2025年）", "https://www.shili.gov.cn/nb/3.html", None
            ),
        ),
    ],
)
def test_the_yearly_form_is_read_with_its_year(link: str, form: FormLink) -> None:
    assert read(page(HOST, body=link)).forms == (form,)


@pytest.mark.parametrize(
    "link", ["政府网站监管工作年度报表（2025年度）", "2025年政府信息公开工作年度报告", "网站地图"]
)
def test_another_report_is_not_the_yearly_form(link: str) -> None:
    facts = read(page(HOST, body=f'<a href="/x">{link}</a>'))
    assert facts.forms == ()
    assert facts.form_doubt == ""


def test_a_form_may_hide_behind_a_picture_without_words() -> None:
    facts = read(page(HOST, body='<a href="/x"><img src="a.png"></a>'))
    assert facts.form_doubt == "首页有未注明文字的图片链接，请人工核对"


def test_only_a_home_page_is_asked_for_the_yearly_form() -> None:
    body = '<a href="/nb/1.html">政府网站工作年度报表（2025年度）</a>'
    assert read(page(HOST, body=body), PageKind.LIST).forms == ()


@pytest.mark.parametrize(
    "piece",
    [
        '<div class="foot">版权所有',
        "<script src=",
        "<a href=http://a.example/",
        "<meta name=",
        "<iframe ",
        "<img ",
        "主办单位 ",
        "网站" * 3,
        "<!--",
        "jiucuo conac ",
        '<span id="a',
        "{{ ",
    ],
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: str) -> None:
    body = (piece * (600_000 // len(piece)))[:600_000]
    began = time.process_time()
    read(page(HOST, body=body))
    assert time.process_time() - began < 3
