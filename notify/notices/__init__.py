"""Notices to units (整改通知、督办通知): what they say, as a paper and as a mail."""

from __future__ import annotations

from notify.notices.document import notice_document, notice_report
from notify.notices.mail import notice_message
from notify.notices.model import Demand, Notice, NoticeKind, Problem, Proof, Sender

__all__ = [
    "Demand",
    "Notice",
    "NoticeKind",
    "Problem",
    "Proof",
    "Sender",
    "notice_document",
    "notice_message",
    "notice_report",
]
