"""Telling the operator of messages that could not be delivered, once mail leaves again."""

from __future__ import annotations

from datetime import datetime
from html import escape

from notify.digest import Content
from notify.mail import compose, recipients
from notify.news import OPERATOR
from notify.settings import MailSection
from notify.words import shorten
from storage.ledger import Delivery, Ledger

KIND = "dead"
MOST_SHOWN = 50
ADVICE = "核对地址和原因后，可运行 xunjian deliver --again 重新发送；xunjian doctor 可再次查看。"


def fact(delivery: Delivery) -> str:
    return f"dead:{delivery.message.message_id}"


def described(delivery: Delivery) -> str:
    """One dead letter in a line: to whom, about what, why not."""
    message = delivery.message
    subject, why = shorten(message.subject, 60), shorten(delivery.last_error or "", 200)
    return f"{shorten(message.recipient, 80)}　《{subject}》：{why}"


def queue_dead(ledger: Ledger, mail: MailSection, now: datetime) -> int:
    """Queue one mail to each operator about the dead letters not told of yet; how many mails?

    The mails and what they tell of are one transaction. A dead letter about dead letters is
    shown by doctor alone: a mail about it would die as well.
    """
    people = recipients(mail.operator or mail.office)
    dead = {fact(each): each for each in ledger.deliveries("dead") if each.message.kind != KIND}
    if not people or not dead:
        return 0
    with ledger.writing() as session:
        untold = ledger.untold(session, OPERATOR, dead)
        fresh = [each for key, each in dead.items() if key in untold]
        if not fresh:
            return 0
        ledger.tell(session, OPERATOR, untold, now)
        content = _content(fresh)
        return sum(
            ledger.queue(session, compose(mail, person, KIND, untold, content, now), now)
            for person in people
        )


def _content(dead: list[Delivery]) -> Content:
    rows = [f"{n}. {described(each)}" for n, each in enumerate(dead[:MOST_SHOWN], start=1)]
    more = (
        [f"另有{len(dead) - MOST_SHOWN}封，见 xunjian doctor。"] if len(dead) > MOST_SHOWN else []
    )
    said = ["下列消息未能投递，系统不再自动重试：", *rows, *more, ADVICE]
    page = "".join(f"<p>{escape(line, quote=False)}</p>" for line in said)
    return Content(f"【巡检】{len(dead)}封消息无法投递", "\n".join([*said, ""]), page)
