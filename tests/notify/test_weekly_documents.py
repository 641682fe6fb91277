"""The weekly documents, reopened: they hold the figures, and hostile words stay words."""

from __future__ import annotations

import email
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from notify.documents.parts import Average, Link, Rate, Table, shown
from notify.weekly import Material, ReportError, WeeklyFigures, check, weekly_figures
from notify.weekly.documents import weekly_message, weekly_subject, write_weekly
from notify.weekly.sections import weekly_report
from storage.inventory import Inventory
from storage.ledger import Message

HOSTILE = "<script>alert(1)</script>&\r\nBcc: x@y.z\x07\u202e=cmd|'/c calc'!A0\uffff"
PICTURE = "data:image/png;base64,"
TAMED = "<script>alert(1)</script>& Bcc: x@y.z =cmd|'/c calc'!A0\ufffd"


def tables_of(figures: WeeklyFigures) -> list[Table]:
    report = weekly_report(figures, check(figures))
    return [table for section in report.sections for table in section.tables]


def hostile(figures: WeeklyFigures) -> WeeklyFigures:
    """Every word that comes from outside is hostile; every address is no web address."""
    late = replace(figures.overdue[0], column=HOSTILE, unit=HOSTILE, url="javascript:alert(1)")
    letter = replace(figures.letter_lines[0], ref="=1+1", unit=HOSTILE, words=HOSTILE)
    bad = replace(figures.account_lines[0], account=HOSTILE, url="file:///etc/passwd")
    note = replace(figures.unknown[0], name=HOSTILE, reason=HOSTILE)
    return replace(
        figures,
        overdue=(late, *figures.overdue[1:]),
        letter_lines=(letter, *figures.letter_lines[1:]),
        account_lines=(bad, *figures.account_lines[1:]),
        unknown=(note, *figures.unknown[1:]),
    )


