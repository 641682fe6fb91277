"""A synthetic report in official form (公文), with pictures and annexes, reopened."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn

from notify.documents.mailpage import add_page
from notify.documents.parts import Form, Picture, Report, Section, Table, heads
from notify.documents.webpage import webpage
from notify.documents.word import word_document
from notify.documents.workbook import workbook


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = (chunk(b"IHDR", size), chunk(b"IDAT", lines), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


CHART = Picture("on-time", png(30, 10), '按时率："96.7%" <升>', 150)
ONE_SITE = ((1, "示例网站"),)
TABLE = Table("存在问题的网站", heads(("序号", 16), ("网站", 140, True)), ONE_SITE, "无。")
FORM = Form(
    red_head="示例市人民政府办公室文件",
    number="示政办发〔2026〕15号",
    addressee="各区、镇人民政府，市各有关部门和单位：",
    closing=("特此通报。",),
    annexes=("存在问题的网站", "存在问题的新媒体"),
    signed_by="示例市人民政府办公室",
    dated=date(2026, 10, 9),
)
NOTICE = Report(
    title="关于第三季度检查情况的通报",
    subtitle="",
    made_at=datetime(2026, 10, 9, 8, tzinfo=UTC),
    sections=(
        Section("附件1 存在问题的网站", tables=(TABLE,), new_page=True),
        Section("", ("现通报如下。",)),
        Section("一、总体情况", ("共检查网站5个。",), pictures=(CHART,)),
        Section("附件2", ("无。",), new_page=True),
    ),
    form=FORM,
)
READING_ORDER = [
    "示例市人民政府办公室文件",
    "示政办发〔2026〕15号",
    "关于第三季度检查情况的通报",
    "各区、镇人民政府，市各有关部门和单位：",
    "现通报如下。",
    "一、总体情况",
    "共检查网站5个。",
    "特此通报。",
    "附件：1.存在问题的网站",
    "2.存在问题的新媒体",
    "示例市人民政府办公室",
    "2026年10月9日",
    "附件1",
    "存在问题的网站",
    "附件2",
    "无。",
]


def opened(report: Report) -> Any:
    return docx.Document(BytesIO(word_document(report)))


def line(document: Any, words: str) -> Any:
    return next(each for each in document.paragraphs if each.text == words)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.text = text
        self.feed(text.partition("<body")[2].partition(">")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pictures.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words += [data.strip()] if data.strip() else []


class TestForm:
    def test_the_parts_stand_in_the_order_of_an_official_document(self) -> None:
        lines = [each.text for each in opened(NOTICE).paragraphs if each.text]
        assert lines == READING_ORDER
        words = Page(webpage(NOTICE)).words
        assert [each for each in words if each in READING_ORDER] == READING_ORDER

    def test_the_head_is_red_over_a_red_line(self) -> None:
        document = opened(NOTICE)
        run = line(document, "示例市人民政府办公室文件").runs[0]
        assert str(run.font.color.rgb) == "E60012"
        assert run.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
        number = line(document, "示政办发〔2026〕15号")
        border = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
        assert border.get(qn("w:color")) == "E60012"
        assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER

    def test_without_a_number_the_line_stands_below_the_head(self) -> None:
        document = opened(replace(NOTICE, form=replace(FORM, number=None)))
        head = line(document, "示例市人民政府办公室文件")
        assert head._p.pPr.find(qn("w:pBdr")) is not None

    @pytest.mark.parametrize(("letters", "points"), [(4, 48), (12, 36), (40, 22)])
    def test_a_long_head_is_set_smaller_to_stay_on_its_line(
        self, letters: int, points: int
    ) -> None:
        document = opened(replace(NOTICE, form=replace(FORM, red_head="市" * letters)))
        assert document.paragraphs[0].runs[0].font.size.pt == points

    def test_without_a_red_head_there_is_no_red(self) -> None:
        bare = replace(NOTICE, form=replace(FORM, red_head=None))
        assert "E60012" not in opened(bare).element.xml
        assert "#e60012" not in webpage(bare)
        assert opened(bare).paragraphs[0].text == "示政办发〔2026〕15号"

    def test_the_addressee_and_the_annex_marks_stand_flush_left(self) -> None:
        document = opened(NOTICE)
        for words in (FORM.addressed, "附件1", "附件2"):
            form = line(document, words).paragraph_format
            assert form.first_line_indent.pt == 0, words
            assert form.alignment is None, words

    @pytest.mark.parametrize("written", ["各镇人民政府", "各镇人民政府：", "各镇人民政府:"])
    def test_the_addressee_is_ended_by_one_full_width_colon(self, written: str) -> None:
        assert replace(FORM, addressee=written).addressed == "各镇人民政府："

    def test_names_of_annexes_hang_below_one_another(self) -> None:
        document = opened(NOTICE)
        first = line(document, "附件：1.存在问题的网站").paragraph_format
        second = line(document, "2.存在问题的新媒体").paragraph_format
        assert (first.left_indent.pt, first.first_line_indent.pt) == (96, -64)
        assert (second.left_indent.pt, second.first_line_indent.pt) == (96, -16)

    def test_a_single_annex_bears_no_number(self) -> None:
        assert replace(FORM, annexes=("整改清单",)).listed == (("附件：", "整改清单"),)
        assert replace(FORM, annexes=()).listed == ()

    def test_the_signature_stands_in_the_middle_above_the_date(self) -> None:
        document = opened(NOTICE)
        signed, day = line(document, FORM.signed_by or ""), line(document, "2026年10月9日")
        right = WD_ALIGN_PARAGRAPH.RIGHT
        assert (signed.alignment, day.alignment) == (right, right)
        # Ten characters of 16 points above seven digits and three characters: 160 over 104.
        assert day.paragraph_format.right_indent.pt == 64
        assert signed.paragraph_format.right_indent.pt == 64 - (160 - 104) / 2
        assert signed.paragraph_format.keep_with_next

    def test_annexes_begin_pages_after_the_signature(self) -> None:
        document = opened(NOTICE)
        assert line(document, "附件1").paragraph_format.page_break_before
        assert line(document, "附件2").paragraph_format.page_break_before
        assert webpage(NOTICE).count('class="page"') == 2
        assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
            ["序号", "网站"],
            ["1", "示例网站"],
        ]

    def test_without_a_form_sections_keep_their_order_and_may_begin_a_page(self) -> None:
        plain = replace(NOTICE, form=None)
        lines = [each.text for each in opened(plain).paragraphs if each.text]
        assert lines[:4] == [NOTICE.title, "附件1", "存在问题的网站", "现通报如下。"]

    def test_the_workbook_holds_the_tables_of_the_annexes(self) -> None:
        book = openpyxl.load_workbook(BytesIO(workbook(NOTICE)))
        assert book.sheetnames == ["说明", "存在问题的网站"]
        assert book["存在问题的网站"]["B2"].value == "示例网站"

    def test_words_from_outside_stay_words(self) -> None:
        hostile = "<b>甲</b>\u202e&\x07"
        form = Form(hostile, hostile, hostile, (hostile,), (hostile,), hostile, None)
        page = Page(webpage(replace(NOTICE, title=hostile, form=form)))
        assert sum("<b>甲</b>&" in words for words in page.words) == 7
        texts = [each.text for each in opened(replace(NOTICE, form=form)).paragraphs]
        assert sum("<b>甲</b>&" in text for text in texts) == 6


class TestPictures:
    def test_word_shows_the_picture_as_wide_as_asked_with_its_words(self) -> None:
        document = opened(NOTICE)
        (shape,) = document.inline_shapes
        assert (round(shape.width.mm), round(shape.height.mm)) == (150, 50)
        described = shape._inline.docPr
        assert (described.get("name"), described.get("descr")) == ("on-time", CHART.alt)
        (held,) = [part for part in document.part.package.iter_parts() if "image" in part.partname]
        assert held.blob == CHART.png

    def test_a_picture_is_not_cut_to_the_height_of_a_line(self) -> None:
        style = opened(NOTICE).styles["Picture"]
        assert style.paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE

    def test_the_page_holds_the_picture_itself(self) -> None:
        (picture,) = Page(webpage(NOTICE)).pictures
        kind, _, data = (picture["src"] or "").partition(",")
        assert kind == "data:image/png;base64"
        assert base64.b64decode(data) == CHART.png
        assert (picture["alt"], picture["width"]) == (CHART.alt, "567")

    def test_a_mail_has_its_pictures_beside_the_page(self) -> None:
        mail = EmailMessage()
        mail.set_content("正文")
        add_page(mail, replace(NOTICE, sections=NOTICE.sections * 2))
        mail.add_attachment(b"x", maintype="application", subtype="x", filename="x.docx")
        parsed = message_from_bytes(mail.as_bytes(), policy=default)
        assert [part.get_content_type() for part in parsed.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "application/x",
        ]
        page, image = list(parsed.walk())[4:6]
        pictures = Page(page.get_content()).pictures
        assert [f"<{(each['src'] or '').removeprefix('cid:')}>" for each in pictures] == [
            image["Content-ID"]
        ] * 2
        assert image.get_content() == CHART.png
        assert (image.get_content_disposition(), image.get_filename()) == ("inline", "on-time.png")

    def test_a_mail_without_pictures_has_only_the_page(self) -> None:
        mail = EmailMessage()
        mail.set_content("正文")
        add_page(mail, replace(NOTICE, sections=()))
        kinds = [part.get_content_type() for part in mail.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_same_report_gives_the_same_bytes() -> None:
    assert word_document(NOTICE) == word_document(NOTICE)
    assert webpage(NOTICE) == webpage(NOTICE)
    assert workbook(NOTICE) == workbook(NOTICE)
