"""The official 公众号 interface, as its public documentation describes it. All synthetic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.demo.accounts import Account
from app.demo.pages.feeds import post_path
from app.demo.pages.reply import Ask, Reply, Route
from storage.credentials import variables

TOKEN = "demo-token-of-"  # noqa: S105 - no secret: the account's own id follows
MESSAGES = {
    40001: "invalid credential, access_token is invalid or not latest",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
}


def credentials(accounts: Sequence[Account]) -> dict[str, str]:
    """The environment that lets the demo's accounts be asked: none of it opens anything."""
    held: dict[str, str] = {}
    for account in accounts:
        if account.by_interface and account.obstacle != "no_credentials":
            appid, secret = variables(account.id)
            held |= {appid: _appid(account), secret: "synthetic"}
    return held


def interface(accounts: Sequence[Account]) -> dict[str, Route]:
    """The addresses of the interface for these accounts."""
    by_appid = {_appid(account): account for account in accounts if account.by_interface}
    by_token = {TOKEN + appid: account for appid, account in by_appid.items()}
    if not by_appid:
        return {}

    def token(ask: Ask) -> Reply:
        appid = json.loads(ask.body)["appid"]
        account = by_appid[appid]
        if account.obstacle is not None:
            return _refused(int(account.obstacle))
        return _reply({"access_token": TOKEN + appid, "expires_in": 7200})

    def answering(build: Callable[[Account, str], Mapping[str, Any]]) -> Route:
        def answer(ask: Ask) -> Reply:
            account = by_token.get(ask.query.get("access_token", ""))
            return _refused(40001) if account is None else _reply(build(account, ask.base))

        return answer

    return {
        "/cgi-bin/stable_token": token,
        "/cgi-bin/freepublish/batchget": answering(_published),
        "/cgi-bin/material/batchget_material": answering(lambda _account, _base: _listed([])),
    }


def _appid(account: Account) -> str:
    return f"wxdemo{account.id}"


def _published(account: Account, base: str) -> Mapping[str, Any]:
    return _listed(
        [
            {
                "article_id": f"{account.id}-{post.serial}",
                "update_time": int(post.at.timestamp()),
                "content": {
                    "news_item": [
                        {
                            "title": post.title,
                            "url": base + post_path(account, post),
                            "is_deleted": False,
                        }
                    ]
                },
            }
            for post in account.posts
        ]
    )


def _listed(items: list[dict[str, Any]]) -> Mapping[str, Any]:
    return {"total_count": len(items), "item_count": len(items), "item": items}


def _refused(code: int) -> Reply:
    return _reply({"errcode": code, "errmsg": MESSAGES[code]})


def _reply(value: Mapping[str, Any]) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(body, content_type="application/json; charset=utf-8")
