"""The outbox: messages written with the facts they tell, claimed, sent, then marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, or_, select

from storage.ledger.base import Base
from storage.tables import DeliveryRow

CLAIM = timedelta(minutes=10)
MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one recipient, complete. The Message-ID stays the same in every attempt.

    `channel` is mail, or the group robot that it goes to: then `recipient` is the robot as well,
    and `mime` its text, UTF-8.
    """

    message_id: str
    kind: str
    recipient: str
    subject: str
    mime: bytes
    channel: str = MAIL


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way: how often it was tried, and how it stands.

    `created_at` is when it was queued, or put back by a person.
    """

    id: int
    message: Message
    created_at: datetime
    state: str
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Mailed:
    """How one message stands, without its text. `created_at` as of a `Delivery`."""

    id: int
    kind: str
    channel: str
    recipient: str
    subject: str
    created_at: datetime
    state: str
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str | None


class Deliveries(Base):
    def queue(
        self,
        session: Session,
        message: Message,
        now: datetime,
        not_before: datetime | None = None,
    ) -> bool:
        """Put a message in the outbox, inside the caller's transaction. False: it was there."""
        same = select(DeliveryRow.id).where(DeliveryRow.message_id == message.message_id)
        if session.exec(same).first() is not None:
            return False
        session.add(
            DeliveryRow(
                message_id=message.message_id,
                kind=message.kind,
                recipient=message.recipient,
                subject=message.subject,
                mime=message.mime,
                channel=message.channel,
                created_at=now,
                next_try_at=not_before or now,
            )
        )
        return True

    def claim(self, now: datetime, *, force: bool = False, channel: str = MAIL) -> Delivery | None:
        """Take the channel's next message that is due, so that nobody else sends it meanwhile.

        `force` takes messages whose next try lies ahead as well. A claim that was never
        marked (a crash) lapses after ten minutes.
        """
        lapsed = col(DeliveryRow.claimed_until) <= now
        free = or_(col(DeliveryRow.claimed_until).is_(None), lapsed)
        waiting = select(DeliveryRow).where(
            col(DeliveryRow.state) == "queued", DeliveryRow.channel == channel, free
        )
        if not force:
            waiting = waiting.where(col(DeliveryRow.next_try_at) <= now)
        with self.writing() as session:
            row = session.exec(waiting.order_by(col(DeliveryRow.id)).limit(1)).first()
            if row is None:
                return None
            taken = session.connection().execute(
                update(DeliveryRow)
                .where(col(DeliveryRow.id) == row.id, col(DeliveryRow.state) == "queued", free)
                .values(claimed_until=now + CLAIM, attempts=DeliveryRow.attempts + 1)
            )
            if not taken.rowcount:
                return None
            session.refresh(row)
            return _delivery(row)

    def release_claims(self, now: datetime) -> int:
        """Free every claim; returns how many were held.

        For the only process that delivers, at its start: whoever held a claim is gone, and its
        message need not wait for the ten minutes to pass.
        """
        held = (col(DeliveryRow.state) == "queued", col(DeliveryRow.claimed_until) > now)
        with self.writing() as session:
            freed = session.connection().execute(
                update(DeliveryRow).where(*held).values(claimed_until=None)
            )
            return freed.rowcount

    def mark_sent(self, delivery: Delivery, now: datetime) -> None:
        """The server has accepted it."""
        with self.writing() as session:
            row = session.get_one(DeliveryRow, delivery.id)
            row.state, row.sent_at, row.claimed_until, row.last_error = "sent", now, None, None

    def mark_failed(self, delivery: Delivery, error: str, next_try_at: datetime | None) -> None:
        """It was not accepted: try again at `next_try_at`, or never (None: a dead letter).

        Nothing happens when the claim has lapsed and somebody else has taken the message
        since: its fate is theirs to tell.
        """
        with self.writing() as session:
            row = session.get_one(DeliveryRow, delivery.id)
            if row.state != "queued" or row.attempts != delivery.attempts:
                return
            row.claimed_until, row.last_error = None, error
            if next_try_at is None:
                row.state = "dead"
            else:
                row.next_try_at = next_try_at

    def end_channels(self, kept: Sequence[str], error: str) -> int:
        """Make dead letters of what waits for a channel that is no more; how many?"""
        ended = (col(DeliveryRow.state) == "queued", col(DeliveryRow.channel).not_in(kept))
        with self.writing() as session:
            put = session.connection().execute(
                update(DeliveryRow).where(*ended).values(state="dead", last_error=error)
            )
            return int(put.rowcount)

    def requeue_dead(self, now: datetime, only: int | None = None) -> int:
        """Put dead letters back, each under its own Message-ID; how many? Tried as if new.

        All of them, or `only` the one of this number: raises LookupError where it is not dead.
        """
        which = [col(DeliveryRow.state) == "dead"]
        which += [] if only is None else [col(DeliveryRow.id) == only]
        with self.writing() as session:
            put = session.connection().execute(
                update(DeliveryRow)
                .where(*which)
                .values(
                    state="queued",
                    attempts=0,
                    created_at=now,
                    next_try_at=now,
                    claimed_until=None,
                )
            )
            if only is not None and not put.rowcount:
                raise LookupError(f"delivery {only} is not dead")
            return int(put.rowcount)

    def deliveries(self, state: str | None = None) -> list[Delivery]:
        """Messages in the outbox, oldest first; all, or those in one state."""
        statement = select(DeliveryRow).order_by(col(DeliveryRow.id))
        if state is not None:
            statement = statement.where(DeliveryRow.state == state)
        with self.reading() as session:
            return [_delivery(row) for row in session.exec(statement)]

    def delivery(self, number: int) -> Delivery | None:
        """The message of this number, with its text."""
        with self.reading() as session:
            row = session.get(DeliveryRow, number)
            return _delivery(row) if row is not None else None

    def mailed(
        self,
        *,
        state: str = "",
        kind: str = "",
        words: str = "",
        before: int | None = None,
        count: int = 100,
    ) -> list[Mailed]:
        """How messages stand, the newest first; `before` turns the page.

        Empty: of any. `words` are looked for in recipient and subject.
        """
        where: list[ColumnElement[bool]] = []
        if state:
            where.append(col(DeliveryRow.state) == state)
        if kind:
            where.append(col(DeliveryRow.kind) == kind)
        if words:
            sought = (col(DeliveryRow.recipient), col(DeliveryRow.subject))
            where.append(or_(*(each.icontains(words, autoescape=True) for each in sought)))
        if before is not None:
            where.append(col(DeliveryRow.id) < before)
        return list(self._mailed(where, count))

    def mailed_at(self, instants: Iterable[datetime], recipients: Iterable[str]) -> list[Mailed]:
        """The messages to these recipients that were queued at one of these instants, in order."""
        where = [
            col(DeliveryRow.recipient).in_(list(recipients)),
            col(DeliveryRow.created_at).in_(list(instants)),
        ]
        return list(self._mailed(where, None))[::-1]

    def _mailed(self, where: Sequence[ColumnElement[bool]], count: int | None) -> Iterator[Mailed]:
        asked = columns(*(getattr(DeliveryRow, each.name) for each in fields(Mailed)))
        with self.reading() as session:
            rows = session.connection().execute(
                asked.where(*where).order_by(col(DeliveryRow.id).desc()).limit(count)
            )
            yield from (Mailed(*row) for row in rows)

    def delivery_counts(self) -> dict[str, int]:
        """How many messages are queued, sent, dead?"""
        with self.reading() as session:
            counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
            return dict(session.exec(counted).all())


def _delivery(row: DeliveryRow) -> Delivery:
    if row.id is None:
        raise ValueError("a row has its number only after the flush")
    message = Message(row.message_id, row.kind, row.recipient, row.subject, row.mime, row.channel)
    return Delivery(
        row.id,
        message,
        row.created_at,
        row.state,
        row.attempts,
        row.next_try_at,
        row.sent_at,
        row.last_error,
    )
