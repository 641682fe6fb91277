"""Under which names does the environment hold an account's credentials? Never what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

WECHAT_API = "wechat_api"
APPID, SECRET = "XUNJIAN_WECHAT_APPID_", "XUNJIAN_WECHAT_SECRET_"
PLAIN_ID = re.compile(r"[A-Za-z0-9._-]+")


def variable_name(account: str) -> str:
    """What stands for this account's id at the end of a variable's name?"""
    return re.sub(r"[^A-Z0-9]", "_", account.upper())


def variables(account: str) -> tuple[str, str]:
    """Which two variables hold the AppID and the AppSecret of the account with this id?"""
    name = variable_name(account)
    return APPID + name, SECRET + name


def missing(account: str, environment: Mapping[str, str]) -> list[str]:
    """Which of the two are not set, or empty?"""
    return [name for name in variables(account) if not environment.get(name, "").strip()]
