"""Lines of a mail that say much the same of one thing, as one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from notify.news import Line

MOST_SHOWN = 12
# A tag's name in a headline: 页面标签 ColumnType 缺失或不规范.
NAME = re.compile(r"(?<= )[A-Za-z]+(?= )")
BLANK = "\0"


def together(lines: Iterable[Line]) -> list[Line]:
    """The lines of one mail; those of one group, thing and kind of news are put together."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        own = line.key if not line.group else ""
        kind = (line.group, line.thing, line.topic, line.tag, line.confirmed, own)
        groups.setdefault(kind, []).append(line)
    return [_as_one(group) for group in groups.values()]


def _as_one(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    first = min(lines, key=lambda line: line.order)
    told = _same_but_for_names((line, f"{line.headline}：{line.reason}") for line in lines)
    parts = [f"{n}. {words}" for n, words in enumerate(told, start=1)]
    more = f"；另有{len(parts) - MOST_SHOWN}项" if len(parts) > MOST_SHOWN else ""
    ids = "、".join(str(line.finding) for line in lines if line.finding is not None)
    return replace(
        first,
        headline=f"{first.group}有{len(lines)}项缺失或不规范",
        reason=f"{'；'.join(parts[:MOST_SHOWN])}{more}（问题编号：{ids}）",
        remedy="".join(_same_but_for_names((line, line.remedy) for line in lines)),
        finding=None,
    )


def _same_but_for_names(told: Iterable[tuple[Line, str]]) -> list[str]:
    """The sentences; those that differ only in the tag they name are one that names them all."""
    names: dict[str, list[str]] = {}
    for line, words in told:
        found = NAME.search(line.headline)
        name = found.group() if found else ""
        names.setdefault(words.replace(name, BLANK) if name else words, []).append(name)
    return [words.replace(BLANK, "、".join(dict.fromkeys(each))) for words, each in names.items()]
