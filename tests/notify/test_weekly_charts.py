"""The charts of the weekly report: what they show, in words too, and never boxes for characters."""

from __future__ import annotations

import email
import re
import struct
from dataclasses import replace
from datetime import datetime, timedelta
from email.policy import default
from pathlib import Path

import docx
import openpyxl
import pytest

from notify.documents import charts
from notify.documents.parts import Rate
from notify.weekly import Period, WeeklyFigures, check
from notify.weekly.charts import NO_FONT, pictures
from notify.weekly.documents import weekly_message, write_weekly
from notify.weekly.lines import TrendPoint
from notify.weekly.period import WEEK
from notify.weekly.sections import weekly_report
from tests.system import needs_font

NOW = datetime.fromisoformat("2026-11-23T08:05:00+08:00")
SENDER, OFFICE = "xunjian@example.gov.cn", "office@example.gov.cn"


@pytest.fixture
def twelve(figures: WeeklyFigures) -> WeeklyFigures:
    """Eleven weeks before: the first two were not judged, the others had 10 to 18 of 20 on time."""
    weeks = [Period.containing(figures.period.first - back * WEEK) for back in range(11, 0, -1)]
    rates = [None, None, *(Rate(10 + n, 20) for n in range(9))]
    before = [TrendPoint(week, rate) for week, rate in zip(weeks, rates, strict=True)]
    return replace(figures, trend=(*before, *figures.trend))


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


class TestPictures:
    def setup_method(self) -> None:
        needs_font()

    def test_the_words_of_a_chart_tell_every_value_and_every_gap(
        self, twelve: WeeklyFigures
    ) -> None:
        found = pictures(twelve)
        assert found is not None
        assert [each.alt for each in found] == [
            "近12周栏目按时率：第36周未判定，第37周未判定，第38周50.0%，第39周55.0%，第40周60.0%，"
            "第41周65.0%，第42周70.0%，第43周75.0%，第44周80.0%，第45周85.0%，第46周90.0%，"
            "第47周33.3%。",
            "超期栏目分类：动态新闻1个、政策解读1个。",
        ]

    def test_a_chart_is_as_wide_as_the_text_and_the_same_bytes_each_time(
        self, twelve: WeeklyFigures
    ) -> None:
        first = pictures(twelve)
        charts.percent_line.cache_clear()
        charts.counts.cache_clear()
        assert pictures(twelve) == first
        assert first is not None
        assert [size(each.png)[0] for each in first] == [1181, 1181]
        assert all(b"tIME" not in each.png and b"tEXt" not in each.png for each in first)

    def test_where_nothing_was_judged_and_nothing_is_late_there_is_no_chart(
        self, figures: WeeklyFigures
    ) -> None:
        empty = TrendPoint(figures.period, None)
        assert pictures(replace(figures, trend=(empty,), by_class=())) == ()

    def test_a_family_without_the_characters_draws_nothing(self) -> None:
        assert charts.counts("超期", (("动态新闻", 1),), "DejaVu Sans") is None
        assert charts.percent_line("按时率", (("一周", 0.5),), "DejaVu Sans") is None

    def test_word_and_the_mail_show_both_charts(
        self, twelve: WeeklyFigures, tmp_path: Path
    ) -> None:
        found = pictures(twelve)
        assert found is not None
        paths = write_weekly(twelve, tmp_path)
        document = docx.Document(str(paths[0]))
        described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
        assert described == [each.alt for each in found]
        message = weekly_message(twelve, paths, OFFICE, SENDER, NOW)
        mail = email.message_from_bytes(message.mime, policy=default)
        images = [part for part in mail.walk() if part.get_content_type() == "image/png"]
        assert [part.get_content() for part in images] == [each.png for each in found]
        page = next(part for part in mail.walk() if part.get_content_type() == "text/html")
        asked = re.findall(r'src="cid:([^"]+)"', page.get_content())
        assert [f"<{cid}>" for cid in asked] == [part["Content-ID"] for part in images]
        assert "data:" not in page.get_content()
        assert weekly_message(twelve, paths, OFFICE, SENDER, NOW) == message


class TestWithoutAFont:
    def test_the_report_says_so_and_keeps_its_tables(
        self, twelve: WeeklyFigures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(charts, "FAMILIES", ())
        assert charts.chinese_font() is None
        assert pictures(twelve) is None
        section = weekly_report(twelve, check(twelve)).sections[1]
        assert section.pictures == ()
        assert section.paragraphs[-1] == NO_FONT
        word, book, page = write_weekly(twelve, tmp_path)
        assert len(docx.Document(str(word)).inline_shapes) == 0
        assert "<img" not in page.read_text(encoding="utf-8")
        assert openpyxl.load_workbook(book)["近12周按时率"]["E4"].value == 0.5


class TestTable:
    def test_the_rates_stand_in_a_table_with_what_was_judged(self, twelve: WeeklyFigures) -> None:
        section = weekly_report(twelve, check(twelve)).sections[1]
        (table,) = (each for each in section.tables if each.name == "近12周按时率")
        assert table.rows[0] == ("2026年第36周", twelve.period.last - 11 * WEEK, None, None, None)
        assert table.rows[2][2:] == (10, 20, Rate(10, 20))
        assert table.rows[-1][2:] == (2, 6, Rate(2, 6))

    def test_the_present_week_is_told_up_to_the_day_judged(self, twelve: WeeklyFigures) -> None:
        friday = replace(twelve, as_of=twelve.period.last - timedelta(days=2))
        section = weekly_report(friday, check(friday)).sections[1]
        (table,) = (each for each in section.tables if each.name == "近12周按时率")
        assert table.rows[-1][1] == friday.as_of
