"""The register's columns: one description each, shared by TOML, Excel and the tables.

Empty cells and missing keys are the same thing; `storage.cells` reads what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.cells import (
    Read,
    address,
    category_limits,
    day,
    emails,
    identifier,
    names,
    number,
    one_of,
    search_address,
    selectors,
    site_code,
    span,
    text,
    window,
    yes_no,
)

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
            Field("hours", "允许访问时段", window),
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
