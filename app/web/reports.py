"""The reports folder as it is looked through: which reports there are, of which kind and period."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checks.periods import read_period
from notify.scores.words import period_words
from notify.weekly import Period

NOTICES, OTHER = "notice", "other"
KINDS = {
    "weekly": "周报",
    "quarterly": "检查通报",
    "scores": "考核得分",
    "score": "单位得分说明",
    "annual": "年度报告",
    "annual-form": "网站工作年度报表",
    NOTICES: "整改、督办通知",
    OTHER: "其他",
}
STATES = {"draft": "草稿", "review": "办理中"}
# The longer name first: `annual-form-2026-portal` is no annual report.
_NAMED = re.compile(
    r"(annual-form|annual|weekly|quarterly|scores|score)-(\d{4}(?:W\d\d|[QH]\d)?)"
    r"(?:-(?!correction-\d|draft$|review$)(.+?))?(?:-correction-(\d+))?(?:-(draft|review))?"
)
_NUMBERED = re.compile(r".*〔\d{4}〕.*号-.+")


@dataclass(frozen=True, slots=True)
class File:
    """One file of the folder. `size` in bytes, `at` when it was written."""

    name: str
    size: int
    at: datetime

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name

    @property
    def word(self) -> str:
        """What tells it from the other files of its report: its form; of a site's form, whose."""
        form = self.name.rpartition(".")[2].lower()
        match = _NAMED.fullmatch(self.stem)
        return f"{match[3]}.{form}" if match and match[1] == "annual-form" and match[3] else form


@dataclass(frozen=True, slots=True)
class Made:
    """One report in all the forms it was written in. `period` in words; empty: of none."""

    kind: str
    period: str
    title: str
    files: Sequence[File]

    @property
    def at(self) -> datetime:
        return max(each.at for each in self.files)


def files_of(folder: Path) -> list[File]:
    """Which files may be taken from the folder? No links, no folders, nothing half-written."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        seen = [(each.name, each.stat(follow_symlinks=False)) for each in entries]
    return [
        File(name, held.st_size, datetime.fromtimestamp(held.st_mtime, UTC))
        for name, held in seen
        if stat.S_ISREG(held.st_mode) and not name.startswith(".")
    ]


def reports_of(files: Sequence[File]) -> list[Made]:
    """The reports, the last made first; a report's files differ in their form alone."""
    found: dict[tuple[str, str, str], list[File]] = {}
    for file in sorted(files, key=lambda each: each.name):
        found.setdefault(named(file.stem), []).append(file)
    made = [Made(*told, held) for told, held in found.items()]
    return sorted(made, key=lambda each: each.at, reverse=True)


def named(stem: str) -> tuple[str, str, str]:
    """What does a file's name say: kind, period in words, and the title?"""
    match = _NAMED.fullmatch(stem)
    if match is None:
        return (NOTICES if _NUMBERED.fullmatch(stem) else OTHER), "", stem
    kind, written, of, correction, state = match.groups()
    try:
        period = _period(kind, written)
    except ValueError:
        return OTHER, "", stem
    if kind == "annual-form":
        of = None  # the forms of all sites are one report
    marks = [of, f"更正{correction}" if correction else "", STATES.get(state, "")]
    told = "，".join(mark for mark in marks if mark)
    return kind, period, f"{KINDS[kind]}（{told}）" if told else KINDS[kind]


def _period(kind: str, written: str) -> str:
    if kind == "weekly":
        return Period.parse(written).chinese
    days = read_period(written)
    return f"{days.first.year}年" if kind.startswith("annual") else period_words(days)


def body_of(folder: Path, name: str) -> bytes | None:
    """The bytes of a file that the folder lists; None: it lists no such file."""
    if name not in {each.name for each in files_of(folder)}:
        return None
    try:
        with open(folder / name, "rb", opener=_no_link) as file:
            return file.read()
    except OSError:  # since the look it was taken away, or a link has taken its place
        return None


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def size_words(size: int) -> str:
    """A size as a clerk reads it."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"
