"""Which key elements a guide's page shows, however it is set out. All pages are synthetic."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from checks.facts import Outcome
from checks.guides import Element, Shown
from crawler.readers.attachments import Attachment, is_file, read_attachments
from crawler.readers.guide import GuideReading, read_guide
from crawler.readers.page import Page
from crawler.readers.shell import ADVICE

URL = "http://www.example.gov.cn/bsfw/1.html"
TODAY = date(2026, 11, 23)
FULL = {
    "事项名称": "示例证书核发",
    "设定依据": "《示例条例》第三条",
    "申请条件": "年满十八周岁的本市居民",
    "办理材料": "居民身份证、申请表",
    "办理地点": "示例市政务服务中心二楼",
    "办理时间": "工作日上午九点至十二点",
    "联系电话": "0513-00000000",
    "办理流程": "申请、受理、审核、办结",
}
OTHERS = {
    "设定依据": ("法律依据", "实施依据"),
    "申请条件": ("受理条件", "办理条件"),
    "办理材料": ("申请材料", "提交材料"),
    "办理地点": ("受理地点", "办公地址"),
    "办理时间": ("办公时间", "工作时间", "受理时间"),
    "联系电话": ("咨询电话", "咨询方式"),
    "办理流程": ("办事流程", "办理程序"),
}
FILLER = (
    "<p>欢迎使用本网站，以下内容供参阅，如有变动请以最新公布的内容为准，感谢您的支持与理解。</p>"
)
Layout = Callable[[Mapping[str, str]], str]


def in_table(told: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{name}</th><td>{said}</td></tr>" for name, said in told.items())
    return f"<table>{rows}</table>"


def in_pairs(told: Mapping[str, str]) -> str:
    """Two labels with their values in each row, as printed forms have them."""
    cells = [f"<td>{name}</td><td>{said}</td>" for name, said in told.items()]
    rows = ["".join(cells[at : at + 2]) for at in range(0, len(cells), 2)]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def in_columns(told: Mapping[str, str]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in told)
    cells = "".join(f"<td>{said}</td>" for said in told.values())
    return f"<table><tr>{heads}</tr><tr>{cells}</tr></table>"


def in_terms(told: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in told.items())
    return f"<dl>{rows}</dl>"


def under_headings(told: Mapping[str, str]) -> str:
    numbers = "一二三四五六七八"
    parts = zip(numbers, told.items(), strict=False)
    return "".join(f"<h3>{n}、{name}</h3><p>{said}</p>" for n, (name, said) in parts)


def in_lines(told: Mapping[str, str]) -> str:
    return f"<p>{'<br>'.join(f'【{name}】：{said}' for name, said in told.items())}</p>"


def in_one_line(told: Mapping[str, str]) -> str:
    return f"<p>{'　'.join(f'{name}：{said}' for name, said in told.items())}</p>"


def half_bold(told: Mapping[str, str]) -> str:
    return "".join(
        f"<p><b>{name[:2]}</b><b><span>{name[2:]}</span></b><br>{said}</p>"
        for name, said in told.items()
    )


LAYOUTS = (
    in_table,
    in_pairs,
    in_columns,
    in_terms,
    under_headings,
    in_lines,
    in_one_line,
    half_bold,
)


def page(body: str, title: str = "示例证书核发", head: str = "") -> Page:
    html = (
        f"<!DOCTYPE html><!-- synthetic --><html><head><title>{title}</title>{head}</head><body>"
        f"{FILLER}<h1>{title}</h1>{body}</body></html>"
    )
    return Page(URL, html.encode(), TODAY, content_type="text/html; charset=utf-8")


def shown(body: str) -> dict[Element, Shown]:
    reading = read_guide(page(body))
    assert reading.shown is not None, reading.why
    return reading.shown


def lacking(body: str) -> list[Element]:
    lost = (Shown.ABSENT, Shown.EMPTY)
    return [each for each, how in shown(body).items() if how in lost]


def without(*names: str) -> dict[str, str]:
    return {name: said for name, said in FULL.items() if name not in names}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_full_guide_shows_all_eight_elements_in_every_layout(layout: Layout) -> None:
    assert shown(layout(FULL)) == dict.fromkeys(Element, Shown.FOUND)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_elements_left_out_are_absent_in_every_layout(layout: Layout) -> None:
    three = ("设定依据", "办理地点", "联系电话")
    assert lacking(layout(without(*three))) == [Element(each) for each in three]
    four = (*three, "办理流程")
    assert lacking(layout(without(*four))) == [Element(each) for each in four]


@pytest.mark.parametrize("layout", [in_table, in_pairs, in_terms, under_headings, in_columns])
@pytest.mark.parametrize("blank", ["", "暂无", "——", "/", "&nbsp;"])
def test_a_label_with_nothing_behind_it_is_empty(layout: Layout, blank: str) -> None:
    told = {**FULL, "设定依据": blank, "联系电话": blank}
    how = shown(layout(told))
    assert how[Element.BASIS] is Shown.EMPTY
    assert how[Element.PHONE] is Shown.EMPTY
    assert [each for each in how if how[each] is Shown.FOUND] == [
        each for each in Element if each not in (Element.BASIS, Element.PHONE)
    ]


def test_none_is_an_answer_about_conditions_and_materials_and_a_blank_elsewhere() -> None:
    told = {**FULL, "申请条件": "无", "办理材料": "无。", "办理流程": "无"}
    assert lacking(in_table(told)) == [Element.PROCESS]


@pytest.mark.parametrize(
    ("name", "other"), [(name, other) for name, each in OTHERS.items() for other in each]
)
def test_an_element_is_known_by_its_other_names(name: str, other: str) -> None:
    told = {other if each == name else each: said for each, said in FULL.items()}
    assert lacking(in_table(told)) == []


def test_tabs_count_as_present_though_their_panels_are_hidden() -> None:
    tabs = "".join(f"<li><a href='#t{n}'>{name}</a></li>" for n, name in enumerate(FULL))
    panels = "".join(f"<div style='display:none'>{said}</div>" for said in FULL.values())
    assert shown(f"<ul class='tab'>{tabs}</ul>{panels}") == dict.fromkeys(Element, Shown.FOUND)


def test_a_table_of_contents_above_an_empty_section_does_not_fill_it() -> None:
    tabs = "".join(f"<li><a href='#t{n}'>{name}</a></li>" for n, name in enumerate(FULL))
    body = f"<ul>{tabs}</ul>{under_headings({**FULL, '设定依据': ''})}"
    assert lacking(body) == [Element.BASIS]


def test_a_picture_is_words_enough() -> None:
    assert lacking(in_table({**FULL, "办理流程": "<img src='/lct.png'>"})) == []


def test_a_link_to_the_flow_chart_is_content_of_its_own_row() -> None:
    assert lacking(in_table({**FULL, "办理流程": "<a href='/l.jpg'>办理流程图</a>"})) == []


def test_what_follows_another_label_is_not_the_elements_own() -> None:
    told = {**without("办理流程"), "办理流程": "", "收费标准": "不收费"}
    assert lacking(under_headings(told)) == [Element.PROCESS]


@pytest.mark.parametrize(
    ("label", "element"),
    [
        ("有关政策文件依据", Element.BASIS),
        ("谁可以办（对象）", Element.CONDITIONS),
        ("要带哪些证件", Element.MATERIALS),
        ("综合窗口位置", Element.PLACE),
        ("法定期限要求", Element.TIME),
        ("监督投诉电话", Element.PHONE),
        ("如何办", Element.PROCESS),
    ],
)
def test_a_label_of_similar_meaning_leaves_its_element_unknown(
    label: str, element: Element
) -> None:
    told = {**without(element.value), label: "示例内容"}
    assert shown(in_table(told))[element] is Shown.UNSURE


def test_words_in_front_of_the_first_label_may_say_what_has_none() -> None:
    how = shown(f"<p>请到政务中心一楼窗口办理。</p>{in_table(without('办理地点', '办理流程'))}")
    assert how[Element.PLACE] is Shown.UNSURE
    assert how[Element.PROCESS] is Shown.ABSENT


def test_the_sites_own_telephone_in_the_foot_is_not_the_guides() -> None:
    foot = "<div class='footer'><p>联系电话：0513-11111111</p><p>网站标识码：3206850001</p></div>"
    assert shown(in_table(without("联系电话")) + foot)[Element.PHONE] is Shown.UNSURE


def test_a_place_that_a_script_may_fill_is_unknown() -> None:
    body = in_table(FULL).replace("<td>《示例条例》第三条</td>", "<td id='sdyj'></td>")
    assert shown(body)[Element.BASIS] is Shown.UNSURE
    body = in_table({**FULL, "设定依据": "<span id='sdyj'></span>"})
    assert shown(body)[Element.BASIS] is Shown.UNSURE


def not_known(page: Page) -> GuideReading:
    reading = read_guide(page)
    assert reading.shown is None
    return reading


POOR = in_table(without("设定依据", "办理地点", "联系电话", "办理流程"))


UNLABELLED = "页面没有按要素列示，须人工核查"
PROSE = "<p>申请人可以携带身份证到服务中心一楼综合窗口办理，办理完毕即可领取。</p>"
FILE = "<p><a href='/1.pdf'>示例证书核发办事指南.pdf</a></p>"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (PROSE, UNLABELLED),
        ("<p>联系电话：0513-00000000</p><p>其他事宜另行告知。</p>", UNLABELLED),
        (POOR + "<iframe src='/g.html'></iframe>", "页面内嵌了框架页，框架内的内容没有看到"),
        (POOR + FILE, "指南内容可能在附件中，须人工核查"),
        (POOR + "<p>{{ item.sdyj }}</p>", f"页面是脚本模板，{ADVICE}"),
    ],
)
def test_what_may_be_shown_elsewhere_is_not_known(body: str, why: str) -> None:
    assert not_known(page(body)).why == why


@pytest.mark.parametrize(("empty", "known"), [(2, True), (3, False)])
def test_many_blanks_on_a_page_with_scripts_may_be_filled_by_them(empty: int, known: bool) -> None:
    told = {**FULL, **dict.fromkeys(list(FULL)[1 : 1 + empty], "")}
    scripted = page(in_table(told) + "<script src='/js/detail.js'></script>")
    assert (read_guide(scripted).shown is not None) is known
    assert read_guide(replace(scripted, rendered=True)).shown is not None
    assert len(lacking(in_table(told))) == empty


def test_a_frame_beside_a_full_guide_does_not_matter() -> None:
    assert lacking(in_table(FULL) + "<iframe src='/share.html'></iframe>") == []


@pytest.mark.parametrize(
    "title", ["关于调整办理时间的通知", "2026年办事统计", "示例事项办理结果公示"]
)
def test_a_notice_in_a_service_column_is_no_guide(title: str) -> None:
    assert not_known(page(POOR, title)).why == "从标题看不是办事指南，未予检查"


def test_a_file_a_bare_page_and_a_page_cut_off_are_not_known() -> None:
    pdf = Page(URL, b"%PDF-1.4 ...", TODAY, content_type="application/pdf")
    assert not_known(pdf).why == "办事指南不是网页（文件或图片），须人工核查"
    bare = Page(URL, b"<html><!-- synthetic --><body><p>a</p><p>b</p></body></html>", TODAY)
    assert not_known(bare).outcome is Outcome.UNREADABLE
    whole = page(POOR)
    cut = Page(URL, whole.body.replace(b"</body></html>", b""), TODAY)
    assert not_known(cut).why == "页面没有收全"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (403, "<html>Forbidden</html>", Outcome.BLOCKED),
        (404, "<html>not found</html>", Outcome.GONE),
        (200, "<html><p>系统正在维护中</p></html>", Outcome.MAINTENANCE),
        (502, "<html>Bad Gateway</html>", Outcome.UNREACHABLE),
    ],
)
def test_what_is_no_page_says_what_it_is(status: int, body: str, outcome: Outcome) -> None:
    assert not_known(Page(URL, body.encode(), TODAY, status)).outcome is outcome


def test_files_are_told_by_their_address_or_their_words() -> None:
    html = (
        "<a href='a/%E7%94%B3%E8%AF%B7%E8%A1%A8.doc'>申请<b>表</b></a>"
        "<a href='/d?id=1'>样表.xlsx</a>"
        "<a href='/d?id=2'>其他</a><a href='javascript:x()'>空表.doc</a><a href='a.docx'></a>"
        "<!-- <a href='hidden.pdf'>旧表</a> --><a href='a.docx'>又一次</a>"
    )
    assert read_attachments(html, "http://x.gov.cn/b/1.html") == (
        Attachment("http://x.gov.cn/b/a/%E7%94%B3%E8%AF%B7%E8%A1%A8.doc", "申请表"),
        Attachment("http://x.gov.cn/d?id=1", "样表.xlsx"),
        Attachment("http://x.gov.cn/b/a.docx", "a.docx"),
    )


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"%PDF-1.7", True),
        (b"PK\x03\x04rest", True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", True),
        (b"Rar!\x1a", True),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_a_file_is_known_by_its_first_bytes(body: bytes, answer: bool) -> None:
    assert is_file(body) is answer


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>" * 60_000,
        "<a " * 200_000,
        "<a href='" * 100_000,
        '<td id="' * 100_000,
        "设定依据：" * 60_000,
        "<p>设定</p>" * 60_000,
        "<dl><dt>办理流程</dt>" * 30_000,
        "<!--" * 100_000,
        "<b>设</b>" * 60_000,
        "一二三、" * 100_000,
        "<li>办理流程</li>" * 30_000,
        "<table><tr>" + "<td>办理流程</td>" * 20_000,
        "<p>办理流程：a办公地址：" * 20_000,
    ],
)
def test_hostile_markup_is_read_in_time(body: str) -> None:
    began = time.perf_counter()
    read_guide(page(body))
    assert time.perf_counter() - began < 5
