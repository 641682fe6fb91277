"""Who is told what: one mail per recipient and run, each fact once to each audience."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from notify.alerts import lines
from notify.brief import OUTAGES, compose_brief, for_chat
from notify.digest import compose_digest
from notify.hours import next_opening
from notify.mail import compose, recipients
from notify.news import LEADER, OFFICE, OPERATOR, Contact, Line, News, unit_audience
from notify.settings import MailSection
from notify.together import together
from storage.ledger import Ledger

CHAT = "chat:"
WHO = {
    OFFICE: ("办公室", "office"),
    OPERATOR: ("运维人员", "operator 或 office"),
    LEADER: ("分管领导", "leader"),
}


@dataclass(frozen=True, slots=True)
class Queued:
    """How many mails were put in the outbox, and which facts wait for an address.

    `unaddressed` holds one sentence for the operator per audience that nobody reads for;
    its facts stay untold.
    """

    mails: int
    unaddressed: tuple[str, ...] = ()


def queue_alerts(
    ledger: Ledger,
    session: Session,
    news: News,
    mail: MailSection,
    now: datetime,
    robots: Sequence[str] = (),
) -> Queued:
    """Put this run's digests in the outbox, inside the caller's transaction.

    The same news a second time queues nothing. `now` is aware and becomes the mails' date.
    """
    return queue_lines(ledger, session, lines(news, mail.unit_alerts), news, mail, now, robots)


def queue_lines(
    ledger: Ledger,
    session: Session,
    said: Sequence[Line],
    news: News,
    mail: MailSection,
    now: datetime,
    robots: Sequence[str] = (),
) -> Queued:
    """Put these lines in the outbox, each once to each audience; `news` knows who reads.

    What is not urgent waits for the end of the quiet hours. `robots` get the office's in short.
    """
    letters: dict[str, list[Line]] = {}
    unaddressed: list[str] = []
    at_once: set[str] = set()
    for audience in sorted({name for line in said for name in line.audiences}):
        fresh, told = _untold(ledger, session, audience, said)
        people = readers(audience, news.units, mail)
        if fresh and not people:
            unaddressed.append(_nobody(audience, news, len(fresh)))
        if not fresh or not people:
            continue
        ledger.tell(session, audience, told, now)
        if audience == OPERATOR:
            at_once.update(people)
        for person in people:
            letters.setdefault(person, []).extend(fresh)
    mails = sum(
        _queue(ledger, session, person, rows, news, mail, now, urgent=person in at_once)
        for person, rows in letters.items()
    )
    for robot in robots:
        _queue_brief(ledger, session, robot, said, news, mail, now)
    return Queued(mails, tuple(unaddressed))


def _untold(
    ledger: Ledger, session: Session, audience: str, said: Iterable[Line]
) -> tuple[list[Line], set[str]]:
    """The audience's lines it was not told yet, and the facts that they tell it."""
    own = [
        line
        for line in said
        if (audience in line.audiences or (audience.startswith(CHAT) and for_chat(line)))
        and _is_owed(ledger, session, audience, line)
    ]
    facts = {fact for line in own for fact in (line.key, *line.covers)}
    untold = ledger.untold(session, audience, facts)
    fresh = [line for line in own if line.key in untold]
    return fresh, untold & {fact for line in fresh for fact in (line.key, *line.covers)}


def _queue_brief(
    ledger: Ledger,
    session: Session,
    robot: str,
    said: Sequence[Line],
    news: News,
    mail: MailSection,
    now: datetime,
) -> None:
    audience = f"{CHAT}{robot}"
    fresh, told = _untold(ledger, session, audience, said)
    if fresh:
        ledger.tell(session, audience, told, now)
        ordered = sorted(together(fresh), key=lambda line: line.order)
        message = compose_brief(robot, ordered, [line.key for line in fresh], now)
        ledger.queue(session, message, now, _opening(fresh, news, mail, now, urgent=False))


def _opening(
    rows: Iterable[Line], news: News, mail: MailSection, now: datetime, *, urgent: bool
) -> datetime:
    """From when on may it leave? An outage, and what is the operator's, at once."""
    if urgent or any(line.topic in OUTAGES for line in rows):
        return now
    return next_opening(now, mail.quiet_hours, news.law.calendar)


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
    *,
    urgent: bool,
) -> bool:
    once = {line.key: line for line in rows}
    ordered = sorted(together(once.values()), key=lambda line: line.order)
    content = compose_digest(ordered, news.as_of)
    message = compose(mail, person, "alert", once, content, now)
    opening = _opening(rows, news, mail, now, urgent=urgent)
    return ledger.queue(session, message, now, opening)


def readers(audience: str, units: Mapping[str, Contact], mail: MailSection) -> tuple[str, ...]:
    """Which addresses read for this audience? Each once, whatever the case it is written in."""
    if audience == OFFICE:
        return recipients(mail.office)
    if audience == OPERATOR:
        return recipients(mail.operator or mail.office)
    if audience == LEADER:
        return recipients(mail.leader)
    unit = audience.removeprefix(unit_audience(""))
    return recipients(units[unit].emails) if unit in units else ()


def _nobody(audience: str, news: News, count: int) -> str:
    if audience in WHO:
        whom, keys = WHO[audience]
        return (
            f"{whom}没有收件地址，{count}项提醒未发出。请在 settings.toml 的 [mail] {keys} 中填写。"
        )
    name = news.unit_name(audience.removeprefix(unit_audience("")))
    return f"单位“{name}”没有收件地址，{count}项提醒未发出。请在登记册中填写其电子邮箱。"
