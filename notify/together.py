"""Lines of a mail that say much the same of one thing, as one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from notify.news import Line

MOST_SHOWN = 12


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
    parts = [f"{n}. {line.headline}：{line.reason}" for n, line in enumerate(lines, start=1)]
    more = f"；另有{len(parts) - MOST_SHOWN}项" if len(parts) > MOST_SHOWN else ""
    ids = "、".join(str(line.finding) for line in lines if line.finding is not None)
    return replace(
        first,
        headline=f"{first.group}有{len(lines)}项缺失或不规范",
        reason=f"{'；'.join(parts[:MOST_SHOWN])}{more}（问题编号：{ids}）",
        remedy="".join(dict.fromkeys(line.remedy for line in lines)),
        finding=None,
    )
