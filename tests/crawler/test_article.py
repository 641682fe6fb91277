"""Article pages made by hand, each with the day, title and source a reader of it would name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.article import read_article
from crawler.readers.page import ArticleReading, Page
from tests.hang import no_hang

PAGES = Path(__file__).parents[1] / "pages"
SAVED = sorted(PAGES.glob("*/article_*.html"))
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/content/1.html"
TITLE = "关于做好城乡环境整治工作的通知"
HEADING = f"<h1>{TITLE}</h1>"
BODY = "<p>为做好有关工作，现将有关事项通知如下，请各单位结合实际认真贯彻落实。</p>" * 5
SIGNED = "<p>示例市人民政府办公室</p><p>2024年6月3日</p>"
SIDE_LIST = "".join(
    f"<div><a href='/{n}'>会议通知</a> 发布时间：2026-11-0{n}</div>" for n in (1, 2, 3)
)


def read(body: str, *, head: str = "", title: str = TITLE, url: str = ADDRESS) -> ArticleReading:
    html = (
        f"<!-- synthetic --><html><head><title>{title}_示例市人民政府</title>{head}</head>"
        f"<body><div>示例市人民政府</div><p><a href='/'>首页</a>&gt;正文</p>{body}</body></html>"
    )
    return read_article(Page(url, html.encode(), TODAY))


def day(reading: ArticleReading) -> str | None:
    return reading.published_on.isoformat() if reading.published_on else None


def as_expected(reading: ArticleReading) -> dict[str, str | None]:
    return {
        "title": reading.title,
        "date": day(reading),
        "date_text": reading.date_text,
        "date_source": reading.date_source,
        "source": reading.source,
        "outcome": reading.outcome,
    }


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_saved_article_reads_as_its_reviewed_expectation_says(path: Path) -> None:
    expectation = path.with_suffix(".json")
    known = json.loads(expectation.read_text()) if expectation.exists() else {}
    url = known.get("url", ADDRESS)
    today = date.fromisoformat(known.get("today", TODAY.isoformat()))
    found = as_expected(read_article(Page(url, path.read_bytes(), today)))
    if not known:
        draft = {"url": url, "today": today.isoformat(), **found}
        expectation.write_text(json.dumps(draft, ensure_ascii=False, indent=2) + "\n")
        pytest.fail(f"wrote {expectation.name}: review it, then run again")
    assert found == {key: known[key] for key in found}
    assert found["outcome"] == path.parent.name


def test_saved_articles_are_there_for_good_and_for_undated_pages() -> None:
    assert len([path for path in SAVED if path.parent.name == "ok"]) >= 10
    assert len([path for path in SAVED if path.parent.name == "undated"]) >= 3


@pytest.mark.parametrize(
    "shown",
    [
        "发布时间：2024-06-05 10:20 来源：市政府办",
        "【信息发布时间：2024-06-05阅读次数：】",
        "时间：2024-06-05 10∶08",
        "发布日期：<b>2024</b>年<b>06</b>月<b>05</b>日",
        "发 布 时 间 ： 2024\u200b-06-\u200b05",
        "发布机构：市城管局 发布日期：2024.6.5",
        "来源：市政府办 2024-06-05",
        "市政府办　2024-06-05　浏览次数：20",
        "<span>[2024-06-05]</span>",
        "(2024-06-05)",
        "2024/6/5 10:20:33",
        "访问量：<span>20</span> 时间：<em>2024.06.05</em> 星期三",
        "2024年06月05日 星期三 来源：示例日报",
        "发布日期:2024年6月5日 有效期至：2026年12月31日",
        "索引号：1 生成日期：2024-05-30 公开日期：2024-06-05",
        "撰稿日期：2024-06-01 | 上传日期：2024-06-05",
        "更新时间：2024-06-07 发布时间：2024-06-05",
        "发布时间：2024-06-05 | 更新时间：2024-06-07",
        "发文日期：2024-05-30 发布日期：2024-06-05",
        "【发布日期】2024-06-05 【字体：大 中 小】",
        "Updated: 2024-06-05",
        "<p>发布机构：<a href='x'>市城市管理局办公室</a></p><p>发布日期：2024-06-05</p>",
        "2024-06-05 10:20 | 来源：<a href='x'>示例市融媒体中心新闻网</a>",
        "发布时间：<script>document.write('2024-06-05')</script>",
        "<p>（2024年6月1日）</p><div>日期：2024-06-05</div>",
    ],
)
def test_the_day_shown_under_the_title_is_the_day_of_publication(shown: str) -> None:
    assert day(read(f"{HEADING}<div>{shown}</div>{BODY}")) == "2024-06-05"


@pytest.mark.parametrize(
    "shown",
    [
        "<div>活动时间：2026-11-01</div><div>报名截止：2026-10-30</div>",
        "<div>公示时间：2024年6月5日至2024年6月11日</div>",
        "<div>首次公告发布日期：2024-06-01</div><div>更正日期：2024-06-05</div>",
        "<div>来信时间：2024-06-01 回复时间：2024-06-05</div>",
        "<div>登记日期：2024-06-05</div>",
        "<div>发布时间：06-05 10:20</div>",
        "<p>时间：2024年6月5日9:00</p><p>地点：市政府301会议室</p>",
        "<p>地点：市政府301会议室</p><p>时间：2024年6月5日</p>",
        "<p>一、时间：2024年6月5日9:00</p><p>二、参加人员</p>",
        "<p>发布时间：</p><p>2024年2月5日上午，市政府召开会议。</p>",
        "<p>自2024年2月5日起，办公地点迁至新址。</p>",
        "<table><tr><td>开始</td><td>2024-05-08</td></tr></table>",
    ],
)
def test_days_of_other_things_are_not_taken_for_the_day_of_publication(shown: str) -> None:
    assert day(read(f"{HEADING}{shown}{BODY}")) is None


@pytest.mark.parametrize(
    "around",
    [
        "<div>今天是：2026年11月22日 星期日</div>{}",
        "<div>2026年11月22日 星期日 10:20:33 | <a>无障碍</a></div>{}",
        "<div><span id='time'>2026-11-22</span></div>{}",
        f"<div class='left'><h3>热点</h3>{SIDE_LIST}</div>{{}}",
        f"{{}}<div class='right'><h3>热点</h3>{SIDE_LIST}</div>",
        "{}<p>下一篇：<a href='x'>关于做好防汛准备工作的通知</a> 2026-01-01</p>",
        "{}<div>主办：示例市人民政府 publishdate:2026/11/01 更新时间：2026-11-01</div>",
        "{}<div>网友评论 发表于 2026-06-09 10:20</div>",
        f"{{}}{SIGNED}",
        "<table><tr><td>成文日期</td><td>2024-05-01</td><td>生效日期：</td>"
        "<td>2024年7月1日</td></tr></table>{}",
    ],
)
@pytest.mark.parametrize("own", ["2024-06-05", "时间：2024-06-05 09:11", "发布日期：2024-06-05"])
def test_what_stands_around_an_article_does_not_change_its_day(around: str, own: str) -> None:
    assert day(read(around.format(f"{HEADING}<div>{own}</div>{BODY}"))) == "2024-06-05"


def test_a_signature_alone_is_no_day_of_publication() -> None:
    assert day(read(f"{HEADING}{BODY}{SIGNED}")) is None


def test_a_day_without_any_title_to_stand_by_is_still_found_in_its_own_line() -> None:
    reading = read(f"<div>{TITLE}</div><div>2024-06-05</div>{BODY}{SIGNED}", title="首页")
    assert (day(reading), reading.date_source) == ("2024-06-05", DateSource.TEXT)


def test_a_meta_tag_or_an_address_alone_answers_and_says_so() -> None:
    meta = read(HEADING + BODY, head='<meta name="PubDate" content="2024-06-05 10:20">')
    address = read(HEADING + BODY, url="https://www.example.gov.cn/art/2024/6/5/art_1_2.html")
    assert (day(meta), meta.date_source) == ("2024-06-05", DateSource.META)
    assert (day(address), address.date_source) == ("2024-06-05", DateSource.URL)


def test_a_meta_tag_and_an_address_that_disagree_give_no_day_but_two_candidates() -> None:
    reading = read(
        HEADING + BODY,
        head='<meta name="PubDate" content="2026-07-05 10:20">',
        url="https://www.example.gov.cn/art/2024/6/5/art_1_2.html",
    )
    assert (reading.published_on, reading.outcome) == (None, Outcome.UNDATED)
    assert {each.on.isoformat() for each in reading.candidates} == {"2026-07-05", "2024-06-05"}
    assert "不一致" in reading.why


def test_a_visible_label_outweighs_meta_tag_and_address_together() -> None:
    reading = read(
        f"{HEADING}<p>发布时间：2014-03-17</p>{BODY}",
        head='<meta name="PubDate" content="2026-01-05">',
        url="https://www.example.gov.cn/202601/t20260105_1.html",
    )
    assert day(reading) == "2014-03-17"
    assert {each.on.year for each in reading.candidates} == {2014, 2026}


def test_a_day_after_the_visit_is_kept_as_the_last_candidate_and_never_the_answer() -> None:
    reading = read(f"{HEADING}<p>发布时间：2026-11-23</p><p>更新时间：2026-11-22</p>{BODY}")
    assert day(reading) == "2026-11-22"
    assert reading.candidates[-1].on == date(2026, 11, 23)


def test_a_variable_of_publication_answers_only_when_all_such_variables_agree() -> None:
    one = "<script>var publishTime = '2024-06-05 11:11';</script>"
    two = one + "<script>var pubDate = '2024-06-06';</script>"
    record = (
        '<script>var d={DETAIL: {"id":1,"create_time":1717550000,"date":"2024-05-01"}}</script>'
    )
    assert day(read(one + HEADING + BODY)) == "2024-06-05"
    assert day(read(two + HEADING + BODY)) is None
    assert day(read(record + HEADING + BODY)) == "2024-06-05"


def test_a_commented_out_line_of_a_script_writes_nothing() -> None:
    script = "<script>//document.write('2019年8月30日');\n/* var pubDate='2019-08-30'; */</script>"
    reading = read(f"{script}{HEADING}<p>2024年6月5日 浏览：</p>{BODY}")
    assert day(reading) == "2024-06-05"


def test_the_account_time_stamp_counts_in_shanghai() -> None:
    # 17:40 UTC on 4 June is already 5 June in China.
    html = '<div id="js_content" class="rich_media"></div><script>var ct = "1717522800";</script>'
    page = Page("https://mp.weixin.qq.com/s/synthetic", html.encode(), TODAY)
    assert read_article(page).published_on == date(2024, 6, 5)


def test_a_page_that_is_no_article_keeps_its_own_outcome() -> None:
    page = Page(ADDRESS, b"<html><title>x</title><body>no</body></html>", TODAY)
    blocked = read_article(replace(page, status=403))
    assert (blocked.outcome, blocked.candidates) == (Outcome.BLOCKED, ())
    assert "403" in blocked.why


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "2024-06-05",
        "<h1>" * 50_000 + "标题" * 50_000,
        "<font a1><p>" * 50_000,
        "<li><a href='x'>关于做好工作的通知</a>2024-06-05</li>" * 60_000,
        "<script>" + "/*" * 1_000_000 + "document.write('2024-06-05')</script>",
        "<script>DETAIL: {</script>" * 50_000,
        "<p>发布时间：2024-06-05</p>" * 100_000,
        "来源：" * 500_000,
        "<" * 2_000_000,
        "发布时间 " * 300_000,
    ],
    ids=[
        "deep",
        "headings",
        "fonts",
        "rows",
        "comments",
        "records",
        "labels",
        "sources",
        "lt",
        "cut",
    ],
)
def test_a_hostile_page_of_megabytes_is_read_to_an_end(html: str) -> None:
    with no_hang():
        reading = read_article(Page(ADDRESS, html.encode(), TODAY))
    assert reading.published_on is None or reading.published_on <= TODAY
