"""What is said of guides, forms, catalogues, searches and queries of progress. Facts synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from checks.answers import answer_duties
from checks.catalogues import CatalogueSeen, seen_in
from checks.duty_table import Duty
from checks.facts import Item, Observed, Outcome
from checks.guides import Element, GuideSeen, Shown
from checks.owed import Case, DutyRow, nothing_seen
from checks.rules import pack_texts, read_pack
from checks.searching import TitleSought
from checks.services import services_standing
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, Judgement, Verdict
from tests.checks.make import at, day

PACK = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
DUTIES = {duty.id: duty for duty in PACK.duties}
AS_OF = day("11-23")
SERVICE = Subject(
    SubjectKind.COLUMN,
    "fw",
    "办事服务",
    "u1",
    site="s1",
    url="http://x/fw/",
    column_class="service",
)
CATALOG = replace(SERVICE, id="ml", column_class="catalog", expected=("机构职能", "财政预算"))
PROGRESS = "http://x/jd"
SITE = Subject(
    SubjectKind.SITE,
    "s1",
    "示例网站",
    "u1",
    pages=(
        ("search", "http://x/s?q={title}"),
        ("policy_search", "http://x/p?q={title}"),
        ("progress", PROGRESS),
    ),
)


def look(
    subject: Subject,
    family: str,
    key: str,
    facts: Mapping[str, Any],
    outcome: Outcome = Outcome.OK,
    on: str = "11-22",
) -> Observed:
    return Observed(subject.key, family, key, at(on), outcome, facts, f"evidence/{key}")


def answered(subject: Subject, duty: str, *looks: Observed) -> DutyRow:
    (row,) = asked(subject, duty, *looks)
    return row


def asked(subject: Subject, duty: str, *looks: Observed) -> tuple[DutyRow, ...]:
    return answer_duties(Case(subject, AS_OF, looks), [DUTIES[duty]])


def guide(
    number: int,
    absent: int = 0,
    empty: int = 0,
    unsure: int = 0,
    listed: int = 1,
    on: str = "11-22",
) -> Observed:
    """A guide lacking its last elements: first absent ones, then empty and unsure ones."""
    how = [Shown.ABSENT] * absent + [Shown.EMPTY] * empty + [Shown.UNSURE] * unsure
    how += [Shown.FOUND] * (8 - len(how))
    shown = dict(zip(reversed(Element), how, strict=True))
    seen = GuideSeen(f"示例事项{number}", shown, listed)
    return look(SERVICE, "guide", f"http://x/fw/{number}", seen.as_json(), on=on)


def unseen(number: int, outcome: Outcome = Outcome.BLOCKED, listed: int = 1) -> Observed:
    facts = {"title": f"示例事项{number}", "why": "服务器拒绝访问（403）", "listed": listed}
    return look(SERVICE, "guide", f"http://x/fw/{number}", facts, outcome)


@pytest.mark.parametrize(
    ("absent", "empty", "unsure", "state"),
    [
        (0, 0, 0, DutyState.MET),
        (3, 0, 0, DutyState.MET),
        (4, 0, 0, DutyState.UNMET),
        (5, 0, 0, DutyState.UNMET),
        (2, 1, 0, DutyState.MET),
        (2, 2, 0, DutyState.UNMET),
        (3, 0, 1, DutyState.UNKNOWN),
        (2, 1, 1, DutyState.UNKNOWN),
        (0, 0, 3, DutyState.MET),
        (0, 0, 4, DutyState.UNKNOWN),
    ],
)
def test_a_guide_may_lack_three_elements_and_not_four(
    absent: int, empty: int, unsure: int, state: DutyState
) -> None:
    row = answered(SERVICE, "guide_elements", guide(1, absent, empty, unsure))
    assert row.state is state
    assert bool(row.answer.faults) is (state is DutyState.UNMET)


def test_a_fault_names_the_guide_its_address_and_what_it_lacks() -> None:
    row = answered(SERVICE, "guide_elements", guide(1, 3, 2), guide(2), unseen(3))
    assert row.answer.reason == "近期查看3份办事指南，1份缺少4类以上要素，1份未能判定"
    assert row.answer.faults == (
        "《示例事项1》（http://x/fw/1）缺少5类要素：办理材料、办理地点、办理时间、联系电话、办理流程，"
        "其中办理材料、办理地点有标目而无内容",
    )
    assert row.answer.doubts == ("《示例事项3》（http://x/fw/3）：服务器拒绝访问（403）",)
    assert row.answer.evidence == "evidence/http://x/fw/1"


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.seen])
def test_a_guide_that_was_not_seen_is_never_held_against_its_unit(outcome: Outcome) -> None:
    assert answered(SERVICE, "guide_elements", unseen(1, outcome)).state is DutyState.UNKNOWN


def test_a_guide_that_is_gone_is_no_guide_any_more() -> None:
    gone = unseen(2, Outcome.GONE)
    assert answered(SERVICE, "guide_elements", guide(1), gone).state is DutyState.MET


def test_a_look_older_than_thirty_days_says_nothing() -> None:
    for days, state in ((30, DutyState.UNMET), (31, DutyState.UNKNOWN)):
        on = str(AS_OF - timedelta(days))
        assert answered(SERVICE, "guide_elements", guide(1, 4, on=on)).state is state


def test_a_site_without_public_service_function_is_not_asked() -> None:
    without = replace(SERVICE, services=False)
    assert asked(without, "guide_elements", guide(1, 8)) == ()
    assert asked(without, "service_forms", form("a", downloads=False)) == ()
    nowhere = look(SITE, "progress", PROGRESS, {"reached": False}, Outcome.GONE)
    assert asked(replace(SITE, services=False), "progress_query", nowhere) == ()


def test_an_exempt_column_is_exempt() -> None:
    exempt = replace(SERVICE, exempt_until=AS_OF)
    assert answered(exempt, "guide_elements", guide(1, 8)).state is DutyState.EXEMPT


def form(name: str, outcome: Outcome = Outcome.OK, **facts: Any) -> Observed:
    told = {"title": f"{name}.doc", "guide": "示例事项", "why": "示例", **facts}
    return look(SERVICE, "form_file", f"http://x/{name}.doc", told, outcome)


def test_forms_download_or_do_not_or_are_not_known() -> None:
    good, lost = form("a", downloads=True), form("b", Outcome.GONE, downloads=False)
    blocked = form("c", Outcome.BLOCKED)
    assert answered(SERVICE, "service_forms", good).state is DutyState.MET
    assert answered(SERVICE, "service_forms", good, blocked).state is DutyState.UNKNOWN
    row = answered(SERVICE, "service_forms", good, lost, blocked)
    assert row.state is DutyState.UNMET
    assert row.answer.faults == ("《示例事项》的附件“b.doc”（http://x/b.doc）：示例",)
    assert row.answer.reason == "近期查看3份表格样表，1份不能下载，1份未能判定"


def test_a_column_whose_guides_offer_no_forms_has_no_row_about_them() -> None:
    assert asked(SERVICE, "service_forms", guide(1)) == ()


def item(title: str, on: str | None = "11-01") -> Item:
    return Item(title, f"http://x/{title}", day(on) if on else None)


def catalogue(seen: CatalogueSeen) -> Observed:
    return look(CATALOG, "catalogue", "", seen.as_json())


@pytest.mark.parametrize(
    ("titles", "whole", "state"),
    [
        (("示例局机构职能", "2026年财政预算公开"), True, DutyState.MET),
        (("示例局 机构（职能）", "２０２６年财政预算"), False, DutyState.MET),
        (("示例局机构职能",), True, DutyState.UNMET),
        (("示例局机构职能",), False, DutyState.UNKNOWN),
    ],
)
def test_a_catalogue_holds_each_name_and_a_part_of_it_proves_no_absence(
    titles: tuple[str, ...], whole: bool, state: DutyState
) -> None:
    seen = seen_in(CATALOG.expected, map(item, titles), whole=whole)
    assert answered(CATALOG, "catalogue_items", catalogue(seen)).state is state


def test_an_absent_and_an_undated_item_are_told_each() -> None:
    bare = item("示例局机构职能", None)
    seen = seen_in(CATALOG.expected, [bare], whole=True, undated=[bare])
    row = answered(CATALOG, "catalogue_items", catalogue(seen))
    assert row.answer.faults == (
        "“机构职能”未标注日期（http://x/fw/）",
        "未列出“财政预算”（http://x/fw/）",
    )
    assert row.answer.reason == "应列2项，2项未列出或未标注日期"


def test_an_undated_item_whose_article_nobody_opened_is_not_known() -> None:
    seen = seen_in(CATALOG.expected, [item("机构职能", None), item("财政预算")], whole=True)
    row = answered(CATALOG, "catalogue_items", catalogue(seen))
    assert row.state is DutyState.UNKNOWN
    assert row.answer.doubts == ("“机构职能”：未能确认日期",)


def test_a_name_registered_after_the_look_is_not_known() -> None:
    seen = seen_in(("机构职能",), [item("机构职能")], whole=True)
    assert answered(CATALOG, "catalogue_items", catalogue(seen)).state is DutyState.UNKNOWN


def test_a_catalogue_without_names_has_no_row() -> None:
    assert asked(replace(CATALOG, expected=()), "catalogue_items") == ()


def sought(title: str, found: bool | None, on: date | None = None, seen: str = "11-22") -> Observed:
    told = TitleSought(on or day("10-01"), f"http://x/s?q={title}", found, "示例")
    outcome = Outcome.UNREADABLE if found is None else Outcome.OK
    return look(SITE, "search", title, told.as_json(), outcome, seen)


def test_one_title_that_is_found_is_enough_and_two_that_are_not_prove_nothing() -> None:
    lost = [sought(f"标题{n}", found=False) for n in range(3)]
    assert answered(SITE, "site_search", *lost, sought("乙", found=True)).state is DutyState.MET
    assert answered(SITE, "site_search", *lost[:2]).state is DutyState.UNKNOWN
    unclear = sought("丙", found=None)
    assert answered(SITE, "site_search", *lost[:2], unclear).state is DutyState.UNKNOWN
    row = answered(SITE, "site_search", *lost)
    assert row.state is DutyState.UNMET
    assert row.answer.reason == "按3条已发布信息的标题检索，站内搜索均无结果"
    assert row.answer.faults[0] == "按标题“标题0”检索无结果（http://x/s?q=标题0）"


def test_a_title_younger_than_seven_days_may_not_be_indexed_yet() -> None:
    for on, state in (("11-16", DutyState.UNKNOWN), ("11-15", DutyState.UNMET)):
        lost = [sought(f"标题{n}", found=False, on=day(on)) for n in range(3)]
        assert answered(SITE, "site_search", *lost).state is state


def test_only_the_last_look_counts() -> None:
    before = [sought(f"标题{n}", found=False, seen="11-21") for n in range(3)]
    assert answered(SITE, "site_search", *before, sought("乙", True)).state is DutyState.MET
    assert answered(SITE, "site_search", *before, sought("乙", False)).state is DutyState.UNKNOWN


def test_a_search_that_is_not_registered_has_no_row_and_one_not_asked_is_unknown() -> None:
    assert asked(replace(SITE, pages=()), "site_search") == ()
    assert answered(SITE, "policy_search").state is DutyState.UNKNOWN
    assert answered(SITE, "policy_search").answer.reason == "近期未查看政策搜索" + "，不作判定"


@pytest.mark.parametrize(
    ("facts", "outcome", "state"),
    [
        ({"reached": True, "why": "页面有查询表单"}, Outcome.OK, DutyState.MET),
        ({"reached": False, "why": "页面不存在（404）"}, Outcome.GONE, DutyState.UNMET),
        ({"reached": None, "why": "没有表单"}, Outcome.UNREADABLE, DutyState.UNKNOWN),
        ({"why": "无法连接"}, Outcome.UNREACHABLE, DutyState.UNKNOWN),
    ],
)
def test_only_a_query_of_progress_that_is_gone_is_a_fault(
    facts: Mapping[str, Any], outcome: Outcome, state: DutyState
) -> None:
    row = answered(SITE, "progress_query", look(SITE, "progress", PROGRESS, facts, outcome))
    assert row.state is state
    gone = ("办件进度查询页面不存在（http://x/jd）",) if state is DutyState.UNMET else ()
    assert row.answer.faults == gone


def test_a_query_of_progress_answers_for_no_other_address() -> None:
    gone = look(SITE, "progress", "http://x/old", {"reached": False}, Outcome.GONE)
    answer = answered(SITE, "progress_query", gone).answer
    assert answer == nothing_seen("办件进度查询")
    here = look(SITE, "progress", PROGRESS, {"reached": True}, on="11-21")
    assert answered(SITE, "progress_query", gone, here).state is DutyState.MET


def verdict(verdict: Verdict, **known: Any) -> Judgement:
    return Judgement(replace(SERVICE, **known), None, None, verdict)


def guides(*looks: Observed) -> DutyRow:
    return answered(SERVICE, "guide_elements", *looks)


@pytest.mark.parametrize(
    ("verdicts", "hit"),
    [
        ((), None),
        ((Verdict.BLANK,), True),
        ((Verdict.BLANK, Verdict.BLANK), True),
        ((Verdict.BLANK, Verdict.OK), False),
        ((Verdict.BLANK, Verdict.OVERDUE), False),
        ((Verdict.BLANK, Verdict.UNKNOWN), None),
    ],
)
def test_services_are_missing_only_where_every_service_column_is_blank(
    verdicts: tuple[Verdict, ...], hit: bool | None
) -> None:
    columns = [verdict(each) for each in verdicts]
    assert services_standing(columns, ())[0] is hit
    assert services_standing([*columns, verdict(Verdict.OK, column_class="news")], ())[0] is hit


def test_five_poor_guides_are_many_and_four_are_not() -> None:
    for poor, hit in ((4, False), (5, True), (6, True)):
        row = guides(*[guide(n, 4, listed=10) for n in range(poor)], *map(good, range(6, 12)))
        assert services_standing((), [row])[1:] == (hit, False)


def good(number: int) -> Observed:
    return guide(number, listed=10)


def test_a_sample_proves_that_there_are_many_and_not_that_there_are_few() -> None:
    five = guides(*[guide(n, 4, listed=40) for n in range(5)])
    assert services_standing((), [five])[1:] == (True, False)
    four_of_forty = guides(*[guide(n, 4, listed=40) for n in range(4)])
    assert services_standing((), [four_of_forty])[1:] == (None, None)


def test_few_guides_that_are_all_poor_are_a_fault_when_all_were_looked_at() -> None:
    four = [guide(n, 4, listed=4) for n in range(4)]
    assert services_standing((), [guides(*four)])[1:] == (False, True)
    assert services_standing((), [guides(*four[:3])])[1:] == (False, None)
    assert services_standing((), [guides(*four[:3], unseen(3, listed=4))])[1:] == (False, None)
    assert services_standing((), [guides(*four[:3], guide(3, listed=4))])[1:] == (False, False)


def test_a_column_that_was_not_looked_at_leaves_both_unknown() -> None:
    rows = [guides(guide(1, 4)), answered(SERVICE, "guide_elements")]
    assert services_standing((), rows)[1:] == (None, None)
    assert services_standing((), ()) == (None, None, None)


def test_thresholds_are_rows() -> None:
    duty: Duty = replace(DUTIES["guide_elements"], numbers={"missing_least": 2, "guides_least": 1})
    (row,) = answer_duties(Case(SERVICE, AS_OF, [guide(1, 2)]), [duty])
    assert row.state is DutyState.UNMET
    assert services_standing((), [row])[1] is True
