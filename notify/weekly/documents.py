"""The weekly report on disk, and as a mail."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from notify.documents.files import write_whole
from notify.documents.mailpage import add_page
from notify.documents.webpage import webpage
from notify.documents.word import word_document
from notify.documents.workbook import workbook
from notify.mail import headed, sealed
from notify.weekly.model import WeeklyFigures
from notify.weekly.sections import TITLE, head, summary, weekly_report
from notify.weekly.selfcheck import release
from storage.ledger import Message

KIND = "weekly"
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {".docx": f"{OFFICE}.wordprocessingml.document", ".xlsx": f"{OFFICE}.spreadsheetml.sheet"}


def write_weekly(figures: WeeklyFigures, out: Path) -> list[Path]:
    """Write `weekly-2026W47` as .docx, .xlsx and .html below `out`; returns the three paths.

    Equal figures give equal bytes. Raises ReportError, with nothing written, when a number
    does not add up; OSError when the disk refuses.
    """
    report = weekly_report(figures, release(figures))
    stem = f"weekly-{figures.period}"
    files = {
        f"{stem}.docx": word_document(report),
        f"{stem}.xlsx": workbook(report),
        f"{stem}.html": webpage(report).encode(),
    }
    return write_whole(files, out)


def weekly_message(
    figures: WeeklyFigures, paths: Sequence[Path], recipient: str, sender: str, now: datetime
) -> Message:
    """The report as one mail: the page as its body, Word and Excel attached.

    The Message-ID depends on week and recipient alone: a week whose report is made again, after a
    crash or with later data, is not mailed twice.
    Raises ValueError for an address that cannot stand in a header, or a missing document.
    """
    by_kind = {path.suffix: path for path in paths}
    if missing := TYPES.keys() - by_kind.keys():
        raise ValueError(f"weekly mail: no document of kind {', '.join(sorted(missing))}")
    message_id = _message_id(figures, recipient, sender)
    subject = weekly_subject(figures)
    mail = headed(sender, recipient, subject, KIND, message_id, now)
    mail.set_content(_plain(figures), cte="base64")
    add_page(mail, weekly_report(figures, release(figures)))
    for suffix, content_type in TYPES.items():
        main, _, sub = content_type.partition("/")
        name = f"{TITLE}-{figures.period.chinese}{suffix}"
        body = by_kind[suffix].read_bytes()
        mail.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return sealed(mail, message_id, KIND, recipient, subject)


def weekly_subject(figures: WeeklyFigures) -> str:
    head = figures.headline
    return (
        f"【巡检周报】{figures.period.chinese}：超期{head.overdue}项、"
        f"临期{head.due_soon}项、未能查看{head.unseen}项"
    )


def _message_id(figures: WeeklyFigures, recipient: str, sender: str) -> str:
    parts = (str(figures.period), recipient)
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
    domain = parseaddr(sender)[1].rpartition("@")[2]
    if not domain:
        raise ValueError(f"weekly mail: {sender!r} is no sender address")
    return f"<weekly.{figures.period}.{digest}@{domain}>"


def _plain(figures: WeeklyFigures) -> str:
    lines = (*head(figures), *summary(figures), "详见正文表格和所附 Word、Excel 文件。")
    return "\n\n".join(lines) + "\n"
