"""What the error codes of the 公众号 interface mean, and what a clerk is to do about each.

(developers.weixin.qq.com: 全局返回码; 获取稳定版接口调用凭据)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.facts import Outcome
from checks.marks import without_numbers

UNAUTHORISED = 48001
# The token, not the account, is refused: a new one may be asked for.
TOKEN_REFUSED = frozenset({40001, 40014, 42001})

_STALE = "接口调用凭证无效或已过期：请核对该账号的 AppID、AppSecret，并避免其他系统反复强制刷新凭证"
_FROZEN = "公众号已被限制或冻结：请登录公众平台查明原因，处理后再巡检"
_WAITING = "{ip}调用接口须经公众号管理员同意：请管理员在微信中确认后再巡检"
REFUSALS: dict[int, tuple[Outcome, str]] = {
    -1: (Outcome.UNREACHABLE, "微信接口繁忙：本次未能查看，请稍后再巡检"),
    40001: (Outcome.BLOCKED, _STALE),
    40014: (Outcome.BLOCKED, _STALE),
    42001: (Outcome.BLOCKED, _STALE),
    40013: (Outcome.BLOCKED, "AppID 不正确：请按公众平台“设置与开发—基本配置”所示核对，区分大小写"),
    40125: (
        Outcome.BLOCKED,
        "AppSecret 不正确：请核对；如已遗失，请在公众平台“设置与开发—基本配置”中重置后更新环境变量",
    ),
    40164: (
        Outcome.BLOCKED,
        "{ip}不在该公众号的IP白名单内：请在公众平台“设置与开发—基本配置—IP白名单”中加入该地址",
    ),
    40243: (Outcome.BLOCKED, "AppSecret 已被冻结：请登录公众平台解冻后再巡检"),
    45009: (
        Outcome.BLOCKED,
        "当日接口调用次数已用完：次日恢复；如经常发生，请与其他使用该接口的系统协调",
    ),
    45011: (Outcome.BLOCKED, "接口调用过于频繁：请稍后再巡检"),
    UNAUTHORISED: (
        Outcome.BLOCKED,
        "接口未授权，公众号可能未认证：请完成认证并开通该接口，或改用后台导出、人工登记",
    ),
    50002: (Outcome.BLOCKED, _FROZEN),
    50007: (Outcome.BLOCKED, _FROZEN),
    89503: (Outcome.BLOCKED, _WAITING),
    89506: (Outcome.BLOCKED, "{ip}调用接口已被公众号管理员两次拒绝：请与管理员联系，24小时后再试"),
    89507: (Outcome.BLOCKED, "{ip}调用接口已被公众号管理员拒绝：请与管理员联系，1小时后再试"),
}
_IP = re.compile(r"\bip ([0-9A-Fa-f.:]{3,45})(?![0-9A-Za-z])")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Refusal:
    """The interface gave no list or token; `code` is its error code, where it gave one."""

    outcome: Outcome
    why: str
    code: int | None = None


def refusal(code: int, message: str) -> Refusal:
    """What does this error code mean? `message` is the interface's own, which quotes our address.

    A code that is not known is told with its message: nothing was seen.
    """
    if code not in REFUSALS:
        said = without_numbers(" ".join(message.split())[:_LONGEST]) or "未说明原因"
        return Refusal(Outcome.BLOCKED, f"公众号接口返回错误{code}：{said}", code)
    outcome, words = REFUSALS[code]
    found = _IP.search(message)
    address = f"本机出口地址 {found[1]} " if found else "本机出口地址"
    return Refusal(outcome, f"{words.format(ip=address)}（错误码{code}）", code)
