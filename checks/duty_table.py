"""The duties that a page of a government site owes, as rows of `duties.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from checks.rules import RuleError

BUNDLED = Path(__file__).parent / "duties.toml"


class PageKind(StrEnum):
    HOME = "home"
    LIST = "list"
    ARTICLE = "article"


class Mark(StrEnum):
    """The seven marks in the foot of a page."""

    SIGN = "sign"  # 党政机关网站标识
    ERROR_ENTRY = "error_entry"  # 我为政府网站找错
    SITE_CODE = "site_code"  # 网站标识码
    ICP = "icp"  # ICP备案号
    POLICE = "police"  # 公安机关备案号
    HOST = "host"  # 主办单位
    CONTACT = "contact"  # 联系方式


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty as `duties.toml` has it.

    `about` is mark, tag, code, domain, links or form; `name` is the mark or tag; `pages` are the
    kinds of page that owe it. `pattern` is the form of a good value, matched in full;
    `placeholders` are what an unfilled template leaves. `allowed` are ends of hosts; `due` is the
    last good day of a year, inclusive. `times`: the value is a moment of a 24-hour clock.
    """

    id: str
    about: str
    pages: tuple[PageKind, ...]
    headline: str
    remedy: str
    severity: str
    clause: str
    source: str
    confidence: str
    verified: bool
    name: str = ""
    pattern: re.Pattern[str] | None = None
    placeholders: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    due: tuple[int, int] | None = None  # month, day
    times: bool = False


_ABOUT = ("mark", "tag", "code", "domain", "links", "form")
_NAMES: Mapping[str, Sequence[str]] = {
    "mark": tuple(Mark),
    "domain": ("gov_cn", "no_ip", "one_domain"),
}
_DUE = re.compile(r"\d\d-\d\d")
_COMMON_YEAR = 2023
_TEXTS = ("id", "about", "headline", "remedy", "severity", "clause", "source", "confidence")
_REQUIRED = {*_TEXTS, "pages", "verified"}
_OPTIONAL = {"name", "pattern", "placeholders", "allowed", "due", "times"}


def read_duty_table(text: str, origin: str) -> tuple[Duty, ...]:
    """Which duties does this table hold? Raises RuleError naming every row and field at fault."""
    try:
        rows = tomllib.loads(text).get("duty", [])
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{origin}: not TOML: {error}") from error
    faults = [
        f"{origin}: duty {number} ({row.get('id', 'no id')}): {fault}"
        for number, row in enumerate(rows, start=1)
        for fault in _row_faults(row)
    ]
    ids = [row.get("id") for row in rows]
    faults += [f"{origin}: {each}: a second row of this id" for each in _repeated(ids)]
    if faults or not rows:
        raise RuleError("\n".join(faults) or f"{origin}: no rows written as [[duty]]")
    return tuple(_duty(row) for row in rows)


def load_duties() -> tuple[Duty, ...]:
    """The bundled duties. Raises RuleError if the table cannot be used."""
    return read_duty_table(BUNDLED.read_text(encoding="utf-8"), BUNDLED.name)


def _repeated(ids: Sequence[Any]) -> list[Any]:
    return [each for at, each in enumerate(ids) if each in ids[:at]]


def _row_faults(row: Mapping[str, Any]) -> list[str]:
    faults = [f"missing {name}" for name in sorted(_REQUIRED - row.keys())]
    faults += [f"unknown field {name}" for name in sorted(row.keys() - _REQUIRED - _OPTIONAL)]
    faults += [
        f"{each}: expected text" for each in _TEXTS if not isinstance(row.get(each, ""), str)
    ]
    kinds = row.get("pages", [])
    if not isinstance(kinds, list) or not kinds or not set(kinds) <= set(PageKind):
        faults.append(f"pages = {kinds!r}: expected some of {', '.join(PageKind)}")
    if row.get("about") not in _ABOUT:
        faults.append(f"about = {row.get('about')!r}: expected one of {', '.join(_ABOUT)}")
    names = _NAMES.get(str(row.get("about")))
    if names is not None and row.get("name") not in names:
        faults.append(f"name = {row.get('name')!r}: expected one of {', '.join(names)}")
    if row.get("about") in ("tag", "code") and not row.get("name"):
        faults.append("name: expected the name of a tag")
    if row.get("confidence") == "C" and row.get("verified") is not False:
        faults.append("verified: expected false where confidence is C")
    try:
        re.compile(row.get("pattern", ""))
    except re.error as error:
        faults.append(f"pattern: {error}")
    if (row.get("about") == "form") != _is_day(row.get("due")):
        faults.append(f"due = {row.get('due')!r}: a form, and nothing else, needs a day as 01-31")
    return faults


def _is_day(due: object) -> bool:
    if not isinstance(due, str) or not _DUE.fullmatch(due):
        return False
    try:
        date.fromisoformat(f"{_COMMON_YEAR}-{due}")
    except ValueError:
        return False
    return True


def _duty(row: Mapping[str, Any]) -> Duty:
    month, _, day = str(row.get("due", "")).partition("-")
    given = {
        **row,
        "pages": tuple(PageKind(each) for each in row["pages"]),
        "pattern": re.compile(row["pattern"]) if "pattern" in row else None,
        "placeholders": tuple(row.get("placeholders", ())),
        "allowed": tuple(row.get("allowed", ())),
        "due": (int(month), int(day)) if month else None,
    }
    return Duty(**given)
