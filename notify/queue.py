"""Who is told what: one mail per recipient and run, each fact once to each audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from notify.alerts import lines
from notify.digest import compose_digest
from notify.mail import compose, recipients
from notify.news import OFFICE, OPERATOR, Line, News, unit_audience
from notify.settings import MailSection
from notify.together import together
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Queued:
    """How many mails were put in the outbox, and which facts wait for an address.

    `unaddressed` holds one sentence for the operator per audience that nobody reads for;
    its facts stay untold.
    """

    mails: int
    unaddressed: tuple[str, ...] = ()


def queue_alerts(
    ledger: Ledger, session: Session, news: News, mail: MailSection, now: datetime
) -> Queued:
    """Put this run's digests in the outbox, inside the caller's transaction.

    The same news a second time queues nothing. `now` is aware and becomes the mails' date.
    """
    return queue_lines(ledger, session, lines(news, mail.unit_alerts), news, mail, now)


def queue_lines(
    ledger: Ledger,
    session: Session,
    said: Sequence[Line],
    news: News,
    mail: MailSection,
    now: datetime,
) -> Queued:
    """Put these lines in the outbox, each once to each audience; `news` knows who reads."""
    letters: dict[str, list[Line]] = {}
    unaddressed: list[str] = []
    for audience in sorted({name for line in said for name in line.audiences}):
        own = [
            line
            for line in said
            if audience in line.audiences and _is_owed(ledger, session, audience, line)
        ]
        facts = {fact for line in own for fact in (line.key, *line.covers)}
        untold = ledger.untold(session, audience, facts)
        fresh = [line for line in own if line.key in untold]
        people = _readers(audience, news, mail)
        if fresh and not people:
            unaddressed.append(_nobody(audience, news, len(fresh)))
        if not fresh or not people:
            continue
        told = {fact for line in fresh for fact in (line.key, *line.covers)}
        ledger.tell(session, audience, told & untold, now)
        for person in people:
            letters.setdefault(person, []).extend(fresh)
    mails = sum(
        _queue(ledger, session, person, rows, news, mail, now) for person, rows in letters.items()
    )
    return Queued(mails, tuple(unaddressed))


def _is_owed(ledger: Ledger, session: Session, audience: str, line: Line) -> bool:
    """A correction is owed only to who heard of what it corrects."""
    if not line.to_told or line.finding is None:
        return True
    return ledger.was_told(session, audience, line.finding)


def _queue(
    ledger: Ledger,
    session: Session,
    person: str,
    rows: Sequence[Line],
    news: News,
    mail: MailSection,
    now: datetime,
) -> bool:
    once = {line.key: line for line in rows}
    ordered = sorted(together(once.values()), key=lambda line: line.order)
    content = compose_digest(ordered, news.as_of)
    return ledger.queue(session, compose(mail, person, "alert", once, content, now), now)


def _readers(audience: str, news: News, mail: MailSection) -> tuple[str, ...]:
    """Which addresses read for this audience? Each once, whatever the case it is written in."""
    if audience == OFFICE:
        return recipients(mail.office)
    if audience == OPERATOR:
        return recipients(mail.operator or mail.office)
    unit = audience.removeprefix(unit_audience(""))
    return recipients(news.units[unit].emails) if unit in news.units else ()


def _nobody(audience: str, news: News, count: int) -> str:
    if audience in (OFFICE, OPERATOR):
        whom = "办公室" if audience == OFFICE else "运维人员"
        keys = "office" if audience == OFFICE else "operator 或 office"
        return (
            f"{whom}没有收件地址，{count}项提醒未发出。请在 settings.toml 的 [mail] {keys} 中填写。"
        )
    name = news.unit_name(audience.removeprefix(unit_audience("")))
    return f"单位“{name}”没有收件地址，{count}项提醒未发出。请在登记册中填写其电子邮箱。"
