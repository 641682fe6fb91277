"""Exports of back ends handed in on a page: what would be imported, and whether it was looked at.

The file holds names and numbers of persons and is never kept, not even between preview and yes: it
is chosen again, and has to say the same as what was previewed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app import account_export, letters_import, letters_preview
from app.apart import read_sheet_apart
from app.home import Home
from app.settings import SettingsError
from app.show import visible
from checks.freshness import local_day
from checks.marks import without_numbers
from storage.clock import now
from storage.ledger import Ledger
from storage.sheets import Sheet

# What the commands call an option, and what the page calls the same.
OPTIONS = {
    "--account": "“账号”一项",
    "--exported-on": "“导出日期”一项",
    "--nothing": "“确无内容”一项",
    "--deleted": "“较新内容已删除”一项",
    "--by": "导入人",
    "--template": "命令行的 --template",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What was filled in. `path`: where the file lies for now; `name`: what its sender calls it."""

    kind: str
    path: Path
    name: str
    by: str
    of: str
    exported_on: date | None
    nothing: bool
    deleted: bool

    def read(self, _: Path, heads: Collection[str]) -> Sheet:
        """The file's sheet, read in a process of its own."""
        return read_sheet_apart(self.path, self.name, heads)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be imported: the lines to look at, in one line, and how it is carried out."""

    lines: Sequence[str]
    summary: str
    object: str
    carry_out: Callable[[], None]

    @property
    def digest(self) -> str:
        """The same as before where the same would be imported into the same."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


def prepare(home: Home, ledger: Ledger, handed: Handed) -> Prepared:
    """What would this file tell? Nothing is written. Raises UploadError, MailboxError."""
    return PREPARERS[handed.kind](home, ledger, handed)


def _posts(home: Home, ledger: Ledger, handed: Handed) -> Prepared:
    asked = account_export.Asked(
        Path(handed.name),
        handed.by,
        handed.of or None,
        handed.exported_on,
        nothing=handed.nothing,
        deleted=handed.deleted,
    )
    made = account_export.prepare(home, ledger, asked, handed.read)
    told = [next(account_export.part_lines(part)) for part in made.parts]
    return Prepared(
        [visible(line) for line in account_export.preview(made)],
        _summary(handed, told),
        "、".join(part.account.key for part in made.parts),
        lambda: account_export.carry_out(home, ledger, made),
    )


def _letters(home: Home, ledger: Ledger, handed: Handed) -> Prepared:
    asked = letters_import.Asked(
        Path(handed.name), handed.of, handed.by, handed.exported_on, nothing=handed.nothing
    )
    made = letters_import.prepare(home, ledger, asked, handed.read)
    lines = letters_preview.preview(made, home.law(home.settings()), local_day(now()))
    return Prepared(
        [visible(line) for line in lines],
        _summary(handed, [letters_preview.summary(made)]),
        made.subject.key,
        lambda: letters_import.carry_out(home, ledger, made),
    )


PREPARERS: Mapping[str, Callable[[Home, Ledger, Handed], Prepared]] = {
    "posts": _posts,
    "letters": _letters,
}


def day_of(text: str) -> date | None:
    """The day on which the file was exported; None: today. Raises SettingsError."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise SettingsError(f"导出日期 {text[:20]}：应为日期，如 2026-11-22") from error


def on_a_page(faults: Sequence[str]) -> list[str]:
    """The commands' words, with the page's names for what may be filled in."""
    told = []
    for line in faults:
        for option, word in OPTIONS.items():
            line = line.replace(f"（{option}）", "")
            line = re.sub(rf" ?{option} ?", word, line)
        told.append(line)
    return told


def _summary(handed: Handed, told: Sequence[str]) -> str:
    return f"{without_numbers(handed.name)}：{'；'.join(told)}"
