"""The page and the styles of a Word document: GB/T 9704 margins, fonts and spacing."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from notify.documents.wordtable import HEAD_STYLE, NOTE_STYLE, TEXT_STYLE

LATIN = "Times New Roman"
BODY, SONG, HEI, TITLE = "仿宋_GB2312", "宋体", "黑体", "方正小标宋简体"
PICTURE_STYLE = "Picture"
CHARACTER, LINE = 16, 28  # points: one character of 3号, and the line it stands in
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}


def set_page(document: Any) -> None:
    """A4 with the margins of an official paper and the page number below."""
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
        set_font(run, SONG, 14)
        if text is None:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            run._r.addprevious(field)
            field.append(run._r)
            run.text = "1"


def turn_page(document: Any, *, landscape: bool) -> None:
    """Lay the pages from here on their side, or set them upright again, where they are not."""
    last = document.sections[-1]
    if (last.page_width > last.page_height) == landscape:
        return
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = last.page_height, last.page_width
    margins = dict(zip(MARGINS, (28, 26, 37, 35), strict=True)) if landscape else MARGINS
    for side, width in margins.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(16 if landscape else 25)


def set_styles(document: Any) -> None:
    """The body, the headings, the cells of tables, notes and pictures."""
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    # Only East Asian: Latin text marked as Chinese would break inside numbers.
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = styles["Normal"]
    set_font(normal, BODY, CHARACTER)
    set_space(normal, line=LINE, indent=2 * CHARACTER)
    looks: dict[str, tuple[str, float, float]] = {
        "Title": (TITLE, 22, 0),
        "Subtitle": (BODY, 16, 16),
        "Heading 1": (HEI, 16, 6),
        "Caption": (HEI, 12, 3),
    }
    for name, (font, size, after) in looks.items():
        style = styles[name]
        _plain(style)
        set_font(style, font, size)
        set_space(style, line=30 if size > 16 else 28, indent=32 if name == "Heading 1" else 0)
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
        set_font(style, font, size)
        set_space(style, line=20 if name == NOTE_STYLE else 14, indent=0)
        if name != NOTE_STYLE:
            _break_anywhere(style)
    picture = styles.add_style(PICTURE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    picture.base_style = normal
    set_space(picture, line=LINE, indent=0)
    # A line of fixed height would show a strip of the picture.
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


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


def set_font(holder: Any, east_asian: str, size: float) -> None:
    """Give a style or a run its East Asian font and its size in points."""
    holder.font.size = Pt(size)
    holder.font.name = LATIN
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:cs"), LATIN)


def set_space(style: Any, *, line: float, indent: float) -> None:
    """The height of a line and the indent of the first one, in points."""
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
