"""How the audit reads: what was done, and with what."""

from __future__ import annotations

from collections.abc import Mapping

from app.people import COMMAND
from checks.handling import WORDS
from storage.ledger import Audited

ACTIONS: Mapping[str, str] = {
    "people.add": "开通人员",
    "people.role": "改变角色",
    "people.password": "重设密码",
    "people.end": "停用人员",
    "people.token": "发放密钥",
    "people.token_end": "停用密钥",
    "password": "修改本人密码",
    "assessment.enter": "考核录入",
    "assessment.review": "考核审核",
    "assessment.approve": "考核审定",
    "assessment.return": "考核退回",
    "assessment.correct": "考核更正",
    "assessment.record": "录入加分扣分",
    "assessment.withdraw": "撤回加分扣分",
    **{f"finding.{step}": f"问题：{word}" for step, word in WORDS.items()},
    "delivery.again": "再次发送",
    "register.load": "载入登记册",
    "report.make": "生成报告",
    "import.posts": "导入账号发布记录",
    "import.letters": "导入来信",
}
KINDS: Mapping[str, str] = {
    "person": "人员",
    "token": "密钥",
    "assessment": "考核",
    "unit": "单位",
    "finding": "问题",
    "column": "栏目",
    "mailbox": "信箱",
    "account": "新媒体账号",
    "site": "网站",
    "letter": "来信",
    "delivery": "发信",
    "inventory": "登记册",
    "report": "报告",
}


def action_words(action: str) -> str:
    """What was done? One without words of its own is told as the pages write it."""
    return ACTIONS.get(action, action)


def object_words(on: str, action: str = "") -> str:
    """With what? `kind:id` in words; bare numbers are of the kind that the action begins with."""
    kind, colon, name = on.partition(":")
    if not colon and on[:1].isdecimal():
        kind, name = action.partition(".")[0], on.replace(",", "、")
    return f"{KINDS[kind]} {name}".strip() if kind in KINDS else on


def audit_row(row: Audited, names: Mapping[str, str]) -> dict[str, object]:
    """One change as the page shows it; `names` are the persons' by login."""
    who = "命令行" if row.login == COMMAND else names.get(row.login, "")
    return {
        "at": row.at,
        "login": f"{row.login}（{who}）" if who else row.login,
        "action": action_words(row.action),
        "object": object_words(row.object, row.action),
        "note": row.note or "",
        "address": row.address,
    }