class Page(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


@pytest.fixture
def paths(figures: WeeklyFigures, tmp_path: Path) -> dict[str, Path]:
    return {path.suffix: path for path in write_weekly(figures, tmp_path)}


def expected_rows(figures: WeeklyFigures) -> list[list[str]]:
    rows: list[list[str]] = []
    for table in tables_of(figures):
        if table.rows:
            rows.append([head.text for head in table.heads])
            rows += [[shown(cell) for cell in row] for row in table.rows]
            rows += [[shown(cell) for cell in table.total]] if table.total else []
    return rows


class TestTables:
    def test_every_total_row_is_the_sum_of_its_columns(self, figures: WeeklyFigures) -> None:
        summed = 0
        for table in tables_of(figures):
            for place, total in enumerate(table.total or ()):
                column = [row[place] for row in table.rows]
                if isinstance(total, int):
                    assert total == sum(cell for cell in column if isinstance(cell, int))
                    summed += 1
                elif isinstance(total, Rate):
                    rates = [cell for cell in column if isinstance(cell, Rate)]
                    whole = Rate(sum(r.part for r in rates), sum(r.whole for r in rates))
                    assert total == whole
                    summed += 1
                elif isinstance(total, Average):
                    means = [cell for cell in column if isinstance(cell, Average)]
                    assert total == Average(
                        sum(m.total for m in means), sum(m.count for m in means)
                    )
                    summed += 1
        assert summed == 24

    def test_every_table_fills_the_page_between_its_margins(self, figures: WeeklyFigures) -> None:
        widths = {
            table.name: sum(head.width for head in table.heads) for table in tables_of(figures)
        }
        assert set(widths.values()) == {156}

    def test_every_row_has_a_cell_under_each_head(self, figures: WeeklyFigures) -> None:
        for table in tables_of(figures):
            for row in (*table.rows, *([table.total] if table.total else [])):
                assert len(row) == len(table.heads), table.name

    @pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx"])
    def test_the_veto_watch_reads_the_same_everywhere(
        self, national: WeeklyFigures, tmp_path: Path, suffix: str
    ) -> None:
        (table,) = (t for t in tables_of(national) if t.name == "单项否决监测")
        assert sum(head.width for head in table.heads) == 156
        rows = [[head.text for head in table.heads]]
        rows += [[shown(cell) for cell in row] for row in table.rows]
        assert rows[3] == [
            "市政府门户网站",
            "栏目不更新：未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个",
            *("3", "5", "2", "未知→未知→未知→≥3"),
            "待查清；另有2个未能判定，未计入",
        ]
        path = next(p for p in write_weekly(national, tmp_path) if p.suffix == suffix)
        assert _veto_rows(path, len(rows)) == rows


class TestWord:
    def test_every_table_reads_as_the_figures_do(
        self, paths: dict[str, Path], figures: WeeklyFigures
    ) -> None:
        document = docx.Document(str(paths[".docx"]))
        rows = [[c.text for c in row.cells] for table in document.tables for row in table.rows]
        assert rows == expected_rows(figures)

    def test_the_page_is_that_of_an_official_document(self, paths: dict[str, Path]) -> None:
        document = docx.Document(str(paths[".docx"]))
        page = document.sections[0]
        sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
        assert [round(side.mm) for side in sides if side] == [37, 35, 28, 26]
        assert [round(s.mm) for s in (page.page_width, page.page_height) if s] == [210, 297]
        normal = document.styles["Normal"]
        assert normal.font.size.pt == 16
        assert _east_asian(normal) == "仿宋_GB2312"
        assert _east_asian(document.styles["Title"]) == "方正小标宋简体"
        assert page.footer.paragraphs[0]._p.xpath("string(.)") == "— 1 —"
        (field,) = page.footer.paragraphs[0]._p.findall(qn("w:fldSimple"))
        assert field.get(qn("w:instr")) == "PAGE"

    def test_each_table_repeats_its_head_on_every_page(self, paths: dict[str, Path]) -> None:
        document = docx.Document(str(paths[".docx"]))
        assert len(document.tables) > 10
        for table in document.tables:
            repeated = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
            assert repeated == [True] + [False] * (len(table.rows) - 1)

    def test_the_language_is_chinese_and_the_dates_are_the_reports_own(
        self, paths: dict[str, Path]
    ) -> None:
        document = docx.Document(str(paths[".docx"]))
        (language,) = document.styles.element.xpath("w:docDefaults//w:lang")
        assert language.get(qn("w:eastAsia")) == "zh-CN"
        created = document.core_properties.created
        assert created is not None
        assert created.replace(tzinfo=None) == datetime(2026, 11, 23, 0, 0)  # noqa: DTZ001

    def test_the_words_say_what_was_found_is_yet_to_be_verified(
        self, paths: dict[str, Path]
    ) -> None:
        document = docx.Document(str(paths[".docx"]))
        words = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "超期栏目2个，其中已确认0个，系统发现、待核实2个。" in words
        assert "均为系统发现，待核实" in words
        assert "未能查看不等于未更新，不作判定" in words

    def test_hostile_words_are_text_and_hostile_addresses_no_links(
        self, figures: WeeklyFigures, tmp_path: Path
    ) -> None:
        document = docx.Document(str(write_weekly(hostile(figures), tmp_path)[0]))
        cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
        assert cells.count(TAMED) == 7
        assert "javascript:alert(1)" in cells
        links = [r.target_ref for r in document.part.rels.values() if r.is_external]
        assert links
        assert all(link.startswith("https://www.example.gov.cn/") for link in links)


class TestWorkbook:
    def test_every_sheet_holds_its_tables_values_as_what_they_are(
        self, paths: dict[str, Path], figures: WeeklyFigures
    ) -> None:
        book = openpyxl.load_workbook(paths[".xlsx"])
        tables = tables_of(figures)
        assert book.sheetnames == ["说明", *(table.name for table in tables)]
        for table in tables:
            sheet = book[table.name]
            assert [cell.value for cell in sheet[1]] == [head.text for head in table.heads]
            rows = [*table.rows, *([table.total] if table.rows and table.total else [])]
            for line, row in enumerate(rows, 2):
                values = [cell.value for cell in sheet[line]]
                assert values == [_value(cell) for cell in row], table.name
            assert sheet.freeze_panes == "A2"
            last = max(1, len(table.rows)) + 1
            assert sheet.auto_filter.ref.endswith(str(last))

    def test_dates_and_numbers_can_be_reckoned_with(self, paths: dict[str, Path]) -> None:
        sheet = openpyxl.load_workbook(paths[".xlsx"])["超期栏目"]
        newest, over = sheet["E2"], sheet["F2"]
        assert (newest.is_date, newest.number_format) == (True, "yyyy-mm-dd")
        assert (over.data_type, over.value) == ("n", 21)
        assert sheet["H2"].hyperlink.target == "https://www.example.gov.cn/c4/c4.html"

    def test_a_row_is_as_high_as_its_wrapped_text(
        self, national: WeeklyFigures, tmp_path: Path
    ) -> None:
        path = write_weekly(national, tmp_path)[1]
        sheet = openpyxl.load_workbook(path)["单项否决监测"]
        # 20 and 35 characters, ten to the line; the head keeps the usual height.
        heights = [sheet.row_dimensions[line].height for line in range(1, 5)]
        assert heights == [None, 30, 30, 60]

    def test_no_words_become_a_formula_and_no_hostile_address_a_link(
        self, figures: WeeklyFigures, tmp_path: Path
    ) -> None:
        book = openpyxl.load_workbook(write_weekly(hostile(figures), tmp_path)[1])
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert "=1+1" in [cell.value for cell in cells]
        assert [cell.value for cell in cells].count(TAMED) == 7
        links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
        assert links
        assert all(link.startswith("https://www.example.gov.cn/") for link in links)


class TestPage:
    def test_every_table_reads_as_the_figures_do(
        self, paths: dict[str, Path], figures: WeeklyFigures
    ) -> None:
        page = Page(paths[".html"].read_text(encoding="utf-8"))
        assert page.rows == expected_rows(figures)

    def test_hostile_words_make_no_element_and_no_link(
        self, figures: WeeklyFigures, tmp_path: Path
    ) -> None:
        tame = Page((write_weekly(figures, tmp_path)[2]).read_text(encoding="utf-8"))
        text = write_weekly(hostile(figures), tmp_path)[2].read_text(encoding="utf-8")
        page = Page(text)
        # One hostile address less is one link less; no other element came or went.
        assert len(tame.tags) - len(page.tags) == 1
        assert "script" not in page.tags
        assert [cell for row in page.rows for cell in row].count(TAMED) == 7
        links = [each for each in page.addresses if not each.startswith(PICTURE)]
        assert all(link.startswith("https://www.example.gov.cn/") for link in links)

    def test_the_page_needs_nothing_from_elsewhere(self, paths: dict[str, Path]) -> None:
        text = paths[".html"].read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|iframe)|url\(|@import", text)
        assert text.count("<img src=") == text.count(f'<img src="{PICTURE}') == 2


class TestWriting:
    def test_equal_figures_give_equal_bytes(self, figures: WeeklyFigures, tmp_path: Path) -> None:
        first = [path.read_bytes() for path in write_weekly(figures, tmp_path / "a")]
        again = [path.read_bytes() for path in write_weekly(figures, tmp_path / "b")]
        assert first == again
        assert all(len(body) > 5000 for body in first)

    def test_three_documents_and_no_scraps_are_left(
        self, figures: WeeklyFigures, tmp_path: Path
    ) -> None:
        names = [path.name for path in write_weekly(figures, tmp_path / "new" / "reports")]
        assert names == ["weekly-2026W47.docx", "weekly-2026W47.xlsx", "weekly-2026W47.html"]
        left = sorted(path.name for path in (tmp_path / "new" / "reports").iterdir())
        assert left == sorted(names)

    def test_numbers_that_do_not_add_up_write_nothing(
        self, figures: WeeklyFigures, tmp_path: Path
    ) -> None:
        wrong = replace(figures, headline=replace(figures.headline, unseen=0))
        with pytest.raises(ReportError, match="未能查看数＝标题中未能查看数：4 ≠ 0"):
            write_weekly(wrong, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_disk_that_refuses_leaves_the_old_report_whole(
        self, figures: WeeklyFigures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = [path.read_bytes() for path in write_weekly(figures, tmp_path)]

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        later = replace(figures, made_at=figures.made_at + timedelta(hours=1))
        with pytest.raises(OSError, match="No space left"):
            write_weekly(later, tmp_path)
        names = ["weekly-2026W47.docx", "weekly-2026W47.xlsx", "weekly-2026W47.html"]
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
        assert [(tmp_path / name).read_bytes() for name in names] == old

    def test_a_week_with_nothing_in_it_is_a_report_too(
        self, material: Material, tmp_path: Path
    ) -> None:
        bench = replace(material.bench, rows=(), letters=())
        register: Inventory = {name: [] for name in material.register}
        nothing = replace(material, bench=bench, findings=(), register=register)
        word, book, page = write_weekly(weekly_figures(nothing), tmp_path)
        assert zipfile.is_zipfile(word)
        assert openpyxl.load_workbook(book)["超期栏目"]["A2"].value == "本期未发现超期栏目。"
        assert "已判定的栏目按时率—" in page.read_text(encoding="utf-8")


class TestMail:
    SENDER, RECIPIENT = "xunjian@example.gov.cn", "office@example.gov.cn"
    NOW = datetime.fromisoformat("2026-11-23T08:05:00+08:00")

    def mail(self, figures: WeeklyFigures, paths: dict[str, Path], to: str = RECIPIENT) -> Message:
        return weekly_message(figures, list(paths.values()), to, self.SENDER, self.NOW)

    def parse(self, message: Message) -> EmailMessage:
        parsed = email.message_from_bytes(message.mime, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def test_the_subject_tells_the_week_in_three_numbers(self, figures: WeeklyFigures) -> None:
        expected = "【巡检周报】2026年第47周：超期5项、临期3项、未能查看4项"
        assert weekly_subject(figures) == expected

    def test_the_page_is_the_body_and_word_and_excel_are_attached(
        self, figures: WeeklyFigures, paths: dict[str, Path]
    ) -> None:
        message = self.mail(figures, paths)
        parsed = self.parse(message)
        assert (message.kind, message.recipient) == ("weekly", self.RECIPIENT)
        assert parsed["Subject"] == message.subject == weekly_subject(figures)
        assert parsed["Message-ID"] == message.message_id
        assert parsed["To"] == self.RECIPIENT
        assert self.SENDER in parsed["From"]
        html, plain = parsed.get_body(("html",)), parsed.get_body(("plain",))
        assert html is not None
        assert plain is not None
        page = paths[".html"].read_text(encoding="utf-8")
        shown = re.sub(r'src="(data|cid):[^"]*"', "", html.get_content())
        assert shown.splitlines() == re.sub(r'src="data:[^"]*"', "", page).splitlines()
        assert "未能查看4个" in plain.get_content()
        attached = {part.get_filename(): part.get_content() for part in parsed.iter_attachments()}
        assert attached == {
            "网站与新媒体合规周报-2026年第47周.docx": paths[".docx"].read_bytes(),
            "网站与新媒体合规周报-2026年第47周.xlsx": paths[".xlsx"].read_bytes(),
        }

    def test_the_same_week_made_again_is_the_same_mail(
        self, figures: WeeklyFigures, paths: dict[str, Path]
    ) -> None:
        first = self.mail(figures, paths)
        later = replace(figures, made_at=figures.made_at + timedelta(hours=2))
        assert self.mail(figures, paths) == first
        assert self.mail(later, paths).message_id == first.message_id

    def test_a_week_made_again_with_later_data_is_no_second_mail(
        self, figures: WeeklyFigures, paths: dict[str, Path]
    ) -> None:
        first = self.mail(figures, paths)
        changed = replace(figures, calendar="2027.1")
        assert self.mail(changed, paths).message_id == first.message_id
        assert self.mail(figures, paths, "b@example.gov.cn").message_id != first.message_id
        assert first.message_id.endswith("@example.gov.cn>")

    @pytest.mark.parametrize("address", ["a@b.cn\r\nBcc: x@y.z", "a@b.cn\nX: 1"])
    def test_an_address_with_a_line_break_is_refused(
        self, figures: WeeklyFigures, paths: dict[str, Path], address: str
    ) -> None:
        with pytest.raises(ValueError, match="linefeed"):
            self.mail(figures, paths, address)

    def test_a_missing_document_is_named(
        self, figures: WeeklyFigures, paths: dict[str, Path]
    ) -> None:
        del paths[".xlsx"]
        with pytest.raises(ValueError, match=r"no document of kind \.xlsx"):
            self.mail(figures, paths)


class TestLinks:
    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://",
            "https://a.cn/ b",
            "https://a.cn/\n",
            "//a.cn/",
            "https://[bad/",
            "https://a.cn/" + "x" * 2000,
        ],
    )
    def test_what_is_no_web_address_is_shown_and_not_linked(self, address: str) -> None:
        link = Link("查看", address)
        assert link.target is None
        assert shown(link) != "查看"

    def test_a_web_address_is_linked_under_its_words(self) -> None:
        link = Link("查看", "https://a.cn/x?y=1&z=2")
        assert (link.target, shown(link)) == ("https://a.cn/x?y=1&z=2", "查看")

    def test_an_endless_title_is_cut_where_it_can_be_seen(self) -> None:
        assert shown("长" * 1000) == "长" * 299 + "…"


def _value(cell: Any) -> Any:
    """What the workbook should give back for a cell."""
    if isinstance(cell, date):
        return datetime.combine(cell, datetime.min.time())
    if isinstance(cell, Rate | Average) and cell.value is not None:
        return pytest.approx(cell.value)
    return cell if isinstance(cell, int) else shown(cell)


def _east_asian(style: Any) -> str:
    return str(style.element.rPr.rFonts.get(qn("w:eastAsia")))


def _veto_rows(path: Path, number: int) -> list[list[str]]:
    """The first rows of the veto watch as the document has them."""
    head = "近四周"
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)["单项否决监测"]
        cells = [["—" if v is None else str(v) for v in row] for row in sheet.values]
        return cells[:number]
    if path.suffix == ".html":
        rows = Page(path.read_text(encoding="utf-8")).rows
        first = next(place for place, row in enumerate(rows) if head in row)
        return rows[first : first + number]
    tables = [[[c.text for c in r.cells] for r in t.rows] for t in docx.Document(str(path)).tables]
    return next(table for table in tables if head in table[0])
