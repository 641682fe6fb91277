"""A document that the service drafted, on its way to the office: one mail, the files attached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from notify.mail import headed, message_id, sealed
from notify.settings import MailSection
from storage.ledger import Message

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KIND = "draft"


def draft_message(
    mail: MailSection,
    recipient: str,
    title: str,
    paths: Sequence[Path],
    notes: Sequence[str],
    now: datetime,
) -> Message:
    """The draft of one period for one reader: the same however often it is made.

    `title` is the document's, with its period; `notes` are sentences above the list of files.
    Raises OSError for a file that is not there.
    """
    identity = message_id(recipient, [f"draft:{title}"], mail.sender_domain)
    subject = f"【巡检】{title}（草稿）"
    made = headed(mail.sender, recipient, subject, KIND, identity, now)
    attached = [path for path in paths if path.suffix in TYPES]
    lines = [
        f"系统已按计划生成{title}的草稿，供审阅修改；未经人工审定，不作正式文件使用。",
        *notes,
        "附件：",
        *(f"  {number}. {_name(title, path)}" for number, path in enumerate(attached, 1)),
    ]
    made.set_content("\n".join(lines) + "\n", charset="utf-8", cte="base64")
    for path in attached:
        main, _, sub = TYPES[path.suffix].partition("/")
        made.add_attachment(
            path.read_bytes(), maintype=main, subtype=sub, filename=_name(title, path)
        )
    return sealed(made, identity, KIND, recipient, subject)


def _name(title: str, path: Path) -> str:
    return f"{title}（草稿）{path.suffix}"
