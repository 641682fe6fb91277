"""Telling the operator of messages that could not be delivered, once mail leaves again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notify.operator import tell_operator
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

    A dead letter about dead letters is shown by doctor alone: a mail about it would die as well.
    """
    dead = ledger.deliveries("dead")
    facts = {fact(each): described(each) for each in dead if each.message.kind != KIND}
    return tell_operator(ledger, mail, KIND, facts, _wording, now)


def _wording(dead: Sequence[str]) -> tuple[str, Sequence[str]]:
    rows = [f"{n}. {line}" for n, line in enumerate(dead[:MOST_SHOWN], start=1)]
    more = (
        [f"另有{len(dead) - MOST_SHOWN}封，见 xunjian doctor。"] if len(dead) > MOST_SHOWN else []
    )
    head = "下列消息未能投递，系统不再自动重试："
    return f"{len(dead)}封消息无法投递", [head, *rows, *more, ADVICE]
