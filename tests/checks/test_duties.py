"""The duties of a page as the rules word them: met, unmet, or not known. All facts synthetic."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from checks.domains import judge_hosts
from checks.duties import (
    DutyJudgement,
    FormLink,
    LinkSeen,
    Mark,
    MarkSeen,
    PageFacts,
    PageKind,
    Presence,
    TagSeen,
    judge_page,
)
from checks.duty_table import Duty, read_duties
from checks.rules import COLUMN_CLASSES, pack_texts, read_pack
from checks.verdicts import DutyState

DUTIES = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml").duties
CODE = "3206850001"
MARKS = (
    MarkSeen(Mark.SIGN, Presence.FOUND, link="https://bszs.conac.cn/sitename?id=0"),
    MarkSeen(Mark.ERROR_ENTRY, Presence.FOUND),
    MarkSeen(Mark.SITE_CODE, Presence.FOUND, CODE),
    MarkSeen(Mark.ICP, Presence.FOUND, "苏ICP备00000000号-1"),
    MarkSeen(Mark.POLICE, Presence.FOUND, "苏公网安备00000000000000号"),
    MarkSeen(Mark.HOST, Presence.FOUND, "示例市人民政府办公室"),
    MarkSeen(Mark.CONTACT, Presence.FOUND, "电话:0513-00000000"),
)
TAGS = (
    TagSeen("SiteName", "示例市人民政府"),
    TagSeen("SiteDomain", "www.shili.gov.cn"),
    TagSeen("SiteIDCode", CODE),
    TagSeen("ColumnName", "政务要闻"),
    TagSeen("ColumnDescription", "本市要闻"),
    TagSeen("ColumnKeywords", "要闻"),
    TagSeen("ColumnType", "政务动态"),
    TagSeen("ArticleTitle", "示例市召开全市大会"),
    TagSeen("PubDate", "2026-11-20 02:30"),
    TagSeen("ContentSource", "示例日报"),
)
GOOD = PageFacts(
    url="https://www.shili.gov.cn/a/1.html",
    kind=PageKind.ARTICLE,
    host="www.shili.gov.cn",
    marks=MARKS,
    tags=TAGS,
    entry_code=CODE,
)
HOME = replace(GOOD, kind=PageKind.HOME, forms=(FormLink("年度报表", None, 2025),))
AS_OF = date(2026, 11, 23)


def judged(facts: PageFacts, duty: str, as_of: date = AS_OF, code: str = "") -> DutyJudgement:
    found = judge_page(facts, DUTIES, as_of, code or None)
    return next(each for each in found if each.duty.id == duty)


def with_tag(name: str, *contents: str) -> PageFacts:
    others = tuple(tag for tag in TAGS if tag.name != name)
    return replace(GOOD, tags=others + tuple(TagSeen(name, each) for each in contents))


def test_a_page_that_shows_everything_meets_every_duty() -> None:
    for facts in (GOOD, HOME):
        assert {each.state for each in judge_page(facts, DUTIES, AS_OF)} == {DutyState.MET}


def test_a_home_page_owes_three_tags_a_list_seven_and_an_article_ten() -> None:
    owed = {kind: sum(d.about == "tag" for d in DUTIES if kind in d.pages) for kind in PageKind}
    assert owed == {PageKind.HOME: 3, PageKind.LIST: 7, PageKind.ARTICLE: 10}


def test_every_kind_of_page_owes_the_seven_marks() -> None:
    for kind in PageKind:
        assert [d.name for d in DUTIES if d.about == "mark" and kind in d.pages] == list(Mark)


def test_only_a_home_page_owes_the_yearly_form() -> None:
    assert "annual_form" not in {each.duty.id for each in judge_page(GOOD, DUTIES, AS_OF)}
    assert "annual_form" in {each.duty.id for each in judge_page(HOME, DUTIES, AS_OF)}


def test_a_page_that_was_not_seen_leaves_every_duty_unknown() -> None:
    unseen = PageFacts(HOME.url, PageKind.HOME, HOME.host, unseen="服务器拒绝访问（403）")
    answers = judge_page(unseen, DUTIES, AS_OF, CODE)
    assert len(answers) == 13
    assert {each.state for each in answers} == {DutyState.UNKNOWN}
    assert {each.reason for each in answers} == {"没有看到页面：服务器拒绝访问（403）"}


@pytest.mark.parametrize("mark", list(Mark))
def test_a_mark_that_is_absent_is_unmet_and_one_that_is_unknown_is_unknown(mark: Mark) -> None:
    for presence, state in (
        (Presence.ABSENT, DutyState.UNMET),
        (Presence.UNKNOWN, DutyState.UNKNOWN),
    ):
        others = tuple(each for each in MARKS if each.mark is not mark)
        facts = replace(GOOD, marks=(*others, MarkSeen(mark, presence, why="未看到")))
        assert judged(facts, f"foot_{mark}").state is state


def test_a_mark_that_the_facts_do_not_speak_of_is_unknown() -> None:
    assert judged(replace(GOOD, marks=()), "foot_icp").state is DutyState.UNKNOWN


@pytest.mark.parametrize(
    ("mark", "text", "state"),
    [
        (Mark.ICP, "苏ICP备12345678号", DutyState.MET),
        (Mark.ICP, "苏ICP备12345678号-12", DutyState.MET),
        (Mark.ICP, "ICP备12345678号", DutyState.UNKNOWN),
        (Mark.ICP, "苏ICP备1234567号", DutyState.UNKNOWN),
        (Mark.POLICE, "川公网安备51160202511682号", DutyState.MET),
        (Mark.POLICE, "川公网安备5116020251168号", DutyState.UNKNOWN),
        (Mark.SITE_CODE, "bm07000001", DutyState.MET),
        (Mark.SITE_CODE, "32068500", DutyState.UNKNOWN),
    ],
)
def test_a_number_of_unusual_form_asks_a_person_to_look(
    mark: Mark, text: str, state: DutyState
) -> None:
    facts = replace(GOOD, marks=(MarkSeen(mark, Presence.FOUND, text),))
    assert judged(facts, f"foot_{mark}").state is state


@pytest.mark.parametrize(
    ("contents", "state"),
    [
        ((), DutyState.UNMET),
        (("",), DutyState.UNMET),
        (("null",), DutyState.UNMET),
        (("政府网站标识码",), DutyState.UNMET),
        (("320685000",), DutyState.UNMET),
        ((CODE, CODE), DutyState.MET),
        (("", CODE), DutyState.MET),
        ((CODE, "3206850002"), DutyState.UNKNOWN),
        (("bm07000001",), DutyState.MET),
        (("N000000672",), DutyState.MET),
    ],
)
def test_a_tag_is_there_once_filled_and_well_formed(
    contents: tuple[str, ...], state: DutyState
) -> None:
    assert judged(with_tag("SiteIDCode", *contents), "tag_siteidcode").state is state


def test_the_case_of_a_tags_name_does_not_matter() -> None:
    facts = replace(GOOD, tags=(TagSeen("sitename", "示例市人民政府"),))
    assert judged(facts, "tag_sitename").state is DutyState.MET


def test_a_tag_missing_from_a_head_that_was_cut_off_is_unknown() -> None:
    facts = replace(GOOD, tags=(), tags_doubt="页面的头部没有收全")
    assert judged(facts, "tag_sitename").state is DutyState.UNKNOWN


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ("2026-11-20 14:30", DutyState.MET),
        ("2026-11-20 14:30:05", DutyState.MET),
        ("2026-11-20", DutyState.UNMET),
        ("2026/11/20 14:30", DutyState.UNMET),
        ("2026-11-20 02:30 PM", DutyState.UNMET),
        ("2026-11-20 25:30", DutyState.UNMET),
        ("2026-02-30 14:30", DutyState.UNMET),
        ("2026-11-20 02:30", DutyState.UNMET),
        ("2026-11-20 02:31", DutyState.MET),
        ("2026-11-20 00:00", DutyState.MET),
    ],
)
def test_pubdate_is_a_day_and_a_time_of_24_hours(content: str, state: DutyState) -> None:
    facts = replace(with_tag("PubDate", content), shown_times=("2026-11-20 14:30",))
    assert judged(facts, "tag_pubdate").state is state


def test_a_morning_time_that_the_page_shows_too_is_no_12_hour_clock() -> None:
    both = ("2026-11-20 02:30", "2026-11-20 14:30")
    assert judged(replace(GOOD, shown_times=both), "tag_pubdate").state is DutyState.MET
    assert judged(replace(GOOD, shown_times=()), "tag_pubdate").state is DutyState.MET


def test_codes_that_differ_between_tag_and_foot_are_unmet() -> None:
    facts = with_tag("SiteIDCode", "3206850002")
    assert judged(facts, "site_code_agrees").state is DutyState.UNMET


def test_a_code_that_differs_from_the_register_may_be_the_registers_fault() -> None:
    assert judged(GOOD, "site_code_agrees", code="3206850009").state is DutyState.UNKNOWN
    assert judged(GOOD, "site_code_agrees", code=CODE).state is DutyState.MET


def test_an_entry_with_another_code_asks_a_person_to_look() -> None:
    facts = replace(GOOD, entry_code="3206850009")
    assert judged(facts, "site_code_agrees").state is DutyState.UNKNOWN


def test_one_code_alone_agrees_with_nothing() -> None:
    facts = replace(GOOD, marks=(), entry_code=None)
    assert judged(facts, "site_code_agrees").state is DutyState.UNKNOWN
    assert judged(facts, "site_code_agrees", code=CODE).state is DutyState.MET


def test_links_to_hosts_that_are_not_allowed_are_listed() -> None:
    allowed = LinkSeen("https://www.nantong.gov.cn/", "www.nantong.gov.cn", "上级门户")
    shop = LinkSeen("https://shop.example.com/a", "shop.example.com", "商城")
    lookalike = LinkSeen("https://fakegov.cn/", "fakegov.cn", "政府")
    bare = LinkSeen("http://192.0.2.7/x", "192.0.2.7", "系统")
    facts = replace(GOOD, links=(allowed, shop, lookalike, bare))
    answer = judged(facts, "outside_links")
    assert answer.state is DutyState.UNMET
    assert answer.links == (shop, lookalike, bare)
    assert judged(replace(GOOD, links=(allowed,)), "outside_links").state is DutyState.MET


@pytest.mark.parametrize(
    ("as_of", "years", "state"),
    [
        (date(2026, 1, 31), [2024], DutyState.MET),
        (date(2026, 2, 1), [2024], DutyState.UNMET),
        (date(2026, 2, 1), [2025, 2024], DutyState.MET),
        (date(2026, 1, 31), [2025], DutyState.MET),
        (date(2026, 1, 31), [2023], DutyState.UNMET),
        (date(2026, 2, 1), [], DutyState.UNMET),
        (date(2026, 2, 1), [2024, None], DutyState.UNKNOWN),
    ],
)
def test_last_years_form_is_due_on_31_january(
    as_of: date, years: list[int | None], state: DutyState
) -> None:
    facts = replace(HOME, forms=tuple(FormLink("年度报表", None, year) for year in years))
    assert judged(facts, "annual_form", as_of).state is state


def test_a_form_that_may_stand_unseen_is_unknown() -> None:
    facts = replace(HOME, forms=(), form_doubt="首页有未注明文字的图片链接，请人工核对")
    assert judged(facts, "annual_form").state is DutyState.UNKNOWN


@pytest.mark.parametrize(
    ("hosts", "states"),
    [
        (["www.shili.gov.cn"], ["met", "met", "met"]),
        (["www.shili.gov.cn", "shili.gov.cn"], ["met", "met", "met"]),
        (["www.shili.gov.cn", "示例.政务"], ["met", "met", "met"]),
        (["www.shili.gov.cn", "www.slzf.gov.cn"], ["met", "met", "unmet"]),
        (["www.shili.com.cn"], ["unmet", "met", "met"]),
        (["fakegov.cn"], ["unmet", "met", "met"]),
        (["8.8.8.8"], ["unmet", "unmet", "unknown"]),
        (["10.0.0.8"], ["unknown", "unknown", "unknown"]),
        (["localhost"], ["unknown", "unknown", "unknown"]),
        ([], ["unknown", "unknown", "unknown"]),
    ],
)
def test_a_site_is_served_under_one_government_domain(hosts: list[str], states: list[str]) -> None:
    answers = judge_hosts(hosts, DUTIES)
    assert [each.duty.id for each in answers] == [
        "domain_gov_cn",
        "domain_no_ip",
        "domain_single",
    ]
    assert [each.state.value for each in answers] == states


ROW = """
[[duty]]
id = "foot_icp"
about = "mark"
name = "icp"
pages = ["home"]
within = "8 days"
headline = "示例"
remedy = "示例"
severity = "deduct"
clause = "示例"
source = "示例"
confidence = "A"
verified = true
effective_from = 2019-04-01
"""


def read(text: str) -> tuple[tuple[Duty, ...], list[str]]:
    return read_duties(tomllib.loads(text)["duty"], "t.toml", ("p", "1"), COLUMN_CLASSES)


def test_a_good_row_is_read() -> None:
    (duty,), faults = read(ROW)
    assert faults == []
    assert (duty.id, duty.name, duty.pages) == ("foot_icp", "icp", (PageKind.HOME,))
    assert (duty.pack, duty.subject, str(duty.within)) == ("p", "site", "8 days")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "foot_icp"', "", "missing id"),
        ('"icp"', '"icpp"', "name: 'icpp'"),
        ('["home"]', '["house"]', "pages: 'house'"),
        ('"mark"', '"marks"', "about: 'marks'"),
        ('"mark"', '"domain"', "pages: expected some only of a duty about pages"),
        ('"mark"', '"form"', "needs a day as 01-31"),
        ('"8 days"', '"2 months"', "within: '2 months'; expected a span in days"),
        ('confidence = "A"', 'confidence = "C"', "is not verified"),
        ("verified = true", "verified = true\nlimit = 3", "unknown field limit"),
        ("verified = true", "verified = true\npattern = '('", "pattern:"),
        ("verified = true", "verified = true\ndue = '01-31'", "needs a day"),
        ("verified = true", "verified = true\nnumbers = { most = 1 }", "unknown most"),
        ("verified = true", "verified = true\nclasses = ['news']", "only columns have one"),
        ("[[duty]]", ROW + "[[duty]]", "a second row of this id"),
    ],
)
def test_a_bad_row_is_refused_with_its_field(old: str, new: str, said: str) -> None:
    _, faults = read(ROW.replace(old, new, 1))
    assert said in "\n".join(faults)


def test_numbers_are_whole_and_none_is_missing() -> None:
    row = ROW.replace('"mark"', '"tls"').replace('name = "icp"\npages = ["home"]\n', "")
    assert read(row)[1] == ["t.toml: duty 1 (foot_icp): numbers: missing days_left"]
    wrong = read(row + "numbers = { days_left = 1.5 }\n")[1]
    assert "expected a whole number" in wrong[0]


def test_no_row_of_confidence_c_is_verified() -> None:
    assert not [duty.id for duty in DUTIES if duty.confidence == "C" and duty.verified]
