"""The register's columns: one description each, shared by TOML, Excel and the tables.

A reader takes what a file gave and returns the stored value, or raises ValueError saying
what was expected. Empty cells and missing keys are the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from checks.calendar import Limit
from storage.selectors import checked_selectors

Read = Callable[[Any], Any]

MAX_TEXT = 32_767  # what an Excel cell holds
FIRST_YEAR = 1949

UNIT_KINDS = ("department", "town", "other")
CLASSES = (
    "news notice policy_doc interpretation catalog overview leader institution plan personnel "
    "statistics interview survey special service other"
).split()
PLATFORMS = "wechat weibo douyin kuaishou toutiao shipinhao app miniprogram other".split()
# What the filing ledger says of an account: open, closed down, deregistered, being changed.
STATUSES = "open closed cancelled changing".split()
MAILBOX_SOURCES = ("page", "export")
SOURCES = "feed weibo wechat_api page csv manual".split()
BUCKETS = "overview news disclosure none".split()
READERS = (
    "auto feed truecms jpaas jpage gkmlpt ucap epoint powereasy arrays disclosure vsb trs home rows"
).split()

WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(rf"{WORD}(\.{WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of one sheet. `chinese` is its head in the Excel register."""

    name: str
    chinese: str
    read: Read
    required: bool = False
    default: Any = None
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row: `[[name]]` in TOML, a sheet called `chinese` in Excel."""

    name: str
    chinese: str
    fields: tuple[Field, ...]


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


ID = Field("id", "编号", identifier, required=True)
NAME = Field("name", "名称", text, required=True)
UNIT = Field("unit", "责任单位编号", identifier, required=True, refers_to="unit")
SITE = Field("site", "网站编号", identifier, required=True, refers_to="site")
URL = Field("url", "网址", address, required=True)

TABLES = (
    Table(
        "unit",
        "单位",
        (
            ID,
            NAME,
            Field("kind", "类别", one_of(*UNIT_KINDS), default="other"),
            Field("emails", "电子邮箱", emails, default=[]),
        ),
    ),
    Table(
        "site",
        "网站",
        (
            ID,
            NAME,
            Field("home", "首页网址", address, required=True),
            UNIT,
            Field("code", "网站标识码", site_code),
            Field("portal", "是否门户", yes_no, default=False),
            Field("home_nav_only", "首页仅导航", yes_no, default=False),
            Field("services", "有公共服务职能", yes_no, default=True),
            Field("search", "站内搜索网址", search_address),
            Field("policy_search", "政策搜索网址", search_address),
            Field("progress", "办件进度查询网址", address),
        ),
    ),
    Table(
        "column",
        "栏目",
        (
            ID,
            SITE,
            NAME,
            URL,
            Field("class", "类别", one_of(*CLASSES), required=True),
            UNIT,
            Field("level", "级别", number(1, 9), default=1),
            Field("cycle", "更新周期", span),
            Field("bucket", "年报分类", one_of(*BUCKETS), default="none"),
            Field("min_items", "最少条数", number(0, 100_000)),
            Field("reader", "读取方式", one_of(*READERS), default="auto"),
            Field("selectors", "列表选择器", selectors),
            Field("render", "用浏览器打开", yes_no, default=False),
            Field("redirect_to", "转到的栏目", identifier, refers_to="column"),
            Field("expected", "应列事项", names, default=[]),
            Field("exempt_until", "豁免至", day),
            Field("exempt_reason", "豁免原因", text),
        ),
    ),
    Table(
        "mailbox",
        "信箱",
        (
            ID,
            SITE,
            NAME,
            Field("url", "网址", address),
            UNIT,
            Field("clock", "计时起点", one_of("submitted", "accepted"), default="submitted"),
            Field("limit", "答复时限", span),
            Field("form", "写信页面", address),
            Field("reader", "读取方式", one_of("auto"), default="auto"),
            Field("source", "来源方式", one_of(*MAILBOX_SOURCES), default="page"),
            Field("categories", "分类时限", category_limits, default=[]),
        ),
    ),
    Table(
        "account",
        "新媒体账号",
        (
            ID,
            Field("platform", "平台", one_of(*PLATFORMS), required=True),
            NAME,
            UNIT,
            Field("source", "来源方式", one_of(*SOURCES), required=True),
            Field("url", "网址", address),
            Field("opened_on", "开设日期", day),
            Field("closed_on", "关停日期", day),
            Field("filing_no", "备案编号", text),
            Field("platform_id", "账号ID", text),
            Field("owner", "主办单位", text),
            Field("supervisor", "主管单位", text),
            Field("certified", "认证主体", text),
            Field("maintainer", "运维人员", text),
            Field("status", "状态", one_of(*STATUSES)),
        ),
    ),
)
