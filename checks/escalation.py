"""Who hears of an overdue demand, by its age? The steps are a data file, the days working days."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checks.calendar import WorkCalendar
from checks.lifecycle import Finding, State

FILE = "escalation.toml"
BUNDLED = Path(__file__).parent / FILE
AUDIENCES = ("unit", "office", "leader")
WAITING = (State.NOTIFIED, State.RECTIFYING, State.URGED)


class EscalationError(ValueError):
    """A file of steps that cannot be used: file, row, what was expected."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: who is told, `after` how many working days past the last good day."""

    to: str
    after: int


def overdue_days(finding: Finding, as_of: date, calendar: WorkCalendar) -> int | None:
    """For how many working days has the demand waited past its last day? None: it does not wait.

    Reported, appealed, closed, waived and dismissed findings do not. Where a day on the way has
    no published plan the count is not known, and nobody is told by it.
    """
    course = finding.course
    waits = course.state in WAITING and not course.appealed and course.reported_on is None
    if course.due is None or not waits or course.confirmed_on is None or course.due >= as_of:
        return None
    counted = calendar.working_days_between(course.due, as_of)
    return None if counted.provisional else counted.count


def reached(rungs: Iterable[Rung], days: int) -> list[Rung]:
    """Which steps has a demand reached that is so many working days late?"""
    return [rung for rung in rungs if rung.after <= days]


def load_rungs(folder: Path) -> Sequence[Rung]:
    """The home's own file, or the bundled one. Raises EscalationError, OSError."""
    own = folder / FILE
    path = own if own.is_file() else BUNDLED
    try:
        return read_rungs(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise EscalationError(f"{path}：应为 UTF-8 编码") from error


def read_rungs(text: str, where: str) -> Sequence[Rung]:
    """Read the file's text; `where` names it. Raises EscalationError, all faults."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EscalationError(f"{where}：不是合法的 TOML 文件：{error}") from error
    rows = data.pop("step", [])
    faults = [f"{where}：{name}：未知字段" for name in data]
    if not isinstance(rows, list):
        raise EscalationError(f"{where}：step 应为若干 [[step]]")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or row.keys() != {"to", "after"}:
            faults.append(f"{where}：第{number}个 [[step]]：应有且只有 to 和 after")
            continue
        if row["to"] not in AUDIENCES:
            faults.append(f"{where}：第{number}个 to：{row['to']!r}，应为 {'|'.join(AUDIENCES)}")
        if type(row["after"]) is not int or row["after"] < 0:
            faults.append(f"{where}：第{number}个 after：{row['after']!r}，应为工作日数，如 5")
    if faults:
        raise EscalationError("\n".join(faults))
    return tuple(Rung(row["to"], row["after"]) for row in rows)
