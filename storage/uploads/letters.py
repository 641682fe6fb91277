"""The letters of a mailbox's back end: rows of an export as letters, without who wrote them.

The writer's name, number, address and words are never taken; of a title the ledger keeps the
SHA-256. Identity-card and mobile numbers in what is taken are masked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.facts import Letter
from checks.letter_numbers import plain_number
from checks.marks import is_identity_number, masked_text, without_numbers
from storage.sheets import Cell, Sheet, SheetRow, UploadError, fault
from storage.uploads.days import day_of

WORDS = {
    "number": "编号",
    "title": "标题",
    "received": "来信日期",
    "accepted": "受理日期",
    "replied": "答复日期",
    "unit": "办理单位",
    "status": "状态",
    "category": "类别",
    "extended_to": "延期至",
    "approved_by": "审批人",
    "reason": "延期原因",
}
# A longer text is no number, unit or status but the letter or its answer: another head was meant.
LONGEST = {"number": 64, "unit": 60, "status": 40, "category": 40, "approved_by": 40, "reason": 200}
BLANK = frozenset({"-", "--", "—", "——", "/", "\\", "无", "暂无", "null", "NULL"})
GRANT = ("approved_by", "reason")
SHOWN = 20  # characters of a cell at fault
# Excel keeps 15 digits of a number; of a longer one the last are lost.
EXACT = 10**15
ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
# Whoever writes a letter is no infant: a "birthday" later than this is the day of the letter.
YOUNGEST_YEARS = 10


@dataclass(frozen=True, slots=True)
class LettersRead:
    """The letters of an export, each once. `remarks` are what a person should look at."""

    letters: tuple[Letter, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """One file being read. `first` holds each number's line, the cell as given, and the letter."""

    columns: Mapping[str, str]
    shown_to: date
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    first: dict[str, tuple[int, str, Letter]] = field(default_factory=dict)


def read_export(sheet: Sheet, columns: Mapping[str, str], shown_to: date) -> LettersRead:
    """Which letters does this export hold, made on the day `shown_to`?

    `columns` gives the head of each field. Raises UploadError with every fault: nothing is taken
    of a file that has one.
    """
    reading = _Reading(columns, shown_to)
    for row in sheet.rows:
        _take(reading, row)
    if reading.faults:
        raise UploadError(sheet.origin, reading.faults)
    if reading.first and not {"replied", "status"} & columns.keys():
        reading.remarks.insert(0, "表中既没有答复日期也没有状态，无法得知来信是否已答复")
    letters = tuple(letter for _, _, letter in reading.first.values())
    return LettersRead(letters, tuple(reading.remarks))


def _take(reading: _Reading, row: SheetRow) -> None:
    """Read one row; a number seen before must say the same again."""
    cells = {
        name: row.cells[head]
        for name, head in reading.columns.items()
        if head in row.cells and str(row.cells[head]).strip() not in BLANK
    }
    given = _number(reading, row.line, cells.get("number"))
    if given is None:
        return
    ref = _masked_number(given, reading.shown_to)
    letter = _letter(_Row(reading, row.line, ref, cells))
    if ref not in reading.first:
        reading.first[ref] = (row.line, given, letter)
        reading.remarks += [f"第{row.line}行 来信 {ref}：{each}" for each in _odd(letter, cells)]
        return
    line, before, known = reading.first[ref]
    if before != given:
        why = f"编号形似证件号或手机号，遮盖后与第{line}行不能区分，请改用其他编号列"
        reading.faults.append(f"第{row.line}行 来信 {ref}：{why}")
    elif known != letter:
        why = f"与第{line}行编号相同而内容不同，每封来信应只有一行"
        reading.faults.append(f"第{row.line}行 来信 {ref}：{why}")
    else:
        reading.remarks.append(f"第{row.line}行 来信 {ref}：与第{line}行相同，只计一次")


def _number(reading: _Reading, line: int, cell: Cell | None) -> str | None:
    """The number as given, in its plain form. None, and a fault, where there is none."""
    expected = ""
    text = ""
    if cell is None:
        expected = "必填"
    elif isinstance(cell, int | float):
        text = _one_line(cell)
        if not abs(cell) < EXACT:
            expected = "超过15位的编号在 Excel 中已丢失末位，请将该列设为文本后重新导出"
    else:
        text = plain_number(str(cell))
        if ROUNDED.fullmatch(text) or isinstance(cell, date):
            expected = "编号已被表格软件改写，请将该列设为文本后重新导出"
        elif len(text) > LONGEST["number"]:
            expected = f"应不超过{LONGEST['number']}个字，请核对所取的表头"
    if expected:
        reading.faults.append(fault(line, WORDS["number"], _shown(text), expected))
    return None if expected else text


