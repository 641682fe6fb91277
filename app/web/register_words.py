"""The register's fields as a clerk meets them: what each means, its words, what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from checks.calendar import Limit
from notify.terms import CLASSES, PLATFORMS, SOURCES, UNIT_KINDS
from storage import fields
from storage.cells import category_limits, day, emails, names, number, selectors, span, yes_no
from storage.fields import Field, Table

READERS = {word: word for word in fields.READERS} | {"auto": "自动识别"}
BUCKETS = {
    "overview": "概况类信息",
    "news": "政务动态类信息",
    "disclosure": "信息公开目录信息",
    "none": "不计入年报",
}
STATUSES = {"open": "正常", "closed": "关停", "cancelled": "注销", "changing": "变更中"}
MAILBOX_SOURCES = {"page": "公开页面", "export": "后台导出"}
CLOCKS = {"submitted": "来信之日", "accepted": "受理之日"}
CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("unit", "kind"): UNIT_KINDS,
    ("column", "class"): CLASSES,
    ("column", "bucket"): BUCKETS,
    ("column", "reader"): READERS,
    ("mailbox", "clock"): CLOCKS,
    ("mailbox", "reader"): {"auto": "自动识别"},
    ("mailbox", "source"): MAILBOX_SOURCES,
    ("account", "platform"): PLATFORMS,
    ("account", "source"): SOURCES,
    ("account", "status"): STATUSES,
}
YES_NO = {"是": "是", "否": "否"}
SPAN = "写作 30 days（天）、6 months（月）、5 working days（工作日）"
HELP: Mapping[tuple[str, str], str] = {
    ("", "id"): "字母、数字、汉字、下划线、点或连字符，不超过64个字符；确定后不能更改",
    ("", "name"): "对外显示的名称",
    ("", "unit"): "更新、答复由哪个单位负责",
    ("", "site"): "所在的网站",
    ("", "reader"): "一般选自动识别",
    ("unit", "kind"): "考核时按类别分组",
    ("unit", "emails"): "收取提醒和整改通知；多个用分号隔开",
    ("site", "home"): "以 http:// 或 https:// 开头",
    ("site", "code"): "10位网站标识码，如 3206850001",
    ("site", "portal"): "政府门户网站选“是”，按门户网站的指标检查",
    ("site", "home_nav_only"): "首页只有导航、没有信息列表的，选“是”",
    ("site", "services"): "没有公共服务职能的部门网站选“否”，不检查办事服务",
    ("site", "search"): "含 {title} 的检索结果页网址，{title} 处填写检索词",
    ("site", "policy_search"): "含 {title} 的政策检索结果页网址",
    ("site", "progress"): "办件进度查询页面的网址",
    ("site", "hours"): "由多台机器巡检时，只在此时段内访问，如 22:00-06:00；不填不限",
    ("column", "url"): "栏目列表页的网址",
    ("column", "class"): "决定按哪项指标的更新时限判定",
    ("column", "level"): "栏目在网站导航中的层级，1 至 9",
    ("column", "cycle"): f"本栏目自定的更新周期，不填按指标；{SPAN}",
    ("column", "bucket"): "年度报告统计信息发布数时归入哪一类",
    ("column", "min_items"): "列表正常时至少有多少条；少于此数视为未能读出，不作判定",
    ("column", "selectors"): "自动识别不到列表时填写：一个 CSS 选择器，或 row=…; date=…; title=…",
    ("column", "render"): "列表由脚本生成的，选“是”",
    ("column", "redirect_to"): "本栏目的内容实际发布在哪个栏目，填其编号",
    ("column", "expected"): "公开目录应列的事项；多个用分号隔开",
    ("column", "exempt_until"): "豁免的最后一日，须同时填写原因",
    ("column", "exempt_reason"): "填写豁免期限的，必须填写",
    ("mailbox", "url"): "信箱来信列表的网址；来源方式为后台导出的可不填",
    ("mailbox", "clock"): "答复期限从哪一日起算",
    ("mailbox", "limit"): f"本信箱自定的答复时限，不填按指标；{SPAN}",
    ("mailbox", "form"): "写信页面的网址",
    ("mailbox", "source"): "来信不公开的选后台导出，从后台导出后导入",
    ("mailbox", "categories"): "各类来信自己的时限，如 咨询=3 working days；多个用分号隔开",
    ("account", "platform"): "账号所在的平台",
    ("account", "source"): "从哪里得知账号的更新情况",
    ("account", "url"): "来源方式为订阅源、微博公开页、公开网页的，必须填写",
    ("account", "opened_on"): "账号开设的日期",
    ("account", "closed_on"): "状态为关停、注销的，必须填写",
    ("account", "filing_no"): "备案台账中的编号",
    ("account", "platform_id"): "平台分配的账号ID，如公众号的 gh_ 编号",
    ("account", "owner"): "备案台账中的主办单位",
    ("account", "supervisor"): "备案台账中的主管单位",
    ("account", "certified"): "平台认证的主体全称",
    ("account", "maintainer"): "维护账号的人员",
    ("account", "status"): "备案台账中的状态；不填视为未登记",
}
MANY = frozenset({emails, names, category_limits, selectors})


def choices_of(table: Table, field: Field) -> Mapping[str, str]:
    """The words a field may hold, each with what the clerk calls it; empty: anything."""
    if field.read is yes_no:
        return YES_NO
    return CHOICES.get((table.name, field.name), {})


def help_of(table: Table, field: Field) -> str:
    """What is to be written here?"""
    return HELP.get((table.name, field.name)) or HELP["", field.name]


def widget_of(table: Table, field: Field) -> str:
    """How is the field typed: `choice`, `unit`, `site`, `day`, `number`, `long` or `line`?"""
    if choices_of(table, field):
        return "choice"
    if field.refers_to in ("unit", "site"):
        return field.refers_to
    if field.read is day:
        return "day"
    if field.read in MANY:
        return "long"
    return "number" if field.read.__qualname__.startswith(number.__name__) else "line"


def typed(value: Any) -> str:
    """A value as it stands in a form, and as the form's text is read again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def told(table: Table, field: Field, value: Any) -> str:
    """A value in the clerk's words."""
    text = typed(value)
    if field.read is span and value:
        return Limit.parse(text).chinese
    return choices_of(table, field).get(text, text) or "（空）"
