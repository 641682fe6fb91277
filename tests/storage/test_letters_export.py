"""Rows of a mailbox's export as letters, or every fault by line and number. All synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from checks.facts import Letter
from checks.letter_numbers import plain_number
from checks.letter_words import is_answered
from checks.marks import is_identity_number
from storage.evidence import Capture
from storage.sheets import Cell, Sheet, SheetRow, UploadError
from storage.uploads.days import EXPECTED, day_of
from storage.uploads.kept import evidence_of, title_hash
from storage.uploads.letters import LettersRead, read_export

SHOWN_TO = date(2026, 11, 27)
HEADS = {
    "number": "工单编号",
    "title": "诉求标题",
    "received": "诉求时间",
    "accepted": "受理时间",
    "replied": "答复时间",
    "unit": "承办单位",
    "status": "办理状态",
    "category": "诉求类型",
    "extended_to": "延期至",
    "approved_by": "审批人",
    "reason": "延期原因",
}
ROW: Mapping[str, Cell] = {
    "number": "GK2026001",
    "title": "路灯不亮",
    "received": "2026-11-16 08:30:05",
    "unit": "城管局",
    "status": "办理中",
    "category": "求助",
}
LETTER = Letter(
    ref="GK2026001",
    title="路灯不亮",
    url=None,
    received_on=date(2026, 11, 16),
    unit="城管局",
    status="办理中",
    category="求助",
)
IDENTITY = "11010519491231002X"  # the example of GB 11643
MOBILE = "13800000000"


def sheet(*rows: Mapping[str, Any]) -> Sheet:
    """A sheet whose second line is the first row; fields without a value are blank cells."""
    held = tuple(
        SheetRow(line, {HEADS[name]: cell for name, cell in row.items() if cell is not None})
        for line, row in enumerate(rows, 2)
    )
    return Sheet("导出.xlsx", "0" * 64, tuple(HEADS.values()), held)


def row(**other: Any) -> dict[str, Any]:
    return {**ROW, **other}


def read(*rows: Mapping[str, Any], without: tuple[str, ...] = ()) -> LettersRead:
    columns = {name: head for name, head in HEADS.items() if name not in without}
    return read_export(sheet(*rows), columns, SHOWN_TO)


def only(*without: str, **other: Any) -> Letter:
    (letter,) = read(row(**other), without=without).letters
    return letter


def faults(*rows: Mapping[str, Any]) -> list[str]:
    with pytest.raises(UploadError) as refused:
        read(*rows)
    return list(refused.value.faults)


def test_a_row_is_a_letter() -> None:
    assert read(ROW) == LettersRead((LETTER,), ())


@pytest.mark.parametrize(
    "written",
    [
        date(2026, 11, 20),
        datetime(2026, 11, 20, 23, 59),  # noqa: DTZ001 - as a workbook has it
        "2026-11-20",
        "2026/11/20 08:30:05",
        "2026/11/20 8:30",
        "2026-11-20T08:30:05",
        "2026-11-20 08:30:05.0",
        "2026.11.20",
        "2026年11月20日",
        "2026年11月20日 08时30分",
        "2026年11月20日08时30分05秒",
        "20261120",
        "20261120083005",
        20261120,
        "２０２６－１１－２０　０８：３０",
    ],
)
def test_a_day_is_read_as_back_ends_write_it(written: Cell) -> None:
    assert day_of(written) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "written",
    [
        *("11-20", "2026-11", "2026-02-30", "2026-13-01", "昨天", "26-11-20", 46346, 46346.5),
        *("2026-11-20Z", "2026-11-19T17:40:00Z", "2026-11-20 08:30 +0800", "1900-01-01"),
        *("2026-11-20至2026-11-25", "约2026-11-20", "0000-00-00", "２０２６１１２"),
    ],
)
def test_no_other_words_are_taken_for_a_day(written: Cell) -> None:
    with pytest.raises(ValueError, match=EXPECTED[:5]):
        day_of(written)


@pytest.mark.parametrize(
    ("given", "ref"),
    [
        ("GK 2026-001", "GK2026-001"),
        ("ＧＫ２０２６００１", "GK2026001"),
        ("\u3000GK2026001 ", "GK2026001"),
        (2026001, "2026001"),
        (2026001.0, "2026001"),
        ("00012", "00012"),
        (MOBILE, "13*******00"),
        (f"信{IDENTITY}", "信11**************2X"),
    ],
)
def test_a_number_is_kept_in_its_plain_form_without_persons(given: Cell, ref: str) -> None:
    assert only(number=given).ref == ref
    assert plain_number(ref) == ref


def test_a_number_of_area_day_and_count_is_nobodys_identity_number() -> None:
    # 18 digits with a right check character, whose "birthday" is the day of the letter.
    assert is_identity_number("320685202611160019")
    assert only(number="320685202611160019").ref == "320685202611160019"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "第2行 编号：''，必填"),
        ("-", "第2行 编号：''，必填"),
        (
            320685202611160019,
            "第2行 编号：'32**************19'，"
            "超过15位的编号在 Excel 中已丢失末位，请将该列设为文本后重新导出",
        ),
        (
            "3.20685E+17",
            "第2行 编号：'3.20685E+17'，编号已被表格软件改写，请将该列设为文本后重新导出",
        ),
        (
            datetime(2026, 11, 1),  # noqa: DTZ001
            "第2行 编号：'2026-11-0100:00:00'，编号已被表格软件改写，请将该列设为文本后重新导出",
        ),
        ("反" * 65, f"第2行 编号：'{'反' * 20}'，应不超过64个字，请核对所取的表头"),
        (
            float("inf"),
            "第2行 编号：'inf'，超过15位的编号在 Excel 中已丢失末位，请将该列设为文本后重新导出",
        ),
    ],
)
def test_a_number_that_is_none_is_a_fault(given: Cell | None, why: str) -> None:
    assert faults(row(number=given)) == [why]


def test_all_faults_are_told_at_once_by_line_and_number() -> None:
    assert faults(
        row(received=None),
        row(number="B", received="不详"),
        row(number="C", received="2026-11-28"),
        row(number="C1", replied=f"已请张三电话联系来信人，号码{MOBILE}"),
        row(number="D", replied="2027-01-05"),
        row(number="E", unit="来" * 61),
        row(number="F", extended_to="2026-12-10"),
        row(number="G", extended_to="待定", approved_by="张三", reason="案情复杂"),
    ) == [
        "第2行 来信 GK2026001 来信日期：None，来信日期、受理日期至少填写一项",
        f"第3行 来信 B 来信日期：'不详'，{EXPECTED}",
        "第4行 来信 C 来信日期：'2026-11-28'，晚于导出日期 2026-11-27",
        f"第5行 来信 C1 答复日期：'已请张三电话联系来信人，号码13****'，{EXPECTED}",
        "第6行 来信 D 答复日期：'2027-01-05'，晚于导出日期 2026-11-27",
        f"第7行 来信 E 办理单位：'{'来' * 20}'，应不超过60个字，请核对所取的表头",
        "第8行 来信 F 审批人：None，填写了延期至的，必填",
        "第8行 来信 F 延期原因：None，填写了延期至的，必填",
        f"第9行 来信 G 延期至：'待定'，{EXPECTED}",
    ]


def test_the_day_of_acceptance_alone_is_enough() -> None:
    letter = only(received="/", accepted="2026-11-17")
    assert (letter.received_on, letter.accepted_on) == (None, date(2026, 11, 17))


def test_the_day_of_the_export_is_no_day_ahead() -> None:
    assert only(replied="2026-11-27").replied_on == SHOWN_TO


def test_an_approved_extension_is_kept_with_who_and_why() -> None:
    reason = f"案情复杂，已电话{MOBILE}告知"
    letter = only(extended_to="2026-12-10", approved_by="张三", reason=reason)
    assert letter.extended_to == date(2026, 12, 10)
    assert letter.extension == "张三批准：案情复杂，已电话13*******00告知"


@pytest.mark.parametrize(
    ("without", "other", "answered", "done"),
    [
        ((), {}, None, False),
        ((), {"status": "已办结"}, None, True),
        ((), {"status": None}, None, False),
        ((), {"replied": "2026-11-20"}, None, True),
        (("status",), {}, False, False),
        (("status",), {"replied": "-"}, False, False),
        (("status",), {"replied": "2026-11-20"}, True, True),
        (("status", "replied"), {}, None, False),
    ],
)
def test_a_blank_reply_is_none_where_no_status_says_how_the_letter_stands(
    without: tuple[str, ...], other: dict[str, Any], answered: bool | None, done: bool
) -> None:
    letter = only(*without, **other)
    assert (letter.answered, is_answered(letter)) == (answered, done)


def test_an_export_without_replies_and_states_is_remarked() -> None:
    remarks = read(ROW, without=("status", "replied")).remarks
    assert remarks == ("表中既没有答复日期也没有状态，无法得知来信是否已答复",)


def test_what_does_not_fit_together_is_remarked_and_not_judged() -> None:
    told = read(
        row(replied="2026-11-15"),
        row(number="B", accepted="2026-11-15"),
        row(number="C", extended_to="2026-11-16", approved_by="张三", reason="案情复杂"),
        row(number="D", reason="案情复杂"),
    )
    assert [letter.ref for letter in told.letters] == ["GK2026001", "B", "C", "D"]
    assert told.remarks == (
        "第2行 来信 GK2026001：答复日期2026-11-15早于来信日期2026-11-16",
        "第3行 来信 B：受理日期2026-11-15早于来信日期2026-11-16",
        "第4行 来信 C：延期至2026-11-16，不晚于来信日期2026-11-16",
        "第5行 来信 D：有延期原因而没有延期至，按未延期处理",
    )


def test_a_number_twice_is_a_fault_unless_the_rows_are_equal() -> None:
    same = read(ROW, row(number="B"), row(number="GK 2026001"))
    assert [letter.ref for letter in same.letters] == ["GK2026001", "B"]
    assert same.remarks == ("第4行 来信 GK2026001：与第2行相同，只计一次",)
    assert faults(ROW, row(status="已办结"), row(title="路灯又不亮")) == [
        "第3行 来信 GK2026001：与第2行编号相同而内容不同，每封来信应只有一行",
        "第4行 来信 GK2026001：与第2行编号相同而内容不同，每封来信应只有一行",
    ]


def test_two_numbers_that_masking_makes_one_are_not_taken_for_one_letter() -> None:
    assert faults(row(number="13800000000"), row(number="13900000000")) == [
        "第3行 来信 13*******00：编号形似证件号或手机号，遮盖后与第2行不能区分，请改用其他编号列"
    ]


def test_personal_numbers_are_masked_in_every_field_that_is_kept() -> None:
    letter = only(unit=f"城管局{MOBILE}", status=f"转{IDENTITY}", category=f"求助{MOBILE}")
    assert (letter.unit, letter.status, letter.category) == (
        "城管局13*******00",
        "转11**************2X",
        "求助13*******00",
    )


def kept(*rows: Mapping[str, Any]) -> Capture:
    at = datetime(2026, 11, 27, 2, tzinfo=UTC)
    return evidence_of(read(*rows), HEADS, "szxx", SHOWN_TO, at)


def test_the_evidence_holds_what_was_taken_and_of_titles_the_hash() -> None:
    capture = kept(row(category='=HYPERLINK("http://a.example")', replied="2026-11-20"))
    assert capture.url == "urn:xunjian:letters:szxx:2026-11-27"
    assert capture.headers == {"Content-Type": "text/csv; charset=utf-8"}
    head, line = capture.body.decode().splitlines()
    assert head == (
        "编号,标题SHA-256,来信日期,受理日期,答复日期,办理单位,状态,类别,延期至,延期批准"
    )
    assert line == (
        f"GK2026001,{title_hash(LETTER)},2026-11-16,,2026-11-20,城管局,办理中,"
        '"\'=HYPERLINK(""http://a.example"")",,'
    )


def test_the_evidence_has_only_the_columns_that_the_file_has() -> None:
    columns = {"number": "编号", "received": "来信日期"}
    letters = read_export(sheet(ROW), {n: HEADS[n] for n in columns}, SHOWN_TO)
    body = evidence_of(letters, columns, "szxx", SHOWN_TO, datetime(2026, 11, 27, tzinfo=UTC)).body
    assert body.decode() == "编号,来信日期\r\nGK2026001,2026-11-16\r\n"
