"""The pages that the head of every page leads to, in the order of a clerk's day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.web.rights import Action, Role, may


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its address, its name, and which right it needs."""

    path: str
    name: str
    action: Action = Action.SEE_OWN


PLACES = (
    Place("/", "更新情况"),
    Place("/findings", "问题处理"),
    Place("/letters", "来信"),
    Place("/accounts", "新媒体账号"),
    Place("/sites", "网站"),
    Place("/assessment", "考核"),
    Place("/reports", "报告", Action.REPORT),
    Place("/inventory", "登记册", Action.SEE_ALL),
    Place("/rules", "指标"),
    Place("/deliveries", "发信", Action.SEE_ALL),
    Place("/runs", "运行", Action.SEE_ALL),
    Place("/audit", "操作记录", Action.AUDIT),
    Place("/people", "人员", Action.PEOPLE),
)


def places_of(role: Role) -> Iterator[Place]:
    """Where may a person of this role go?"""
    return (each for each in PLACES if may(role, each.action))


def is_here(place: Place, path: str) -> bool:
    """Is this the page that is shown, or one below it?"""
    if place.path == "/":
        return path == "/"
    return path == place.path or path.startswith(place.path + "/")
