"""Does every channel work? One test message each, past the outbox: a person waits for it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.settings import Settings, robots_of
from checks.freshness import SHANGHAI
from notify.mail import compose_test_mail, recipients
from notify.robots import ByRobot
from notify.settings import MailSection
from notify.smtp import NotSentError, Server
from storage.clock import now


@dataclass(frozen=True, slots=True)
class Tried:
    """One message to one channel; `refused` says why not and what to do, empty: accepted."""

    channel: str
    refused: str = ""


def try_channels(
    settings: Settings, password: str | None, context: ssl.SSLContext | None = None
) -> list[Tried]:
    """Send one test message to the office, the operator and each robot. Empty: none is set."""
    at = now()
    tried = list(_mails(settings.mail, password, context, at)) if settings.mail.host else []
    text = f"【巡检】测试消息，无需回复。\n发出时间：{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    for robot in robots_of(settings):
        try:
            ByRobot(robot, now).say(text)
        except NotSentError as error:
            tried.append(Tried(f"{robot.title}机器人", str(error)))
        else:
            tried.append(Tried(f"{robot.title}机器人"))
    return tried


def _mails(
    mail: MailSection, password: str | None, context: ssl.SSLContext | None, at: datetime
) -> Iterator[Tried]:
    server = Server(mail, password, context)
    for person in recipients((*mail.office, *mail.operator)):
        try:
            server.send(compose_test_mail(mail, person, at))
        except NotSentError as error:
            yield Tried(f"邮件 {person}", str(error))
        else:
            yield Tried(f"邮件 {person}")
    server.close()
