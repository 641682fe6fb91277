"""Group robots of 企业微信, 钉钉 and 飞书: a message counts as sent when the robot says so.

All three answer a refusal with status 200 and a code in the body; Apprise 2.3 takes it for a
success with two of them (93000, 45009 would be lost), so the call is made here. Messages are
plain text: nothing in a title becomes a format, a link of its own or a mention.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from notify.settings import ChatSection
from notify.smtp import Fate, NotSentError
from notify.words import shorten
from storage.ledger import Delivery

TIMEOUT_SECONDS = 15
ANSWER_BYTES = 65536
TOO_MANY = 429
# How long a text may be, in bytes, by what the platforms publish.
MOST_BYTES = {"wecom": 2048, "dingtalk": 20000, "feishu": 30000}
NAMES = {"wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}
# No message leaves before a person acts: a robot removed, a wrong token, a signature, keyword or
# address range that the group's security settings do not let through.
SETTINGS = {
    "wecom": (93000, 93004, 93008, 40001, 40014),
    "dingtalk": (300001, 300005, 310000, 400101, 400102, 40035),
    "feishu": (19001, 19021, 19022, 19024),
}
TOO_FAST = {"wecom": (45009, 45033), "dingtalk": (130101, 410100, 660026), "feishu": (9499, 11232)}
CUT = "（内容过长，其余请见邮件或系统。）"


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot: `name` is its platform. Its secrets are shown nowhere."""

    name: str
    url: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)

    @property
    def title(self) -> str:
        return NAMES[self.name]


def configured(chat: ChatSection, environment: Mapping[str, str]) -> tuple[Robot, ...]:
    """The robots of the settings, with what the environment holds for them."""

    def given(variable: str) -> str:
        return environment.get(variable, "").strip()

    urls = {"wecom": chat.wecom_url, "dingtalk": chat.dingtalk_url, "feishu": chat.feishu_url}
    return tuple(
        Robot(name, urls[name], given(token_variable(name)), given(secret_variable(name)))
        for name in dict.fromkeys(chat.robots)
    )


def token_variable(name: str) -> str:
    """Which variable holds the robot's token? 企业微信 calls it a key."""
    return f"XUNJIAN_CHAT_{name.upper()}_{'KEY' if name == 'wecom' else 'TOKEN'}"


def secret_variable(name: str) -> str:
    return f"XUNJIAN_CHAT_{name.upper()}_SECRET"


class ByRobot:
    """Carries messages to one robot."""

    def __init__(self, robot: Robot, now: Callable[[], datetime]) -> None:
        self._robot = robot
        self._now = now

    def carry(self, delivery: Delivery) -> None:
        self.say(delivery.message.mime.decode())

    def say(self, text: str) -> None:
        """Returns once the robot has accepted the text. Raises NotSentError."""
        if not self._robot.token:
            variable = token_variable(self._robot.name)
            words = f"未提供{self._robot.title}机器人的密钥。请设置环境变量 {variable}；消息已保留"
            raise NotSentError(Fate.SETTINGS, words)
        _settle(self._robot, _ask(self._robot, request(self._robot, text, self._now())))

    def close(self) -> None:
        """Nothing is held open."""


def request(robot: Robot, text: str, at: datetime) -> urllib.request.Request:
    """What is asked of the robot? Signed where a secret is set; `at` is aware."""
    fitted = cut(text, MOST_BYTES[robot.name])
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": fitted}}
    match robot.name:
        case "dingtalk":
            asked = {"access_token": robot.token}
            if robot.secret:
                stamp = str(int(at.timestamp() * 1000))
                signed = _signed(robot.secret, f"{stamp}\n{robot.secret}")
                asked |= {"timestamp": stamp, "sign": signed}
            url = f"{robot.url}?{urlencode(asked)}"
        case "feishu":
            body, url = {"msg_type": "text", "content": {"text": fitted}}, robot.url
            url = f"{robot.url.rstrip('/')}/{quote(robot.token, safe='')}"
            if robot.secret:
                stamp = str(int(at.timestamp()))
                body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{robot.secret}", "")}
        case _:
            url = f"{robot.url}?{urlencode({'key': robot.token})}"
    sent = json.dumps(body, ensure_ascii=False).encode()
    head = {"Content-Type": "application/json; charset=utf-8"}
    return urllib.request.Request(url, sent, head)  # noqa: S310 - [chat] allows http(s) alone


def cut(text: str, most: int) -> str:
    """The text within `most` bytes of UTF-8: whole lines, and a note where some are left out.

    The last line, which names the message, always stays.
    """
    if len(text.encode()) <= most:
        return text
    *lines, last = text.split("\n")
    end = f"\n{CUT}\n{last}"
    room = most - len(end.encode())
    kept = ""
    for line in lines:
        longer = f"{kept}\n{line}" if kept else line
        if len(longer.encode()) > room:
            break
        kept = longer
    return (kept or lines[0].encode()[:room].decode(errors="ignore")) + end


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message led elsewhere has not arrived, and its token is for nobody else."""

    def redirect_request(self, *_given: object) -> None:
        return None


def _ask(robot: Robot, asked: urllib.request.Request) -> bytes:
    try:
        with urllib.request.build_opener(_NoRedirect).open(asked, timeout=TIMEOUT_SECONDS) as said:
            return bytes(said.read(ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == TOO_MANY or error.code >= 500:
            words = f"{robot.title}机器人暂不接收（HTTP {error.code}），稍后自动重试"
            raise NotSentError(Fate.DOWN, words) from error
        raise _unusable(robot, f"HTTP {error.code}") from error
    except (OSError, HTTPException) as error:
        # What the library says may hold the address, and the address holds the token.
        words = f"无法连接{robot.title}机器人（{type(error).__name__}）。请检查网络；稍后自动重试"
        raise NotSentError(Fate.DOWN, words) from error


def _settle(robot: Robot, answer: bytes) -> None:
    """Does the answer say that the message was taken? Raises NotSentError where it does not."""
    try:
        said = json.loads(answer)
        code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration) as error:
        words = f"{robot.title}机器人的答复无法识别，是否收到不明，稍后自动重试"
        raise NotSentError(Fate.LATER, words) from error
    if code == 0:
        return
    told = f"{code} {said.get('errmsg') or said.get('msg') or ''}"
    for hidden in filter(None, (robot.token, robot.secret)):
        told = told.replace(hidden, "***")
    told = shorten(told, 200)
    if code in SETTINGS[robot.name]:
        raise _unusable(robot, told)
    fate = Fate.DOWN if code in TOO_FAST[robot.name] else Fate.LATER
    raise NotSentError(fate, f"{robot.title}机器人暂不接收（{told}），稍后自动重试")


def _unusable(robot: Robot, told: str) -> NotSentError:
    words = (
        f"{robot.title}机器人拒收（{told}）。请核对环境变量 XUNJIAN_CHAT_{robot.name.upper()}_*、"
        "[chat] 和群内机器人的安全设置；消息已保留，改正后再发"
    )
    return NotSentError(Fate.SETTINGS, words)


def _signed(key: str, words: str) -> str:
    return base64.b64encode(
        hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()
    ).decode()
