"""What is kept of an export of letters: the fields that were taken, and nothing of the writer."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import StringIO
from typing import Any
from urllib.parse import quote

from checks.facts import Letter
from storage.evidence import Capture
from storage.uploads.inert import inert
from storage.uploads.letters import LettersRead


def title_hash(letter: Letter) -> str:
    return hashlib.sha256(letter.title.encode(errors="replace")).hexdigest()


_KEPT: tuple[tuple[str, str, Callable[[Letter], Any]], ...] = (
    ("number", "编号", lambda letter: letter.ref),
    ("title", "标题SHA-256", title_hash),
    ("received", "来信日期", lambda letter: letter.received_on),
    ("accepted", "受理日期", lambda letter: letter.accepted_on),
    ("replied", "答复日期", lambda letter: letter.replied_on),
    ("unit", "办理单位", lambda letter: letter.unit),
    ("status", "状态", lambda letter: letter.status),
    ("category", "类别", lambda letter: letter.category),
    ("extended_to", "延期至", lambda letter: letter.extended_to),
    ("extended_to", "延期批准", lambda letter: letter.extension),
)


def evidence_of(
    read: LettersRead, columns: Mapping[str, str], mailbox: str, shown_to: date, at: datetime
) -> Capture:
    """What is kept of an export: the fields that were taken, as CSV, the titles as SHA-256."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    kept = [(head, cell) for name, head, cell in _KEPT if name in columns]
    writer.writerow([head for head, _ in kept])
    for letter in read.letters:
        writer.writerow([inert(cell(letter)) for _, cell in kept])
    return Capture(
        url=f"urn:xunjian:letters:{quote(mailbox)}:{shown_to}",
        at=at,
        status=200,
        headers={"Content-Type": "text/csv; charset=utf-8"},
        body=out.getvalue().encode(errors="replace"),
    )
