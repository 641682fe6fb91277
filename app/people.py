"""Entering, changing and ending persons who may use the pages: the same for page and command."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.settings import WebSection
from app.show import Sheet
from app.web.entry import digest, hashed
from app.web.rights import ROLES, Role
from storage.clock import now
from storage.ledger import Ledger, Person, PersonError

LOGIN = re.compile(r"[\w.@-]{1,64}")
COMMAND = "cli"  # by this name the audit knows the command line
LONGEST = 64
# No signs that are mistaken for each other when one person reads them out to another.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
HEADS = {
    "login": "登录名",
    "name": "姓名",
    "role_word": "角色",
    "unit_name": "单位",
    "entrance": "登录方式",
    "state": "状态",
}


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person as typed. `password` None: they come in only by the proxy's word."""

    login: str
    name: str
    role: str
    unit: str
    password: str | None


def one_time() -> str:
    """A password for the first entrance, of 79 bits, to be told and then changed."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))


def add(ledger: Ledger, web: WebSection, given: Entrant) -> Person:
    """Enter somebody. Raises PersonError naming everything at fault."""
    login, name = given.login.strip(), given.name.strip()
    faults = [
        *_login_faults(login),
        *_name_faults(ledger, name),
        *_role_faults(ledger, given.role, given.unit),
        *_front_faults(web, given.password),
    ]
    password = _hash(given.password, faults)
    return ledger.add_person(login, name, given.role, given.unit or None, password, now())


def change_role(ledger: Ledger, login: str, role: str, unit: str) -> Person:
    """Give somebody another role or unit. Raises PersonError."""
    faults = [*_ended(ledger, login), *_role_faults(ledger, role, unit)]
    if faults:
        raise PersonError("\n".join(faults))
    return ledger.change_person(login, now(), role=role, unit=unit or None, keeps=Role.OPERATOR)


def change_password(ledger: Ledger, login: str, password: str) -> Person:
    """Give somebody a new password; all their sessions end. Raises PersonError."""
    kept = _hash(password, list(_ended(ledger, login)))
    return ledger.change_person(login, now(), password=kept)


def end(ledger: Ledger, login: str, by: str) -> Person:
    """From now on nobody comes in by this login. Raises PersonError."""
    faults = list(_ended(ledger, login))
    if login == by:
        faults.append("不能停用自己，请由另一名运维人员办理。")
    if faults:
        raise PersonError("\n".join(faults))
    return ledger.change_person(login, now(), ended=True, keeps=Role.OPERATOR)


def add_token(ledger: Ledger, login: str, label: str) -> tuple[int, str]:
    """A new key for a program: its number, and its secret, which is kept nowhere.

    It may do what the person may. Raises PersonError.
    """
    faults = list(_ended(ledger, login))
    label = label.strip()
    if not (0 < len(label) <= LONGEST and label.isprintable()):
        faults.append(f"用途：不能为空，至多 {LONGEST} 个字符")
    person = ledger.person(login)
    if faults or person is None:
        raise PersonError("\n".join(faults))
    secret = secrets.token_urlsafe(32)
    return ledger.add_token(digest(secret), person, label, now()), secret


def end_token(ledger: Ledger, number: int) -> None:
    """Take a key back. Raises PersonError where there is none to take back."""
    if not any(each.id == number and each.ended_at is None for each in ledger.tokens()):
        raise PersonError(f"没有可停用的密钥 {number}。")
    ledger.end_token(number, now())


def people_sheet(ledger: Ledger) -> Sheet:
    """Everybody who was ever entered, without what they come in by."""
    units = {unit["id"]: unit["name"] for unit in ledger.units()}
    rows = [_row(person, units) for person in ledger.people()]
    told = ("login", "name", "role", "unit", "password", "ended_at")
    return Sheet({"people": [{key: row[key] for key in told} for row in rows]}, rows, HEADS, {})


def tokens_sheet(ledger: Ledger) -> Sheet:
    """All keys that were ever given, without their secrets."""
    rows = [
        {
            "id": each.id,
            "login": each.login,
            "label": each.label,
            "created_at": each.created_at,
            "ended_at": each.ended_at,
            "state": "使用中" if each.ended_at is None else "已停用",
        }
        for each in ledger.tokens()
    ]
    heads = {"id": "编号", "login": "登录名", "label": "用途", "state": "状态"}
    told = ("id", "login", "label", "created_at", "ended_at")
    return Sheet({"tokens": [{key: row[key] for key in told} for row in rows]}, rows, heads, {})


def _row(person: Person, units: dict[str, str]) -> dict[str, Any]:
    return {
        "login": person.login,
        "name": person.name,
        "role": person.role,
        "role_word": ROLES[Role(person.role)],
        "unit": person.unit,
        "unit_name": units.get(person.unit or "", person.unit or ""),
        "password": bool(person.password),
        "entrance": "密码" if person.password else "统一登录",
        "ended_at": person.ended_at,
        "state": "使用中" if person.ended_at is None else "已停用",
    }


def _login_faults(login: str) -> Iterator[str]:
    if not LOGIN.fullmatch(login) or login == COMMAND:
        yield f"登录名：{login!r}，应为 1 至 64 个文字、数字或 . @ _ -，且不能是 {COMMAND}"


def _name_faults(ledger: Ledger, name: str) -> Iterator[str]:
    """An assessment is signed by names: of two persons of one name it would see only one."""
    if not (0 < len(name) <= LONGEST and name.isprintable()):
        yield f"姓名：不能为空，至多 {LONGEST} 个字符"
    elif any(each.name == name and each.ended_at is None for each in ledger.people()):
        yield f"姓名：已有使用中的 {name}，考核签署以姓名区分，请加以区别"


def _role_faults(ledger: Ledger, role: str, unit: str) -> Iterator[str]:
    if role not in list(Role):
        words = "、".join(f"{each}（{word}）" for each, word in ROLES.items())
        yield f"角色：{role or '未选'}，应为 {words} 之一"
    elif role == Role.VIEWER:
        if unit not in {each["id"] for each in ledger.units()}:
            yield f"单位：{unit or '未选'}，{ROLES[Role.VIEWER]}须选登记册中的单位"
    elif unit:
        yield f"单位：只有{ROLES[Role.VIEWER]}须选单位，其他角色请不选"


def _front_faults(web: WebSection, password: str | None) -> Iterator[str]:
    if password is None and not web.login_header:
        yield "密码：未设置统一登录（[web] login_header），必须有密码"


def _ended(ledger: Ledger, login: str) -> Iterator[str]:
    person = ledger.person(login)
    if person is None:
        yield f"没有登录名 {login}。"
    elif person.ended_at is not None:
        yield f"{login} 已停用，不能再改。"


def _hash(password: str | None, faults: list[str]) -> str:
    """The password as it is kept. Raises PersonError with what else is at fault, too."""
    kept = ""
    try:
        if password is not None:
            kept = hashed(password)
    except ValueError as error:
        faults = [*faults, str(error)]
    if faults:
        raise PersonError("\n".join(faults))
    return kept
