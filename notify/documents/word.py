"""A report as a Word document in the manner of an official paper (GB/T 9704)."""

from __future__ import annotations

import zipfile
from datetime import UTC
from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Mm

from notify.documents.parts import Picture, Report, Section, Table
from notify.documents.text import harmless
from notify.documents.wordform import write_annex, write_foot, write_head
from notify.documents.wordstyles import PICTURE_STYLE, set_page, set_styles, turn_page
from notify.documents.wordtable import NOTE_STYLE, word_table

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_document(report: Report) -> bytes:
    """The document's bytes; the same report gives the same bytes."""
    document = Document()
    set_page(document)
    set_styles(document)
    _properties(document, report)
    write_head(document, report)
    for section in report.body:
        _section(document, section)
    if report.form:
        write_foot(document, report.form)
    for section in report.after:
        _section(document, section)
    return _bytes(document)


def _section(document: Any, section: Section) -> None:
    turn_page(document, landscape=section.landscape)
    if section.annex:
        write_annex(document, *section.annex)
    elif section.heading:
        heading = document.add_paragraph(harmless(section.heading), style="Heading 1")
        heading.paragraph_format.page_break_before = section.new_page or None
    for paragraph in section.paragraphs:
        document.add_paragraph(harmless(paragraph))
    for picture in section.pictures:
        _picture(document, picture)
    for table in section.tables:
        _table(document, section, table)


def _picture(document: Any, picture: Picture) -> None:
    run = document.add_paragraph(style=PICTURE_STYLE).add_run()
    described = run.add_picture(BytesIO(picture.png), width=Mm(picture.width))._inline.docPr
    described.set("name", harmless(picture.name))
    described.set("descr", harmless(picture.alt))


def _table(document: Any, section: Section, table: Table) -> None:
    if table.rows:
        if section.captions(table):
            document.add_paragraph(table.name, style="Caption")
        document.element.body[-1].addprevious(word_table(table, document.part))
    else:
        document.add_paragraph(table.empty)
    for note in table.numbered_notes:
        document.add_paragraph(note, style=NOTE_STYLE)


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
