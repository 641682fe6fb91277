"""Who may do what. One table: a route names its action, this names the roles."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the office. The words are those of the pages."""

    VIEWER = "viewer"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    LEADER = "leader"
    OPERATOR = "operator"


ROLES: Mapping[Role, str] = {
    Role.VIEWER: "责任单位",
    Role.CLERK: "经办人",
    Role.REVIEWER: "审核人",
    Role.LEADER: "分管领导",
    Role.OPERATOR: "运维人员",
}


class Action(StrEnum):
    """What a route lets a person do."""

    SEE_OWN = "see_own"  # a viewer sees the matters of one unit, everybody else all
    SEE_ALL = "see_all"
    HANDLE = "handle"  # confirm, dismiss, notice, report back, re-check, urge, appeal
    CLOSE = "close"  # close, waive
    ENTER = "enter"
    REVIEW = "review"
    APPROVE = "approve"
    REPORT = "report"
    REGISTER = "register"
    SEND = "send"
    AUDIT = "audit"
    PEOPLE = "people"


_OFFICE = frozenset({Role.CLERK, Role.REVIEWER, Role.LEADER})
_INSIDE = _OFFICE | {Role.OPERATOR}
ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.SEE_OWN: _INSIDE | {Role.VIEWER},
    Action.SEE_ALL: _INSIDE,
    Action.HANDLE: frozenset({Role.CLERK, Role.REVIEWER}),
    Action.CLOSE: frozenset({Role.REVIEWER, Role.LEADER}),
    # Three signatures of three persons: no role may give two of them.
    Action.ENTER: frozenset({Role.CLERK}),
    Action.REVIEW: frozenset({Role.REVIEWER}),
    Action.APPROVE: frozenset({Role.LEADER}),
    Action.REPORT: _OFFICE,
    Action.REGISTER: frozenset({Role.CLERK, Role.OPERATOR}),
    Action.SEND: frozenset({Role.CLERK, Role.OPERATOR}),
    Action.AUDIT: frozenset({Role.LEADER, Role.OPERATOR}),
    Action.PEOPLE: frozenset({Role.OPERATOR}),
}


def may(role: Role, action: Action) -> bool:
    """May a person of this role do this?"""
    return role in ALLOWED[action]