def _shown(text: str) -> str:
    """What of a cell at fault is told: masked before it is cut, so that no number is half shown."""
    return masked_text(text)[:SHOWN]


def _masked_number(number: str, shown_to: date) -> str:
    """The number without personal numbers: one with the day of the letter in it is none."""
    if is_identity_number(number) and int(number[6:10]) > shown_to.year - YOUNGEST_YEARS:
        return number
    return without_numbers(number)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: what it says field by field, faults told on the way."""

    reading: _Reading
    line: int
    ref: str
    cells: Mapping[str, Cell]

    def fault(self, name: str, value: object, expected: str) -> None:
        shown = None if value is None else _shown(str(value))
        where = f"来信 {self.ref} {WORDS[name]}"
        self.reading.faults.append(fault(self.line, where, shown, expected))

    def day(self, name: str) -> date | None:
        if name not in self.cells:
            return None
        try:
            return day_of(self.cells[name])
        except ValueError as error:
            self.fault(name, self.cells[name], str(error))
            return None

    def past_day(self, name: str) -> date | None:
        found = self.day(name)
        if found is not None and found > self.reading.shown_to:
            self.fault(name, found, f"晚于导出日期 {self.reading.shown_to}")
        return found

    def words(self, name: str) -> str | None:
        text = _words(self.cells.get(name))
        if text is not None and len(text) > LONGEST[name]:
            self.fault(name, text, f"应不超过{LONGEST[name]}个字，请核对所取的表头")
        return text

    def extension(self) -> tuple[date | None, str | None]:
        """Until when the letter was extended, and by whom and why; both are owed with the day."""
        until, said = self.day("extended_to"), {name: self.words(name) for name in GRANT}
        if until is None:
            return None, None
        for name in GRANT:
            if said[name] is None:
                self.fault(name, None, "填写了延期至的，必填")
        return until, extension_words(*said.values())


def _letter(row: _Row) -> Letter:
    received, accepted = row.past_day("received"), row.past_day("accepted")
    replied = row.past_day("replied")
    if not {"received", "accepted"} & row.cells.keys():
        row.fault("received", None, "来信日期、受理日期至少填写一项")
    extended_to, extension = row.extension()
    columns = row.reading.columns
    # A back end knows its replies; where it also has a status, that says how a letter stands.
    known_by_reply = "replied" in columns and "status" not in columns
    return Letter(
        ref=row.ref,
        title=_one_line(row.cells.get("title", "")),
        url=None,
        received_on=received,
        accepted_on=accepted,
        replied_on=replied,
        unit=row.words("unit"),
        status=row.words("status"),
        answered=replied is not None if known_by_reply else None,
        category=row.words("category"),
        extended_to=extended_to,
        extension=extension,
    )


def extension_words(approved_by: str | None, reason: str | None) -> str:
    """Who approved an extension, and why, in the form that is kept."""
    return without_numbers(f"{approved_by}批准：{reason}")


def _words(cell: Cell | None) -> str | None:
    """A text on one line, with personal numbers masked. None for a blank one."""
    return None if cell is None else without_numbers(_one_line(cell)) or None


def _one_line(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    plain = "".join(char if char.isprintable() else " " for char in str(cell))
    return " ".join(plain.split())


def _odd(letter: Letter, cells: Mapping[str, Cell]) -> Iterator[str]:
    """What does not fit together, for a person to look at; nothing is judged here."""
    start = letter.received_on or letter.accepted_on
    if start and letter.replied_on and letter.replied_on < start:
        yield f"答复日期{letter.replied_on}早于来信日期{start}"
    if letter.received_on and letter.accepted_on and letter.accepted_on < letter.received_on:
        yield f"受理日期{letter.accepted_on}早于来信日期{letter.received_on}"
    if start and letter.extended_to and letter.extended_to <= start:
        yield f"延期至{letter.extended_to}，不晚于来信日期{start}"
    if letter.extended_to is None and "reason" in cells:
        yield "有延期原因而没有延期至，按未延期处理"
