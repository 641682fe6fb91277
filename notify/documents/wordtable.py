"""One table as WordprocessingML. Written as text: python-docx takes seconds for 2,000 rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from notify.documents.parts import Blank, Cell, Head, Link, Mark, Table, shown
from notify.documents.workbook import TONES

TEXT_STYLE, HEAD_STYLE, NOTE_STYLE = "TableText", "TableHead", "TableNote"
TWIPS_PER_MM = 1440 / 25.4
PADDING = {"top": 30, "left": 45, "bottom": 30, "right": 45}
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def word_table(table: Table, part: Any) -> Any:
    """The `w:tbl` element; links are registered with the document's part."""
    widths = [round(head.width * TWIPS_PER_MM) for head in table.heads]
    names = [head.text for head in table.heads]
    rows = [_row(names, table.heads, widths, HEAD_STYLE, part, "<w:tblHeader/>")]
    rows += [_row(row, table.heads, widths, TEXT_STYLE, part, _height(row)) for row in table.rows]
    if table.total:
        rows.append(_row(table.total, table.heads, widths, HEAD_STYLE, part))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    inside = f"{_look(sum(widths))}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}"
    return parse_xml(f"<w:tbl {nsdecls('w', 'r')}>{inside}</w:tbl>")


def _look(width: int) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in SIDES
    )
    edges = "".join(f'<w:{side} w:w="{gap}" w:type="dxa"/>' for side, gap in PADDING.items())
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{edges}</w:tblCellMar></w:tblPr>"
    )


def _row(
    cells: Sequence[Cell],
    heads: Sequence[Head],
    widths: Sequence[int],
    style: str,
    part: Any,
    extra: str = "",
) -> str:
    boxes = "".join(
        _box(cell, width, style, head.left and style == TEXT_STYLE, part)
        for cell, head, width in zip(cells, heads, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{extra}</w:trPr>{boxes}</w:tr>"


def _height(cells: Sequence[Cell]) -> str:
    """A row to be filled in by hand has room for three lines."""
    to_fill = any(isinstance(cell, Blank) for cell in cells)
    return '<w:trHeight w:val="850" w:hRule="atLeast"/>' if to_fill else ""


def _box(cell: Cell, width: int, style: str, left: bool, part: Any) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if style == HEAD_STYLE else ""
    align = "left" if left else "center"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{align}"/></w:pPr>'
        f"{_run(cell, part)}</w:p></w:tc>"
    )


def _run(cell: Cell, part: Any) -> str:
    color = TONES[cell.tone].lstrip("#") if isinstance(cell, Mark) else ""
    target = cell.target if isinstance(cell, Link) else None
    if target:
        color = "0563C1"
    look = f'<w:rPr><w:color w:val="{color}"/></w:rPr>' if color else ""
    run = f'<w:r>{look}<w:t xml:space="preserve">{escape(shown(cell))}</w:t></w:r>'
    if not target:
        return run
    relation = part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return f'<w:hyperlink r:id="{relation}">{run}</w:hyperlink>'
