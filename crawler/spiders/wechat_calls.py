"""Calls of the official 公众号 interface, each with an account's own credentials.

Credentials come from the environment. Neither they nor a token leave this module: what is kept
and said names addresses without them.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scrapy import Request

from checks.facts import Outcome
from crawler.readers.page import ListReading
from crawler.readers.wechat_api import read_answer, read_token
from crawler.readers.wechat_refusals import TOKEN_REFUSED, Refusal
from crawler.settings import WECHAT, WechatSection
from crawler.spiders.base import SHOWN_AS, Answer, FetchingSpider, LookFailedError
from storage.clock import now
from storage.credentials import missing, variables

TOKEN = "/cgi-bin/stable_token"  # noqa: S105 - an address
MARGIN = timedelta(minutes=1)
Body = Mapping[str, Any]


class RefusedError(LookFailedError):
    """The interface answered, and refused; `code` is its error code, where it gave one."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.outcome, refusal.why)
        self.code = refusal.code


@dataclass(frozen=True, slots=True)
class Credentials:
    appid: str = field(repr=False)
    secret: str = field(repr=False)


def credentials_of(account: str, environment: Mapping[str, str]) -> Credentials:
    """The credentials of the account with this id. Raises LookFailedError naming the variables."""
    if missing(account, environment):
        why = f"未提供公众号接口的凭证：请设置环境变量 {'、'.join(variables(account))}"
        raise LookFailedError(Outcome.REFUSED, why)
    return Credentials(*(environment[name].strip() for name in variables(account)))


class Calls:
    """The calls of one run. Tokens are kept as long as it lasts, and shared by an AppID."""

    def __init__(self, spider: FetchingSpider) -> None:
        self.spider = spider
        self.section = WechatSection(**spider.crawler.settings.getdict(WECHAT))
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def token(self, held: Credentials, refused: str = "") -> str:
        """A token for these credentials, but not the refused one. Raises LookFailedError."""
        async with self._turns[held.appid]:
            token, until = self._tokens.get(held.appid, ("", now()))
            if token not in ("", refused) and now() < until:
                return token
            body = {
                "grant_type": "client_credential",
                "appid": held.appid,
                "secret": held.secret,
                "force_refresh": bool(refused),
            }
            got = read_token((await self.post(TOKEN, body)).page)
            if isinstance(got, Refusal):
                raise RefusedError(_masked(got, held.secret, held.appid))
            self._tokens[held.appid] = got.value, now() + timedelta(seconds=got.seconds) - MARGIN
            return got.value

    async def post(self, path: str, body: Body, token: str = "") -> Answer:
        """Ask with the account's own rights, so robots.txt has no say; a redirect, which would
        carry the credentials elsewhere, is not followed."""
        address = self.section.base_url + path
        request = Request(
            f"{address}?access_token={quote(token, safe='')}" if token else address,
            method="POST",
            body=json.dumps(body),
            headers={"Content-Type": "application/json"},
            meta={"dont_obey_robotstxt": True, "dont_redirect": True, SHOWN_AS: address},
        )
        return await self.spider.fetch(request)


class Caller:
    """Asks the list services for one account; a refused token is renewed once."""

    def __init__(self, calls: Calls, held: Credentials) -> None:
        self.calls = calls
        self._held = held
        self._renewed = False

    async def ask(self, path: str, body: Body) -> tuple[Answer, ListReading]:
        """The answer of a list service, and what it lists. Raises LookFailedError."""
        token = await self.calls.token(self._held)
        answer = await self.calls.post(path, body, token)
        reading = read_answer(answer.page)
        if isinstance(reading, Refusal) and reading.code in TOKEN_REFUSED and not self._renewed:
            self._renewed = True
            token = await self.calls.token(self._held, refused=token)
            answer = await self.calls.post(path, body, token)
            reading = read_answer(answer.page)
        if isinstance(reading, Refusal):
            raise RefusedError(_masked(reading, token, self._held.secret, self._held.appid))
        if any(each.encode() in answer.page.body for each in (token, self._held.secret)):
            # A relay that says back what it was asked would bring them into the evidence.
            raise LookFailedError(Outcome.UNREADABLE, "公众号接口的答复中含有凭证，不予留存")
        return answer, reading


def _masked(refusal: Refusal, *private: str) -> Refusal:
    why = refusal.why
    for each in private:
        why = why.replace(each, "***")
    return replace(refusal, why=why)
