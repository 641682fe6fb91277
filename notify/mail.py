"""Building messages: the same facts for the same recipient always give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from checks.freshness import SHANGHAI
from notify.digest import Content
from notify.settings import MailSection
from notify.words import clean
from storage.ledger import Message

SENDER_NAME = "巡检"


def recipients(addresses: Iterable[str]) -> tuple[str, ...]:
    """Who is written to? Each address once, whatever the case it is written in."""
    return tuple({address.lower(): None for address in addresses})


def message_id(recipient: str, keys: Iterable[str], domain: str) -> str:
    """Which Message-ID do these facts have for this recipient? Always the same one."""
    words = "\n".join([recipient, *sorted(keys)])
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:32]}@{domain}>"


def headed(
    sender: str, recipient: str, subject: str, kind: str, identity: str, now: datetime
) -> EmailMessage:
    """A mail with its head and no body yet. `now` is aware; `identity` is its Message-ID.

    Raises ValueError for an address that cannot stand in a header.
    """
    mime = EmailMessage(policy=SMTP)
    mime["From"] = Address(SENDER_NAME, addr_spec=parseaddr(sender)[1])
    mime["To"] = recipient
    mime["Subject"] = subject
    mime["Date"] = format_datetime(now.astimezone(SHANGHAI))
    mime["Message-ID"] = identity
    mime["X-Xunjian-Kind"] = kind
    mime["Auto-Submitted"] = "auto-generated"
    return mime


def sealed(mime: EmailMessage, identity: str, kind: str, recipient: str, subject: str) -> Message:
    """The mail as bytes. Equal mails are equal bytes: the library would draw random boundaries."""
    for place, part in enumerate(mime.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{identity[1:25]}" + (f"_{place}" if place else ""))
    return Message(identity, kind, recipient, subject, mime.as_bytes())


def compose(
    mail: MailSection,
    recipient: str,
    kind: str,
    keys: Iterable[str],
    content: Content,
    now: datetime,
) -> Message:
    """One complete message, text and HTML, from one set of facts. `now` is aware."""
    identity = message_id(recipient, keys, mail.sender_domain)
    subject = clean(content.subject)
    mime = headed(mail.sender, clean(recipient), subject, kind, identity, now)
    # Not every server takes 8-bit bodies, and base64 is what Chinese text comes to anyway.
    mime.set_content(content.text, charset="utf-8", cte="base64")
    mime.add_alternative(content.html, subtype="html", charset="utf-8", cte="base64")
    return sealed(mime, identity, kind, recipient, subject)


def compose_test_mail(mail: MailSection, recipient: str, now: datetime) -> Message:
    """A message by which a person can see that mail arrives. Another instant, another message."""
    text = (
        "这是巡检系统的测试邮件。收到本邮件，说明发信设置可用，无需回复。\n"
        f"发出时间：{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}\n"
    )
    html = "".join(f"<p>{line}</p>" for line in text.splitlines())
    content = Content("【巡检】测试邮件", text, html)
    return compose(mail, recipient, "test", [f"test:{now.isoformat()}"], content, now)
