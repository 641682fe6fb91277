"""What a cell of the register may hold: from what a file gave to the value that is stored.

A reader returns the stored value, or raises ValueError saying in Chinese what was expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from checks.calendar import Limit
from storage.selectors import checked_selectors

Read = Callable[[Any], Any]

MAX_TEXT = 32_767  # what an Excel cell holds
FIRST_YEAR = 1949

WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(rf"{WORD}(\.{WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("应为文字")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    cleaned = str(value).strip()
    if not cleaned or not _plain(cleaned):
        raise ValueError("应为一行非空文字")
    if len(cleaned) > MAX_TEXT:
        raise ValueError(f"应不超过{MAX_TEXT}个字符")
    return cleaned


def _plain(value: str) -> bool:
    """Can a database, a workbook and one line of a message hold this text as it is?"""
    return not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "\ufffe\uffff"
        for char in value
    )


def identifier(value: Any) -> str:
    cleaned = text(value)
    if not re.fullmatch(r"[\w.\-]{1,64}", cleaned):
        raise ValueError("应为编号：字母、数字、汉字、下划线、点或连字符，不超过64个字符")
    return cleaned


def address(value: Any) -> str:
    cleaned = text(value)
    try:
        parts = urlsplit(cleaned)
        _ = parts.port
    except ValueError as error:
        raise ValueError("应为以 http:// 或 https:// 开头的网址") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in cleaned:
        raise ValueError("应为以 http:// 或 https:// 开头的网址")
    return cleaned


def one_of(*words: str) -> Read:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"应为以下之一：{'、'.join(words)}")
        return str(value)

    return read


def yes_no(value: Any) -> bool:
    known = {True: True, False: False, "是": True, "否": False, "true": True, "false": False}
    if not isinstance(value, bool | str) or value not in known:
        raise ValueError("应为 true 或 false（表格中填 是 或 否）")
    return known[value]


def day(value: Any) -> date:
    expected = "应为日期，如 2026-11-22"
    try:
        read = value if isinstance(value, date) else date.fromisoformat(text(value))
    except ValueError as error:
        raise ValueError(expected) from error
    if read.year < FIRST_YEAR:
        raise ValueError(f"{expected}，年份不早于{FIRST_YEAR}")
    return read.date() if isinstance(read, datetime) else read


def number(low: int, high: int) -> Read:
    def read(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"应为 {low} 至 {high} 的整数")
        return value

    return read


def selectors(value: Any) -> str:
    """CSS selectors of a list; parts on lines of their own are put on one."""
    if isinstance(value, str):
        value = "; ".join(line.strip(" ;；") for line in value.splitlines() if line.strip(" ;；"))
    return checked_selectors(text(value))


def span(value: Any) -> str:
    try:
        return str(Limit.parse(text(value)))
    except ValueError as error:
        raise ValueError("应为期限，如 30 days、6 months、5 working days") from error


def window(value: Any) -> str:
    """Hours of a day (Asia/Shanghai), such as `22:00-06:00`: to the minute, over midnight too."""
    told = text(value).replace("：", ":").replace(" ", "")
    form = re.fullmatch(r"(\d{1,2}):(\d{2})[-–—~至](\d{1,2}):(\d{2})", told)
    hours = [int(part) for part in form.groups()] if form else []
    if not hours or max(hours[::2]) > 23 or max(hours[1::2]) > 59 or hours[:2] == hours[2:]:
        raise ValueError("应为起止时刻，如 22:00-06:00（24小时制，起止不同）")
    return f"{hours[0]:02}:{hours[1]:02}-{hours[2]:02}:{hours[3]:02}"


def is_address(text: str) -> bool:
    """Can a mail server take this as an address? ASCII only, one address, no display name."""
    return ADDRESS.fullmatch(text) is not None


def emails(value: Any) -> list[str]:
    parts = re.split(r"[;；,，\s]+", value.strip(";；,， ")) if isinstance(value, str) else value
    if (
        not isinstance(parts, list)
        or not all(isinstance(part, str) and is_address(part) for part in parts)
        or len("；".join(parts)) > MAX_TEXT
        or not _plain("".join(parts))
    ):
        raise ValueError("应为电子邮箱列表，如 office@example.gov.cn（表格中用分号分隔）")
    return list(parts)


def names(value: Any) -> list[str]:
    """Names in a list, or in one cell with a semicolon between them."""
    parts = re.split(r"[;；\n]+", value.strip(";；\n ")) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError("应为名称列表（表格中用分号分隔）")
    return [text(part) for part in parts]


def category_limits(value: Any) -> list[str]:
    """Limits of a mailbox's categories of letters, each as `咨询=3 working days`."""
    limits = []
    for part in names(value):
        category, _, limit = part.partition("=")
        try:
            limits.append(f"{text(category)}={span(limit)}")
        except ValueError as error:
            raise ValueError(
                "应为“类别=期限”，如 咨询=3 working days（表格中用分号分隔）"
            ) from error
    if len({each.partition("=")[0] for each in limits}) < len(limits):
        raise ValueError("每个类别只能写一个期限")
    return limits


def search_address(value: Any) -> str:
    """An address with `{title}` where the words to be looked for go."""
    cleaned = text(value)
    if cleaned.count("{title}") != 1:
        raise ValueError("应为网址，并以 {title} 标明填写检索词的位置")
    address(cleaned.replace("{title}", "x"))
    return cleaned


def site_code(value: Any) -> str:
    cleaned = text(value)
    if not re.fullmatch(r"\d{10}|bm\d{8}|N\d{9}", cleaned):
        raise ValueError("应为10位网站标识码，如 3206850001")
    return cleaned
