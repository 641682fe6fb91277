"""Dead letters: told once when mail works again, put back by a person, never a loop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from notify.digest import Content
from notify.mail import compose
from notify.outbox import Delivered, deliver, pending
from notify.settings import MailSection
from storage.ledger import Ledger
from tests.notify.test_smtp import HOST, Inbox, free_port, serving

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GONE = "550 5.1.1 no such user"
CHIEF = "operator@example.cn"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mail(inbox: Inbox) -> Iterator[MailSection]:
    port = free_port()
    with serving(inbox, port):
        yield MailSection(host=HOST, port=port, security="none", operator=(CHIEF,))


def queue(ledger: Ledger, *recipients: str, fact: str = "k") -> None:
    with ledger.writing() as session:
        for recipient in recipients:
            content = Content("【巡检】1项<临期>", "正文", "<p>正文</p>")
            message = compose(MailSection(), recipient, "alert", [fact], content, NOW)
            assert ledger.queue(session, message, NOW)


def send(ledger: Ledger, mail: MailSection, at: datetime = NOW) -> Delivered:
    return deliver(ledger, mail, None, Path("unused"), lambda: at)


def told(inbox: Inbox) -> list[tuple[str, str, str, str]]:
    """To whom, subject, text and HTML of what arrived about dead letters."""
    mails = [(to, message_from_bytes(data, policy=default)) for to, data in inbox.arrived]
    return [
        (to, str(m["Subject"]), _body(m, "plain"), _body(m, "html"))
        for to, m in mails
        if m["X-Xunjian-Kind"] == "dead"
    ]


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_dead_letters_are_told_in_one_mail_once_when_mail_works_again(
    ledger: Ledger, inbox: Inbox, mail: MailSection
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox.rcpt = [GONE, GONE]
    assert send(ledger, mail).dead == 2
    assert inbox.arrived == []
    queue(ledger, "c@example.cn")
    assert send(ledger, mail) == Delivered(2, 0, 0, 0)
    ((to, subject, text, html),) = told(inbox)
    assert (to, subject) == (CHIEF, "【巡检】2封消息无法投递")
    assert text.split("\n")[1:3] == [
        f"{n}. {who}@example.cn　《【巡检】1项<临期>》："
        f"邮件服务器拒收（{GONE}）。请核对收件地址；邮件已保留，不再重试"
        for n, who in ((1, "a"), (2, "b"))
    ]
    assert "xunjian deliver --again" in text
    assert "1项&lt;临期&gt;" in html
    queue(ledger, "d@example.cn")
    assert send(ledger, mail) == Delivered(1, 0, 0, 0)
    assert len(told(inbox)) == 1


def test_a_later_dead_letter_is_told_by_itself(
    ledger: Ledger, inbox: Inbox, mail: MailSection
) -> None:
    for number, who in enumerate(("a", "b"), start=1):
        inbox.rcpt = [GONE]
        queue(ledger, f"{who}@example.cn", "c@example.cn", fact=who)
        assert send(ledger, mail).dead == 1
        assert len(told(inbox)) == number
    assert ["《【巡检】1项<临期>》" in text for *_, text, _ in told(inbox)] == [True, True]
    assert "b@example.cn" not in told(inbox)[0][2]
    assert "a@example.cn" not in told(inbox)[1][2]


def test_a_dead_letter_about_dead_letters_makes_no_other(
    ledger: Ledger, inbox: Inbox, mail: MailSection
) -> None:
    queue(ledger, "a@example.cn", "c@example.cn")
    inbox.rcpt = [GONE]
    dying = mail.model_copy(update={"operator": ("张三@example.cn",)})
    assert send(ledger, dying) == Delivered(1, 0, 2, 0, ERRORS)
    queue(ledger, "d@example.cn")
    assert send(ledger, dying) == Delivered(1, 0, 0, 0)
    assert [row.recipient for row in pending(ledger)] == ["a@example.cn", "张三@example.cn"]
    assert told(inbox) == []


ERRORS = (
    "发往 a@example.cn 的《【巡检】1项<临期>》："
    f"邮件服务器拒收（{GONE}）。请核对收件地址；邮件已保留，不再重试。",
    "发往 张三@example.cn 的《【巡检】1封消息无法投递》："
    "收件地址格式有误，请在登记册或设置中更正。",
)


def test_a_dead_letter_put_back_leaves_under_its_own_message_id_and_is_tried_as_if_new(
    ledger: Ledger, inbox: Inbox, mail: MailSection
) -> None:
    queue(ledger, "a@example.cn")
    inbox.rcpt = [GONE]
    send(ledger, mail)
    (before,) = ledger.deliveries("dead")
    later = NOW + timedelta(days=30)
    assert (ledger.requeue_dead(later), ledger.requeue_dead(later)) == (1, 0)
    inbox.rcpt = ["451 4.7.1 greylisted"]
    assert (send(ledger, mail, later).dead, ledger.deliveries("queued")[0].attempts) == (0, 1)
    assert send(ledger, mail, later + timedelta(minutes=2)) == Delivered(1, 0, 0, 0)
    (sent,) = ledger.deliveries("sent")
    assert sent.message == before.message
    assert inbox.arrived == [("a@example.cn", before.message.mime)]
