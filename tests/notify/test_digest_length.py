"""What a clerk sees of a mail: a subject that fits, one line a template, what is to be mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from checks.calendar import load_calendar
from checks.freshness import SHANGHAI, Moment
from checks.judge import Bench
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.owed import Answer, DutyRow
from checks.rules import pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState
from notify.alerts import lines
from notify.digest import SUBJECT_MOST, compose_digest
from notify.news import OFFICE, Contact, Line, News, Topic
from notify.together import together
from storage.ledger import Happening

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI)
LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
URL = "https://www.example.gov.cn"
SITE = Subject(SubjectKind.SITE, "s1", "市政府网站", "gov", "s1", f"{URL}/")
COLUMN = Subject(SubjectKind.COLUMN, "c1", "社保办事", "gov", "s1", f"{URL}/bs/", "service")


def line(topic: Topic, **more: object) -> Line:
    named = {"key": str(topic), "thing": str(topic), "name": "动态"}
    told = {"what": "栏目", "headline": "事项", "reason": "情况", **named, **more}
    return Line(topic=topic, audiences=frozenset({OFFICE}), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(("length", "is_whole"), [(59, True), (60, True), (61, False)])
def test_a_subject_over_sixty_characters_gives_the_numbers_alone(
    length: int, is_whole: bool
) -> None:
    rest = "；1个栏目空白；1个栏目未标注日期；1项其他问题；1项临期"
    name = "甲" * (length - len(f"【巡检】1个栏目超期（超期12天：）{rest}"))
    topics = (Topic.COLUMN_BLANK, Topic.COLUMN_UNDATED, Topic.OTHER, Topic.DUE_SOON)
    late = line(Topic.COLUMN_OVERDUE, days_over=12, name=name)
    content = compose_digest([late, *map(line, topics)], TODAY)
    whole = f"1个栏目超期（超期12天：{name}）{rest}"
    assert content.subject == f"【巡检】{whole if is_whole else f'1个栏目超期{rest}'}"
    # The body names the worst whether or not the subject has room for it.
    assert f"\n{whole}。\n" in content.text


def test_of_many_topics_the_subject_gives_the_worst_and_how_many_more_there_are() -> None:
    content = compose_digest([line(topic) for topic in Topic], TODAY)
    assert content.subject == (
        "【巡检】1个网站无法打开；巡检所在网络中断；1个网站全部未能查看；1项整改逾期；1项复查未通过；另有24类情况"
    )
    assert len(content.subject) <= SUBJECT_MOST
    assert "二十九、1个对象恢复查看" in content.text


def tag(name: str, number: int, pages: str) -> Line:
    return line(
        Topic.DUTY,
        key=f"tag:{name}",
        thing="site:s1",
        group="页面标签",
        finding=number,
        headline=f"页面标签 {name} 缺失或不规范",
        reason=f"抽查3个页面，2个不符合要求（页面没有 {name} 标签）：{pages}",
        remedy=f"请补充 {name} 标签。" if name != "PubDate" else "请按24小时制填写 PubDate 标签。",
    )


def test_tags_that_lack_on_the_same_pages_are_told_together() -> None:
    pages, others = f"栏目页 {URL}/a/", f"文章页 {URL}/a/1.html"
    told = [
        tag("ColumnName", 1, pages),
        tag("ColumnType", 2, pages),
        tag("PubDate", 3, others),
        tag("ArticleTitle", 4, pages),
    ]
    (one,) = together(told)
    assert one.headline == "页面标签有4项缺失或不规范"
    assert one.reason == (
        "1. 页面标签 ColumnName、ColumnType、ArticleTitle 缺失或不规范：抽查3个页面，2个不符合要求"
        f"（页面没有 ColumnName、ColumnType、ArticleTitle 标签）：{pages}；"
        "2. 页面标签 PubDate 缺失或不规范：抽查3个页面，2个不符合要求"
        f"（页面没有 PubDate 标签）：{others}（问题编号：1、2、3、4）"
    )
    assert one.remedy == (
        "请补充 ColumnName、ColumnType、ArticleTitle 标签。请按24小时制填写 PubDate 标签。"
    )


def duty_line(name: str, subject: Subject, answer: Answer) -> Line:
    """The line that tells this answer on the day it was found."""
    (duty,) = (each for each in LAW.duties_in_force(TODAY) if each.id == name)
    key = Key(duty.pack, duty.id, subject.key)
    bench = Bench(Moment(TODAY), (), (), {}, {}, (DutyRow(subject, duty, answer),))
    event = Event(EventKind.DETECTED, NOW, "xunjian", answer.reason)
    happening = Happening("event:1", Finding(1, key, "gov", TODAY, TODAY, None, ()), event)
    known = {each.key: each for each in (SITE, subject)}
    (told,) = lines(News(bench, [happening], {"gov": Contact("办公室")}, known, LAW), "all")
    return told


@pytest.mark.parametrize(
    ("count", "more"),
    [(1, ""), (5, ""), (6, "；共6处")],
)
def test_a_unit_reads_which_guides_it_must_mend_five_at_most(count: int, more: str) -> None:
    faults = tuple(f"《办事指南{n}》缺少4类要素" for n in range(count))
    answer = Answer(DutyState.UNMET, f"近期查看9份办事指南，{count}份缺少4类以上要素", faults)
    told = duty_line("guide_elements", COLUMN, answer)
    assert told.reason == f"{answer.reason}：{'；'.join(faults[:5])}{more}"
    assert told.site == "市政府网站"


def test_what_the_reason_says_already_is_not_said_twice_nor_a_site_named_as_its_own() -> None:
    reason = "首页没有链接2025年度报表"
    answer = Answer(DutyState.UNMET, reason, (f"首页 {URL}/：{reason}（2026-11-20查看）",))
    told = duty_line("annual_form", SITE, answer)
    assert (told.reason, told.name, told.site) == (reason, "市政府网站", None)
    away = replace(answer, reason="有效访问168次", faults=(f"{URL}/：有效访问168次",))
    assert duty_line("w2_unreachable", SITE, away).reason == "有效访问168次"
