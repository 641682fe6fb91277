"""A notice as a mail: the page as its body, the paper attached."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from notify.digest import SIGN
from notify.documents.mailpage import add_page
from notify.documents.parts import Report, shown
from notify.documents.text import harmless
from notify.mail import headed, sealed
from notify.notices.document import notice_report
from notify.notices.model import Notice
from notify.settings import MailSection
from notify.words import clean
from storage.ledger import Message

DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_NAME = 80


def notice_message(
    notice: Notice, document: bytes, mail: MailSection, recipient: str, now: datetime
) -> Message:
    """The notice for one recipient. `now` is aware and becomes the mail's date.

    The Message-ID depends on the recipient and on what the notice says, not on when it was made.
    """
    identity = _message_id(notice, recipient, mail.sender_domain)
    report, subject = notice_report(notice), notice_subject(notice)
    mime = headed(mail.sender, clean(recipient), subject, str(notice.kind), identity, now)
    mime.set_content("\n".join(plain_lines(report)) + "\n", charset="utf-8", cte="base64")
    add_page(mime, report)
    mime.add_attachment(
        document, maintype="application", subtype=DOCX, filename=document_name(notice)
    )
    return sealed(mime, identity, str(notice.kind), recipient, subject)


def notice_subject(notice: Notice) -> str:
    until = f"限{notice.due.month}月{notice.due.day}日前整改"
    told = f"{notice.kind.chinese}：{notice.addressee}{len(notice.problems)}个问题"
    return clean(f"{SIGN}{told}（{until}）")


def document_name(notice: Notice) -> str:
    """Under which name does the paper lie in a folder and in a mail?"""
    words = f"{notice.number}-{notice.addressee}"
    return re.sub(r'[\\/:*?"<>|\s]', "_", clean(words))[:MOST_NAME] + ".docx"


def plain_lines(report: Report) -> Iterator[str]:
    """The report as lines of text. The annexes, to be filled in, are in the paper alone."""
    form = report.form
    yield harmless(report.title)
    if form is not None:
        yield from filter(None, (form.number and harmless(form.number), "", form.addressed))
    for section in report.body:
        yield ""
        if section.heading:
            yield harmless(section.heading)
        yield from map(harmless, section.paragraphs)
        for table in section.tables:
            yield from (f"　　{'：'.join(map(shown, row))}" for row in table.rows)
    if form is not None:
        yield from ("", *map(harmless, form.closing), "")
        yield from (f"{mark}{name}（见所附文件）" for mark, name in form.listed)
        yield from ("", harmless(form.signed_by or ""), form.day)


def _message_id(notice: Notice, recipient: str, domain: str) -> str:
    content = asdict(notice)
    del content["made_at"]
    words = json.dumps([recipient, content], sort_keys=True, default=_plain)
    return f"<{notice.kind}.{hashlib.sha256(words.encode()).hexdigest()[:32]}@{domain}>"


def _plain(value: object) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
