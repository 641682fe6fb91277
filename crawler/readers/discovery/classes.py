"""Which class of the register has this column? Its page's own tag, its name, its rows, its place.

The words stand in `words.toml`; a class that nothing speaks for is `other`, never guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

OTHER = "other"
_TITLES_SHARE = 0.6
_FEWEST_TITLES = 3
_TAIL = re.compile(r"[(（【\[].{0,20}[)）】\]]\Z|列表\Z")
# 统计局 and 便民服务中心 are offices, not kinds of columns.
_OFFICE = re.compile(
    r"(?:局|委|办|院|厅|处|站|所|镇|乡|街道|政府|(?:服务|管理|事务)中心|公司|集团|协会|网)\Z"
)


class Sure(IntEnum):
    """How far a draft row can be trusted (高、中、低)."""

    LOW = 1
    FAIR = 2
    HIGH = 3

    @property
    def chinese(self) -> str:
        return "低中高"[self - 1]


@dataclass(frozen=True, slots=True)
class ClassGuess:
    """A class of the register, how sure it is, and in Chinese why."""

    column_class: str
    sure: Sure
    why: str


def guess_class(
    tag: str | None, name: str, path: Sequence[str], titles: Sequence[str]
) -> ClassGuess | None:
    """Which class do the page's ColumnType, its name, its rows or its channel speak for?

    `path` are the names above it, outermost first. None when none of them says anything.
    """
    if tag and (found := class_of_words(tag)):
        return ClassGuess(found, Sure.HIGH, f"页面标签 ColumnType 为“{tag}”")
    if found := class_of_words(name):
        return ClassGuess(found, Sure.HIGH, f"栏目名称“{name}”")
    if found := class_of_titles(titles):
        return ClassGuess(found, Sure.FAIR, "多数标题的写法")
    for above in reversed(path):
        if not _OFFICE.search(above) and (found := class_of_words(above)):
            return ClassGuess(found, Sure.FAIR, f"上级栏目“{above}”")
    return None


def guess_by_siblings(siblings: Sequence[str]) -> ClassGuess | None:
    """Which class have most columns of the same navigation block? None without a majority."""
    if not siblings:
        return None
    column_class, count = Counter(siblings).most_common(1)[0]
    if count * 2 <= len(siblings) or column_class == OTHER:
        return None
    return ClassGuess(column_class, Sure.LOW, f"同组栏目多为 {column_class}")


def class_of_words(words: str) -> str | None:
    """Which class does this name speak for? The most specific words of the table decide."""
    name = _TAIL.sub("", "".join(words.split()))
    for row in _table()["row"]:
        if name.endswith(tuple(row.get("ends", ()))) or any(w in name for w in row.get("any", ())):
            return str(row["class"])
    return None


def class_of_titles(titles: Sequence[str]) -> str | None:
    """Which class do most of these titles read like? None for few or mixed ones."""
    if len(titles) < _FEWEST_TITLES:
        return None
    said = Counter(_class_of_title(title) for title in titles)
    found, count = said.most_common(1)[0]
    return found if count >= len(titles) * _TITLES_SHARE else None


def speaks_of_letters(name: str) -> bool:
    """Is this the name of a mailbox, or of the form beside it?"""
    return any(word in name for word in _table()["mailbox"]["any"])


def _class_of_title(title: str) -> str | None:
    for column_class, pattern in _title_patterns():
        if pattern.search(title[:200]):
            return column_class
    return None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def _title_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["class"], re.compile(row["pattern"])) for row in _table()["titles"])
