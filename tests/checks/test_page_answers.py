"""The duties of a site's pages, over all pages looked at lately. All facts are synthetic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from checks.answers import answer_duties
from checks.duties import FormLink, LinkSeen, Mark, MarkSeen, PageFacts, PageKind, Presence, TagSeen
from checks.facts import Observed, Outcome
from checks.freshness import SHANGHAI, Moment
from checks.judge import Facts, judge
from checks.owed import Answer, Case
from checks.page_facts import PAGE, own_page, page_data, page_facts
from checks.rules import Law, pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState
from tests.checks.make import CALENDAR
from tests.checks.test_duties import GOOD, HOME, MARKS, TAGS

LAW = read_law(pack_texts(["cn-2019"]), CALENDAR)
AS_OF = date(2026, 11, 23)
DUTIES = {duty.id: duty for duty in LAW.duties_in_force(AS_OF)}
ROOT = "https://www.shili.gov.cn"
SITE = Subject(SubjectKind.SITE, "s1", "示例网站", "gov", "s1", f"{ROOT}/", code="3206850001")
FULL_HOME = replace(HOME, url=f"{ROOT}/")
MET, UNMET, UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


def at_noon(on: date) -> datetime:
    return datetime.combine(on, time(12), SHANGHAI)


def look(facts: PageFacts, on: date = AS_OF, outcome: Outcome = Outcome.OK) -> Observed:
    # As the ledger gives it back: plain JSON.
    data = json.loads(json.dumps(page_data(facts)))
    evidence = f"evidence/x.warc#{facts.url}"
    return Observed(SITE.key, PAGE, facts.url, at_noon(on), outcome, data, evidence)


def column(n: int, **known: object) -> PageFacts:
    listed = replace(GOOD, kind=PageKind.LIST, url=f"{ROOT}/c{n}/")
    return replace(listed, **known)  # type: ignore[arg-type]


def article(n: int, **known: object) -> PageFacts:
    return replace(GOOD, url=f"{ROOT}/c{n}/1.html", **known)  # type: ignore[arg-type]


def answer(
    duty: str, looks: Sequence[Observed], as_of: date = AS_OF, site: Subject = SITE
) -> Answer:
    (row,) = answer_duties(Case(site, as_of, looks), [DUTIES[duty]])
    return row.answer


def without(mark: Mark) -> tuple[MarkSeen, ...]:
    others = (each for each in MARKS if each.mark is not mark)
    return (*others, MarkSeen(mark, Presence.ABSENT))


def unseen(facts: PageFacts, outcome: Outcome = Outcome.BLOCKED, on: date = AS_OF) -> Observed:
    host = "www.shili.gov.cn"
    return look(PageFacts(facts.url, facts.kind, host, unseen="服务器拒绝访问（403）"), on, outcome)


EVERYTHING = [look(FULL_HOME), look(column(1)), look(article(1))]


def test_facts_come_back_from_plain_data_as_they_were() -> None:
    full = replace(
        FULL_HOME,
        marks=(MarkSeen(Mark.ICP, Presence.UNKNOWN, "苏ICP备1号", "https://a", "未能读出"),),
        tags_doubt="头部没有收全",
        shown_times=("2026-11-20 09:30",),
        links=(LinkSeen("https://x.com/", "x.com", "某处"),),
        forms=(FormLink("年度报表", None, None), FormLink("年度报表", f"{ROOT}/nb", 2025)),
        form_doubt="请人工核对",
    )
    for facts in (full, GOOD, PageFacts(ROOT, PageKind.HOME, "www.shili.gov.cn", unseen="超时")):
        assert page_facts(json.loads(json.dumps(page_data(facts)))) == facts


def test_three_links_to_one_host_are_kept() -> None:
    links = tuple(LinkSeen(f"https://x.com/{n}", "x.com", "") for n in range(9))
    kept = page_facts(page_data(replace(GOOD, links=links))).links
    assert kept == links[:3]


def test_a_site_whose_pages_show_everything_meets_every_duty() -> None:
    rows = answer_duties(Case(SITE, AS_OF, EVERYTHING), list(DUTIES.values()))
    on_pages = [row for row in rows if row.duty.pages or row.duty.about == "domain"]
    assert len(on_pages) == 23
    assert {row.duty.id: row.state for row in on_pages if row.state is not MET} == {}
    assert answer("foot_icp", EVERYTHING).reason == "抽查3个页面，均符合要求"


def test_nothing_seen_leaves_every_duty_unknown() -> None:
    rows = answer_duties(Case(SITE, AS_OF), [d for d in DUTIES.values() if d.subject == "site"])
    asked = [row for row in rows if row.duty.pages or row.duty.about == "domain"]
    assert {row.state for row in asked} == {UNKNOWN}
    assert answer("foot_icp", []).reason == "近期未查看网站页面，不作判定"
    assert answer("annual_form", []).reason == "近期未查看网站首页，不作判定"


@pytest.mark.parametrize("mark", list(Mark))
def test_a_mark_missing_on_the_home_page_alone_is_one_fault_of_the_site(mark: Mark) -> None:
    home = look(replace(FULL_HOME, marks=without(mark)))
    found = answer(f"foot_{mark}", [home, *EVERYTHING[1:]])
    assert found == Answer(
        UNMET,
        f"抽查3个页面，1个缺少此项：首页 {ROOT}/",
        (f"首页 {ROOT}/：页面上没有此项（2026-11-23查看）",),
        (),
        f"evidence/x.warc#{ROOT}/",
    )
    others = [each for each in Mark if each is not mark]
    for other in others:
        assert answer(f"foot_{other}", [home, *EVERYTHING[1:]]).state is MET


def test_a_fault_of_the_template_is_told_once_with_three_pages_and_the_number_of_the_rest() -> None:
    looks = [look(column(n, marks=without(Mark.POLICE))) for n in range(12)]
    found = answer("foot_police", [look(FULL_HOME), *looks])
    pages = "；".join(f"栏目页 {ROOT}/c{n}/" for n in (0, 1, 10))
    assert found.reason == f"抽查13个页面，12个缺少此项：{pages}等12个页面"
    assert len(found.faults) == 11
    assert found.faults[-1] == "另有2个页面，未逐一列出"


def test_a_tag_at_fault_is_told_with_what_is_wrong() -> None:
    tags = tuple(tag for tag in TAGS if tag.name != "PubDate")
    looks = [
        look(article(1, tags=tags)),
        look(article(2, tags=(*tags, TagSeen("PubDate", "2026年11月20日")))),
        look(column(1)),
        look(FULL_HOME),
    ]
    found = answer("tag_pubdate", looks)
    assert found.reason == (
        f"抽查2个页面，2个不符合要求：文章页 {ROOT}/c1/1.html（页面没有 PubDate 标签）；"
        f"文章页 {ROOT}/c2/1.html（PubDate 标签的格式不符合要求）"
    )


def test_what_is_wrong_in_one_way_is_said_once() -> None:
    tags = tuple(tag for tag in TAGS if tag.name != "ColumnType")
    looks = [look(FULL_HOME), look(column(1, tags=tags)), look(article(1, tags=tags))]
    assert answer("tag_columntype", looks).reason == (
        "抽查2个页面，2个不符合要求（页面没有 ColumnType 标签）："
        f"栏目页 {ROOT}/c1/；文章页 {ROOT}/c1/1.html"
    )


def test_the_code_in_the_register_is_compared_and_may_itself_be_wrong() -> None:
    other = replace(SITE, code="3206850009")
    found = answer("site_code_agrees", EVERYTHING, site=other)
    assert found.state is UNKNOWN
    assert "请核对登记册" in found.reason


def test_a_page_in_doubt_is_held_against_nobody_and_keeps_the_duty_from_being_met() -> None:
    doubt = (MarkSeen(Mark.SIGN, Presence.UNKNOWN, why="页脚可能由脚本写出"),)
    found = answer("foot_sign", [*EVERYTHING[:2], look(article(1, marks=doubt))])
    assert found == Answer(
        UNKNOWN,
        f"抽查3个页面，1个未能判断：文章页 {ROOT}/c1/1.html：页脚可能由脚本写出",
        (),
        (f"文章页 {ROOT}/c1/1.html：页脚可能由脚本写出（2026-11-23查看）",),
    )


def test_a_blocked_home_page_leaves_marks_form_and_domain_unknown() -> None:
    looks = [unseen(FULL_HOME), *EVERYTHING[1:]]
    for duty in ("foot_icp", "tag_sitename", "annual_form", "domain_gov_cn", "outside_links"):
        assert answer(duty, looks).state is UNKNOWN
    assert answer("domain_gov_cn", looks).reason == "没有看到首页：服务器拒绝访问（403）"
    assert answer("tag_articletitle", looks).state is MET


def test_a_fault_beyond_doubt_stands_beside_pages_that_were_not_seen() -> None:
    found = answer("foot_host", [unseen(FULL_HOME), look(column(1, marks=without(Mark.HOST)))])
    assert found.state is UNMET
    assert found.reason == f"抽查2个页面，1个缺少此项，1个未能判断：栏目页 {ROOT}/c1/"
    assert found.doubts == (f"首页 {ROOT}/：没有看到页面：服务器拒绝访问（403）（2026-11-23查看）",)


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.REFUSED])
def test_a_page_that_is_gone_or_that_we_may_not_open_owes_nothing(outcome: Outcome) -> None:
    looks = [*EVERYTHING, unseen(article(2), outcome)]
    assert answer("foot_icp", looks).reason == "抽查3个页面，均符合要求"


@pytest.mark.parametrize(("days", "state"), [(7, UNMET), (8, UNMET), (9, UNKNOWN)])
def test_a_look_counts_for_eight_days(days: int, state: DutyState) -> None:
    facts = column(1, marks=without(Mark.ICP))
    assert answer("foot_icp", [look(facts, date(2026, 11, 23 - days))]).state is state


@pytest.mark.parametrize(("days", "state"), [(8, UNMET), (9, UNKNOWN), (39, UNKNOWN)])
def test_a_fault_nobody_looked_at_again_is_not_mended(days: int, state: DutyState) -> None:
    on = date.fromordinal(AS_OF.toordinal() - days)
    before = look(column(2, marks=without(Mark.ICP)), on)
    found = answer("foot_icp", [*EVERYTHING, before])
    assert found.state is state
    if state is UNKNOWN:
        line = f"栏目页 {ROOT}/c2/：页面上没有此项（{on}查看）"
        assert found == Answer(UNKNOWN, "此前有问题的页面尚未复看", (), (line,))
    assert answer("foot_police", [*EVERYTHING, before]).state is MET


def test_the_page_looked_at_again_and_good_meets_the_duty() -> None:
    before = look(column(2, marks=without(Mark.ICP)), date(2026, 11, 14))
    found = answer("foot_icp", [*EVERYTHING, before, look(column(2))])
    assert (found.state, found.reason) == (MET, "抽查4个页面，均符合要求")


def test_a_fault_seen_long_ago_of_a_page_gone_or_elsewhere_or_of_an_old_article_is_over() -> None:
    long_ago = date(2026, 11, 10)
    fault = column(2, marks=without(Mark.ICP))
    gone = unseen(column(2), Outcome.GONE, date(2026, 11, 12))
    assert answer("foot_icp", [*EVERYTHING, look(fault, long_ago), gone]).state is MET
    elsewhere = look(replace(fault, url="https://zjj.shili.gov.cn/"), long_ago)
    assert answer("foot_icp", [*EVERYTHING, elsewhere]).state is MET
    old = look(article(2, marks=without(Mark.ICP)), long_ago)
    assert answer("foot_icp", [*EVERYTHING, old]).state is MET


def test_an_outside_link_on_a_page_not_looked_at_again_is_not_gone() -> None:
    before = look(column(2, links=links("https://x.com/a")), date(2026, 11, 14))
    found = answer("outside_links", [*EVERYTHING, before])
    assert (found.state, found.reason) == (UNKNOWN, "此前有问题的页面尚未复看")


def test_a_page_of_another_host_is_not_held_against_this_site() -> None:
    elsewhere = replace(column(1, marks=without(Mark.ICP)), url="https://zjj.shili.gov.cn/")
    assert answer("foot_icp", [*EVERYTHING, look(elsewhere)]).state is MET
    assert answer("foot_icp", [look(elsewhere)]).state is UNKNOWN


def test_a_home_page_that_leads_elsewhere_is_not_judged() -> None:
    facts = replace(FULL_HOME, url="https://portal.gov.cn/", host="portal.gov.cn", marks=())
    moved = replace(look(facts), key=f"{ROOT}/")
    found = answer("foot_icp", [moved])
    assert (found.state, found.reason) == (
        UNKNOWN,
        "首页转到了登记以外的地址portal.gov.cn，不作判定，请核对登记册",
    )


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://www.shili.gov.cn/a.html", True),
        ("https://shili.gov.cn:443/a.html", True),
        ("https://SHILI.gov.cn./a.html", True),
        ("https://shili.gov.cn:8443/a.html", False),
        ("https://zjj.shili.gov.cn/", False),
        ("https://www.shili.gov.cn.example.com/", False),
        ("https://[broken/", False),
        ("", False),
    ],
)
def test_whose_page_an_address_is(url: str, own: bool) -> None:
    assert own_page(url, f"{ROOT}/") is own


def test_a_chinese_name_is_one_host_in_both_writings() -> None:
    assert own_page("http://xn--fiq228c.xn--zfr164b/a", "http://中文.政务/")


def links(*urls: str) -> tuple[LinkSeen, ...]:
    return tuple(LinkSeen(url, url.split("/")[2], f"第{n}个") for n, url in enumerate(urls))


def test_outside_links_are_told_one_by_one_with_the_page_that_has_them() -> None:
    home = replace(FULL_HOME, links=links("https://x.com/a", "http://203.0.113.9/b"))
    again = article(1, links=links("https://x.com/a", "https://www.conac.cn/"))
    found = answer("outside_links", [look(home), look(column(1)), look(again)])
    lines = (
        f"“第0个”https://x.com/a（见于首页 {ROOT}/）",
        f"“第1个”http://203.0.113.9/b（见于首页 {ROOT}/）",
    )
    assert found.state is UNMET
    assert found.reason == f"抽查3个页面，2个含此类链接，共2条：{'；'.join(lines)}"
    assert found.faults == lines


def test_ten_links_are_told_each_host_first() -> None:
    many = links(*(f"https://x{n // 3}.com/{n}" for n in range(33)))
    found = answer("outside_links", [look(replace(FULL_HOME, links=many))])
    assert found.reason.startswith("抽查1个页面，1个含此类链接，共33条：")
    assert found.reason.endswith("等33条")
    told = found.reason.partition("：")[2]
    assert [f"https://x{n}.com/" in told for n in range(11)] == [True] * 10 + [False]
    assert found.faults[-1] == "另有23条链接，未逐一列出"


def test_a_link_to_the_site_itself_under_its_other_name_is_no_outside_link() -> None:
    site = replace(SITE, url="https://www.shili.com/")
    facts = replace(FULL_HOME, url=site.url or "", links=links("https://shili.com/"))
    assert answer("outside_links", [look(facts)], site=site).state is MET


@pytest.mark.parametrize(
    ("seen", "as_of", "state", "basis"),
    [
        # The form of 2024 is there. On 31 January 2027 that of 2025 is owed, a day later 2026's.
        (date(2027, 1, 31), date(2027, 1, 31), UNMET, date(2026, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 1), UNMET, date(2027, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 1), UNMET, date(2026, 1, 31)),
        # The last good day is seen on that day, so a look at noon says nothing of the evening.
        (date(2026, 1, 31), date(2026, 1, 31), MET, None),
        (date(2026, 1, 31), date(2026, 2, 1), UNKNOWN, None),
        (date(2026, 1, 30), date(2026, 2, 2), UNKNOWN, None),
    ],
)
def test_the_yearly_form_is_owed_from_the_day_after_31_january(
    seen: date, as_of: date, state: DutyState, basis: date | None
) -> None:
    home = replace(FULL_HOME, forms=(FormLink("年度报表", None, 2024),))
    found = answer("annual_form", [look(home, seen)], as_of)
    assert (found.state, found.basis) == (state, basis)


def test_a_list_page_says_nothing_of_the_yearly_form() -> None:
    assert answer("annual_form", EVERYTHING[1:]).reason == "近期未查看网站首页，不作判定"


def served_at(url: str, registered: str, duty: str) -> Answer:
    site = replace(SITE, url=registered)
    host = url.split("/")[2].split(":")[0]
    seen = look(replace(FULL_HOME, url=url, host=host))
    return answer(duty, [replace(seen, key=registered)], site=site)


@pytest.mark.parametrize(
    ("served", "registered", "duty", "state"),
    [
        ("https://a.gov.cn/", "http://a.gov.cn/", "domain_gov_cn", MET),
        ("https://a.com/", "https://a.com/", "domain_gov_cn", UNMET),
        ("https://a.gov.cn/", "https://a.com/", "domain_gov_cn", MET),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/", "domain_gov_cn", UNKNOWN),
        ("http://8.8.8.8/", "http://8.8.8.8/", "domain_no_ip", UNMET),
        ("http://a.gov.cn/", "http://8.8.8.8/", "domain_no_ip", MET),
        ("https://www.a.gov.cn/", "http://a.gov.cn/", "domain_single", MET),
        ("https://b.gov.cn/", "http://a.gov.cn/", "domain_single", UNMET),
        ("https://xn--fiq228c.xn--zfr164b/", "http://中文.政务/", "domain_single", MET),
    ],
)
def test_the_domain_is_where_the_home_page_is_served(
    served: str, registered: str, duty: str, state: DutyState
) -> None:
    assert served_at(served, registered, duty).state is state


def test_several_names_are_told() -> None:
    found = served_at("https://b.gov.cn/", "http://a.gov.cn/", "domain_single")
    assert found.reason == "同一网站使用了多个域名：a.gov.cn、b.gov.cn"


def bench(looks: Sequence[Observed], law: Law = LAW) -> dict[str, str | None]:
    facts = Facts([SITE], {}, observed={SITE.key: looks})
    judged = judge(law, facts, Moment(AS_OF))
    return {key.rule: fault.unit for key, fault in judged.faults.items() if fault.unit}


def test_a_missing_mark_becomes_one_finding_of_the_sites_unit() -> None:
    looks = [look(column(n, marks=without(Mark.CONTACT))) for n in range(3)]
    assert bench([look(FULL_HOME), *looks]) == {"foot_contact": "gov"}
    assert bench(EVERYTHING) == {}
