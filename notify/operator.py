"""What only the operator has to hear: each fact once, in a mail of its own, at any hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape

from notify.digest import Content
from notify.mail import compose, recipients
from notify.news import OPERATOR
from notify.settings import MailSection
from storage.ledger import Ledger

Wording = Callable[[Sequence[str]], tuple[str, Sequence[str]]]


def tell_operator(
    ledger: Ledger,
    mail: MailSection,
    kind: str,
    facts: Mapping[str, str],
    wording: Wording,
    now: datetime,
) -> int:
    """Queue one mail to each operator about the facts not told of yet; how many mails?

    `facts` are one clean line each, by a key that names the fact for good. `wording` makes of the
    new ones a subject and the lines of the mail. Mails and what they tell of are one transaction.
    Nobody to tell: the facts stay untold.
    """
    people = recipients(mail.operator or mail.office)
    if not people or not facts:
        return 0
    with ledger.writing() as session:
        untold = ledger.untold(session, OPERATOR, facts)
        if not untold:
            return 0
        ledger.tell(session, OPERATOR, untold, now)
        subject, lines = wording([line for key, line in facts.items() if key in untold])
        page = "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
        content = Content(f"【巡检】{subject}", "\n".join([*lines, ""]), page)
        return sum(
            ledger.queue(session, compose(mail, person, kind, untold, content, now), now)
            for person in people
        )
