"""What an official document (公文) has above and below its text, in Word (GB/T 9704)."""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from notify.documents.parts import Form, Report
from notify.documents.text import harmless
from notify.documents.wordstyles import CHARACTER, HEI, LINE, TITLE, set_font

RED = RGBColor(0xE6, 0x00, 0x12)
RED_SIZES = 22, 48  # points: no smaller than the title, no larger than an authority's own
TEXT_WIDTH = 440  # points between the margins
RIGHT = 4 * CHARACTER
RED_LINE = (
    f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="11" w:color="E60012"/>'
    "</w:pBdr>"
)


def write_head(document: Any, report: Report) -> None:
    """The authority in red over the red line, the number, the title, the addressee."""
    form = report.form
    if form and form.red_head:
        _red_head(document, form)
    elif form and form.number:
        _middle(document, form.number)
    title = document.add_paragraph(harmless(report.title), style="Title")
    if form and form.red_head:
        title.paragraph_format.space_before = Pt(2 * LINE)
    if report.subtitle:
        document.add_paragraph(harmless(report.subtitle), style="Subtitle")
    elif form:
        title.paragraph_format.space_after = Pt(LINE)
    if form and form.addressed:
        _plain(document, form.addressed)


def write_foot(document: Any, form: Form) -> None:
    """The closing words, the list of annexes, the signature and the date."""
    for words in form.closing:
        document.add_paragraph(harmless(words))
    for place, (mark, name) in enumerate(form.listed):
        line = _listed(document, mark, name, first=place == 0)
        # A signature must not stand alone on a page.
        line.paragraph_format.keep_with_next = bool(form.signed_by or form.day)
    if form.signed_by:
        signed = harmless(form.signed_by)
        # The signature stands in the middle above the date, four characters from the margin.
        inward = max(0.0, RIGHT + (_width(form.day) - _width(signed)) / 2) if form.day else RIGHT
        line = _right(document, signed, inward)
        line.paragraph_format.space_before = Pt(2 * LINE)
        line.paragraph_format.keep_with_next = bool(form.day)
    if form.day:
        _right(document, form.day, RIGHT)


def write_annex(document: Any, mark: str, title: str) -> None:
    """The mark of an annex on a new page, flush left; its title in the middle of the third line."""
    line = _plain(document, harmless(mark))
    set_font(line.runs[0], HEI, CHARACTER)
    line.paragraph_format.page_break_before = True
    line.paragraph_format.keep_with_next = True
    if title:
        named = document.add_paragraph(harmless(title), style="Title")
        named.paragraph_format.space_before = named.paragraph_format.space_after = Pt(LINE / 2)


def _red_head(document: Any, form: Form) -> None:
    words = harmless(form.red_head or "")
    least, most = RED_SIZES
    size = min(most, max(least, TEXT_WIDTH // max(1, len(words))))
    head = _middle(document, words)
    set_font(head.runs[0], TITLE, size)
    head.runs[0].font.color.rgb = RED
    head.paragraph_format.line_spacing = Pt(size * 1.3)
    head.paragraph_format.space_before = Pt(LINE)
    head.paragraph_format.space_after = Pt(LINE)
    last = _middle(document, form.number) if form.number else head
    last._p.get_or_add_pPr().insert_element_before(
        parse_xml(RED_LINE), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def _listed(document: Any, mark: str, name: str, *, first: bool) -> Any:
    """A line of the list; what does not fit stands below the name's first character."""
    line = _plain(document, mark + name)
    form = line.paragraph_format
    # `附件：` takes three characters and so does the room before the numbers below it.
    number = _width(mark.removeprefix("附件："))
    form.left_indent = Pt(5 * CHARACTER + number)
    form.first_line_indent = Pt(-(3 * CHARACTER if first else 0) - number)
    if first:
        form.space_before = Pt(LINE)
    return line


def _plain(document: Any, words: str) -> Any:
    line = document.add_paragraph(words)
    line.paragraph_format.first_line_indent = Pt(0)
    return line


def _middle(document: Any, words: str) -> Any:
    line = _plain(document, harmless(words))
    line.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return line


def _right(document: Any, words: str, inward: float) -> Any:
    line = _plain(document, words)
    line.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.paragraph_format.right_indent = Pt(inward)
    return line


def _width(words: str) -> float:
    """Points across: a Chinese character is as wide as two digits."""
    return sum(CHARACTER if east_asian_width(char) in "WFA" else CHARACTER / 2 for char in words)
