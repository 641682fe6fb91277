"""A report as a Word document in the manner of an official paper (GB/T 9704 margins and fonts)."""

from __future__ import annotations

import zipfile
from datetime import UTC
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from notify.documents.parts import Report
from notify.documents.text import harmless
from notify.documents.wordtable import HEAD_STYLE, NOTE_STYLE, TEXT_STYLE, word_table

LATIN = "Times New Roman"
BODY, SONG, HEI, TITLE = "仿宋_GB2312", "宋体", "黑体", "方正小标宋简体"
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_document(report: Report) -> bytes:
    """The document's bytes; the same report gives the same bytes."""
    document = Document()
    _page(document)
    _styles(document)
    _properties(document, report)
    document.add_paragraph(harmless(report.title), style="Title")
    document.add_paragraph(harmless(report.subtitle), style="Subtitle")
    for section in report.sections:
        document.add_paragraph(harmless(section.heading), style="Heading 1")
        for paragraph in section.paragraphs:
            document.add_paragraph(harmless(paragraph))
        for table in section.tables:
            if table.rows:
                if section.captions(table):
                    document.add_paragraph(table.name, style="Caption")
                document.element.body[-1].addprevious(word_table(table, document.part))
            else:
                document.add_paragraph(table.empty)
            for note in table.numbered_notes:
                document.add_paragraph(note, style=NOTE_STYLE)
    return _bytes(document)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.paragraph_format.first_line_indent = Pt(0)
    for text in ("— ", None, " —"):
        run = footer.add_run(text or "")
        _font(run, SONG, 14)
        if text is None:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            run._r.addprevious(field)
            field.append(run._r)
            run.text = "1"


def _styles(document: Any) -> None:
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    # Only East Asian: Latin text marked as Chinese would break inside numbers.
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = styles["Normal"]
    _font(normal, BODY, 16)
    _space(normal, line=28, indent=32)
    looks: dict[str, tuple[str, float, float]] = {
        "Title": (TITLE, 22, 0),
        "Subtitle": (BODY, 16, 16),
        "Heading 1": (HEI, 16, 6),
        "Caption": (HEI, 12, 3),
    }
    for name, (font, size, after) in looks.items():
        style = styles[name]
        _plain(style)
        _font(style, font, size)
        _space(style, line=30 if size > 16 else 28, indent=32 if name == "Heading 1" else 0)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.keep_with_next = True
        if name != "Heading 1":
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Heading 1"].paragraph_format.space_before = Pt(10)
    for name, font, size in (
        (TEXT_STYLE, BODY, 10.5),
        (HEAD_STYLE, HEI, 10.5),
        (NOTE_STYLE, BODY, 12),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, font, size)
        _space(style, line=20 if name == NOTE_STYLE else 14, indent=0)
        if name != NOTE_STYLE:
            _break_anywhere(style)


def _plain(style: Any) -> None:
    """Take away the template's blue, italics, rules and spacing."""
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing"):
        for found in properties.findall(qn(tag)):
            properties.remove(found)
    for tag in ("w:spacing", "w:kern"):
        for found in style.element.rPr.findall(qn(tag)):
            style.element.rPr.remove(found)


def _font(holder: Any, east_asian: str, size: float) -> None:
    holder.font.size = Pt(size)
    holder.font.name = LATIN
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:cs"), LATIN)


def _space(style: Any, *, line: float, indent: float) -> None:
    form = style.paragraph_format
    form.line_spacing = Pt(line)
    form.first_line_indent = Pt(indent)
    form.space_before = form.space_after = Pt(0)


def _break_anywhere(style: Any) -> None:
    """Let long numbers and addresses wrap inside a narrow cell."""
    wrap = OxmlElement("w:wordWrap")
    wrap.set(qn("w:val"), "0")
    properties = style.element.get_or_add_pPr()
    properties.find(qn("w:spacing")).addprevious(wrap)


def _properties(document: Any, report: Report) -> None:
    made_at = report.made_at.astimezone(UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.subject = harmless(report.title), harmless(report.subtitle)
    core.author = core.last_modified_by = "xunjian"
    core.comments, core.language, core.revision = "", "zh-CN", 1
    core.created = core.modified = made_at


def _bytes(document: Any) -> bytes:
    """Save, with the archive's own times fixed, so that equal content is equal bytes."""
    saved, fixed = BytesIO(), BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return fixed.getvalue()
