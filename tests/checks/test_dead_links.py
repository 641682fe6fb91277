"""When a link is held against its site, and what is then said. All addresses are synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks.dead_links import dead_links
from checks.facts import Observed, Outcome
from checks.link_words import FIXES
from checks.links import (
    LOOKED,
    LinkedPage,
    LinkKind,
    LinkLook,
    LinkState,
    PageLink,
    SiteLinks,
    Trouble,
    as_facts,
    from_facts,
    gather,
    is_inside,
)
from checks.owed import Answer, Case
from checks.rules import pack_texts, read_pack
from checks.verdicts import DutyState
from tests.checks.make import at, day, site

(DUTY,) = [
    each
    for each in read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml").duties
    if each.about == LOOKED
]
HOME = "https://www.shili.gov.cn/"
TODAY = day("11-20")
DEAD, SOFT = LinkState.DEAD, LinkState.SOFT_DEAD
AWAY, WALL, UNKNOWN = LinkState.UNREACHABLE, LinkState.WALL, LinkState.UNKNOWN
MET, UNMET = DutyState.MET, DutyState.UNMET
MONTH = [date(2026, 11, n) for n in range(1, 21)]
LINE_UP = frozenset((inside, on) for inside in (True, False) for on in MONTH)


def look(on: str, state: LinkState, hour: int = 9, note: str = "") -> LinkLook:
    return LinkLook("", at(on, hour), state, None, note)


def trouble(
    *looks: LinkLook,
    url: str = f"{HOME}a.html",
    kind: LinkKind = LinkKind.PAGE,
    seen: str = "11-20",
    pages: int = 1,
) -> Trouble:
    link = PageLink(url, kind, "示例")
    return Trouble(link, is_inside(HOME, url), HOME, pages, at(seen), looks)


def answer(*troubles: Trouble, looked: int = 10, known: int = 10) -> Answer:
    links = SiteLinks(known, looked, LINE_UP, troubles)
    return dead_links(Case(site(), TODAY, links=links), DUTY)


def test_nobody_asked_or_nothing_was_looked_at() -> None:
    assert dead_links(Case(site(), TODAY), DUTY).state is DutyState.UNKNOWN
    assert answer(looked=0).state is DutyState.UNKNOWN


def test_all_links_open() -> None:
    assert answer() == Answer(MET, "共检查10条链接，未发现无法打开的")
    assert answer(known=12).doubts == ("另有2条链接尚未检查",)


@pytest.mark.parametrize("state", [DEAD, SOFT])
def test_one_look_is_no_fault_and_two_on_one_day_are_none_either(state: LinkState) -> None:
    once = answer(trouble(look("11-20", state)))
    twice = answer(trouble(look("11-20", state, 15), look("11-20", state, 9)))
    for each in (once, twice):
        assert (each.state, each.faults) == (DutyState.UNKNOWN, ())
        assert "已有1天检查无法打开，待复查" in each.doubts[0]


def test_the_second_look_on_another_day_is_a_fault() -> None:
    met = "页面不存在（404）"
    found = answer(trouble(look("11-20", DEAD, note=met), look("11-19", SOFT)))
    assert found.state is UNMET
    assert found.reason == "共检查10条链接，1条无法打开"
    assert found.faults == (
        "https://www.shili.gov.cn/：示例 → https://www.shili.gov.cn/a.html"
        "（站内链接；页面不存在（404）；请恢复该页面，或更正、删除该链接）",
    )
    assert found.basis == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("days", "state"), [(1, DutyState.UNKNOWN), (2, DutyState.UNKNOWN), (3, UNMET)]
)
def test_a_target_that_cannot_be_reached_is_a_fault_on_the_third_day(
    days: int, state: DutyState
) -> None:
    looks = [look(f"11-{20 - ago}", AWAY) for ago in range(days)]
    assert answer(trouble(*looks)).state is state


def test_two_kinds_of_failure_on_three_days_are_a_fault_too() -> None:
    looks = (look("11-20", DEAD), look("11-19", AWAY), look("11-18", DEAD))
    assert answer(trouble(*looks[:2])).state is DutyState.UNKNOWN
    assert answer(trouble(*looks)).state is UNMET


@pytest.mark.parametrize("state", [WALL, UNKNOWN, LinkState.REFUSED])
def test_a_wall_or_a_refusal_is_told_and_never_a_fault(state: LinkState) -> None:
    looks = [look(f"11-{20 - ago}", state) for ago in range(5)]
    found = answer(trouble(*looks))
    assert (found.state, found.faults) == (MET, ())
    assert found.doubts[0].endswith("；不计入问题）")


def test_a_wall_after_dead_looks_leaves_an_open_finding_as_it_is() -> None:
    found = answer(trouble(look("11-20", WALL), look("11-19", DEAD), look("11-18", DEAD)))
    assert (found.state, found.faults) == (DutyState.UNKNOWN, ())


@pytest.mark.parametrize(("seen", "state"), [("11-12", UNMET), ("11-11", DutyState.UNKNOWN)])
def test_the_page_that_holds_the_link_must_have_been_seen_within_eight_days(
    seen: str, state: DutyState
) -> None:
    assert answer(trouble(look("11-20", DEAD), look("11-19", DEAD), seen=seen)).state is state


@pytest.mark.parametrize(("last", "state"), [("11-12", UNMET), ("11-11", DutyState.UNKNOWN)])
def test_the_last_look_must_be_within_eight_days(last: str, state: DutyState) -> None:
    assert answer(trouble(look(last, DEAD), look("11-10", DEAD))).state is state


def test_where_nothing_outside_answers_our_own_line_may_be_at_fault() -> None:
    looks = [look(f"11-{20 - ago}", AWAY) for ago in range(3)]
    away = trouble(*looks, url="https://www.example.cn/")
    links = SiteLinks(10, 10, frozenset((True, on) for on in MONTH), (away,))
    found = dead_links(Case(site(), TODAY, links=links), DUTY)
    assert (found.state, found.faults) == (DutyState.UNKNOWN, ())
    assert "当日未见同类链接能够打开，可能是本机网络的原因" in found.doubts[0]
    outside = frozenset((False, on) for on in MONTH)
    case = Case(site(), TODAY, links=replace(links, answering=outside))
    assert dead_links(case, DUTY).state is UNMET


def line_test(days_up: list[str], *, inside: bool = True) -> Answer:
    """Three links last good on 4 March, three not reached on 7, 8 and 9; others good on `days_up`.

    One link was good on each of these days, on this site or outside.
    """
    place = HOME if inside else "https://www.example.cn/"
    early = (look("03-04", LinkState.OK),)
    looks: dict[str, tuple[LinkLook, ...]] = {f"{HOME}early{n}.html": early for n in range(3)}
    looks |= {f"{place}{on}.html": (look(on, LinkState.OK),) for on in days_up}
    away = tuple(look(on, AWAY) for on in ("03-09", "03-08", "03-07"))
    looks |= {f"{HOME}away{n}.html": away for n in range(3)}
    links = tuple(PageLink(url, LinkKind.PAGE, "示例") for url in looks)
    page = LinkedPage(HOME, at("03-09"), links)
    today = day("03-09")
    known = gather(HOME, (page,), looks, today - timedelta(days=8))
    return dead_links(Case(site(), today, links=known), DUTY)


def test_days_on_which_nothing_of_the_kind_was_good_do_not_count_against_the_site() -> None:
    down = line_test([])
    assert (down.state, down.faults) == (DutyState.UNKNOWN, ())
    assert down.reason == "共检查6条链接，未发现无法打开的，3条待复查"
    assert "当日未见同类链接能够打开，可能是本机网络的原因" in down.doubts[0]
    two = line_test(["03-08", "03-09"])
    assert (two.state, two.faults) == (DutyState.UNKNOWN, ())
    assert "已有2天检查无法打开，待复查" in two.doubts[0]
    up = line_test(["03-07", "03-08", "03-09"])
    assert (up.state, up.reason) == (UNMET, "共检查9条链接，3条无法打开")
    assert line_test(["03-07", "03-08", "03-09"], inside=False).state is DutyState.UNKNOWN


def test_inside_comes_before_files_outside_and_these_before_the_rest() -> None:
    bad = (look("11-20", DEAD), look("11-19", DEAD))
    found = answer(
        trouble(*bad, url="https://www.example.cn/x.html"),
        trouble(*bad, url="https://www.example.cn/x.pdf", kind=LinkKind.ATTACHMENT),
        trouble(*bad, url=f"{HOME}x.pdf", kind=LinkKind.ATTACHMENT),
        trouble(*bad, url=f"{HOME}x.png", kind=LinkKind.IMAGE, pages=3),
    )
    places = [line.partition("（")[2].partition("；")[0] for line in found.faults]
    assert places == ["站内附件", "站内图片", "外部附件", "外部链接"]
    assert found.faults[1].startswith("https://www.shili.gov.cn/等3个页面：示例 → ")


def test_fifty_links_are_named_and_the_rest_is_counted() -> None:
    bad = (look("11-20", DEAD), look("11-19", DEAD))
    many = [trouble(*bad, url=f"{HOME}{n}.html") for n in range(53)]
    found = answer(*many, looked=60, known=60)
    assert len(found.faults) == 51
    assert found.faults[-1] == "另有3条，未逐一列出"
    assert found.reason == "共检查60条链接，53条无法打开"
    assert len(answer(*many[:50]).faults) == 50


def test_the_evidence_is_the_answer_of_the_first_dead_link() -> None:
    bad = trouble(look("11-20", DEAD), look("11-19", DEAD))
    kept = Observed("site:s1", LOOKED, bad.link.url, at("11-20"), Outcome.GONE, {}, "evidence/a#1")
    links = SiteLinks(1, 1, frozenset(), (bad,))
    case = Case(site(), TODAY, observed=(kept,), links=links)
    assert dead_links(case, DUTY).evidence == "evidence/a#1"


def test_there_is_advice_for_every_place_kind_and_failure() -> None:
    suspects = [state for state in LinkState if state.suspect]
    assert FIXES.keys() == {
        (inside, kind, state) for inside in (True, False) for kind in LinkKind for state in suspects
    }


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://www.shili.gov.cn/a", True),
        ("http://shili.gov.cn:8080/a", True),
        ("https://jyj.shili.gov.cn/", True),
        ("https://www.example.cn/", False),
        ("https://notshili.gov.cn/", False),
        ("https://www.shili.gov.cn.example.cn/", False),
        ("http://[bad/", False),
    ],
)
def test_what_lies_below_the_sites_domain_is_inside(url: str, inside: bool) -> None:
    assert is_inside(HOME, url) is inside


def test_links_are_gathered_from_the_pages_seen_lately() -> None:
    good, bad, new, stale = (
        PageLink(f"{HOME}{name}.html", LinkKind.PAGE, name)
        for name in ("good", "bad", "new", "stale")
    )
    pages = (
        LinkedPage(HOME, at("11-19"), (good, bad, new)),
        LinkedPage(f"{HOME}list/", at("11-20"), (bad,)),
        LinkedPage(f"{HOME}old/", at("11-01"), (stale,)),
    )
    dead = (look("11-20", DEAD),)
    looks = {
        good.url: (look("11-20", LinkState.OK),),
        bad.url: dead,
        stale.url: dead,
        f"{HOME}elsewhere.html": dead,
    }
    assert gather(HOME, pages, looks, TODAY - timedelta(days=8)) == SiteLinks(
        known=3,
        looked=2,
        answering=frozenset({(True, TODAY)}),
        troubles=(
            Trouble(bad, True, f"{HOME}list/", 2, at("11-20"), dead),
            Trouble(stale, True, f"{HOME}old/", 1, at("11-01"), dead),
        ),
    )


def test_links_are_kept_as_plain_data() -> None:
    links = (PageLink(f"{HOME}a.pdf", LinkKind.ATTACHMENT, "附件"),)
    assert as_facts(links) == {"links": [[f"{HOME}a.pdf", "attachment", "附件"]]}
    assert from_facts(as_facts(links)) == links
    assert from_facts({}) == ()
