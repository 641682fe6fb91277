"""Sending what waits in the outbox: claimed one by one, marked only after it was accepted.

A crash between acceptance and mark repeats a message; its Message-ID, or its file name,
makes the repeat harmless. No failure loses a message: it waits, or is kept as a dead letter.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from checks.freshness import SHANGHAI
from notify.dead import queue_dead
from notify.robots import ByRobot, Robot
from notify.settings import MailSection
from notify.smtp import Fate, NotSentError, Server
from notify.words import shorten
from storage.ledger import MAIL, Delivery, Ledger

NO_SUCH_ROBOT = "该群机器人已从设置 [chat] robots 中移除"
LONGEST_WAIT = timedelta(hours=6)
# Longer than the longest holiday with the server down: greylisting on the day it comes back
# must not end a message that could not be offered before.
GIVE_UP = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one batch came to. `failed` will be tried again, `left` is still queued after it.

    `errors` are sentences for the operator: what, where, what to do.
    """

    sent: int
    failed: int
    dead: int
    left: int
    errors: tuple[str, ...] = ()


class Pending(NamedTuple):
    """One message that has not left."""

    recipient: str
    subject: str
    state: str
    attempts: int
    last_error: str | None


class Carrier(Protocol):
    """Takes a message away for good, or raises NotSentError."""

    def carry(self, delivery: Delivery) -> None: ...

    def close(self) -> None: ...


def deliver(
    ledger: Ledger,
    mail: MailSection,
    password: str | None,
    outbox: Path,
    now: Callable[[], datetime],
    *,
    force: bool = False,
    context: ssl.SSLContext | None = None,
    robots: Sequence[Robot] = (),
) -> Delivered:
    """Send every message that is due (`force`: every queued one), each at most once.

    Without an SMTP host mails become files in `outbox`. A mail server that is away holds up no
    robot, and no robot a mail; what waits for a robot that is set no longer is a dead letter. Where
    mail left, the operator is told of dead letters. `now` gives aware instants. Raises
    DatabaseError; whatever a server or the folder does is in the answer.
    """
    ledger.end_channels([MAIL, *(robot.name for robot in robots)], NO_SUCH_ROBOT)
    batches = [
        _batch(ledger, ByRobot(robot, now), now, force=force, channel=robot.name)
        for robot in robots
    ]
    batches.append(_batch(ledger, _carrier(mail, password, outbox, context), now, force=force))
    if batches[-1].sent and queue_dead(ledger, mail, now()):
        # Not forced: what has just failed is not tried again at once.
        batches.append(_batch(ledger, _carrier(mail, password, outbox, context), now, force=False))
    left = ledger.delivery_counts().get("queued", 0)
    return Delivered(
        sum(batch.sent for batch in batches),
        sum(batch.failed for batch in batches),
        sum(batch.dead for batch in batches),
        left,
        tuple(error for batch in batches for error in batch.errors),
    )


def _carrier(
    mail: MailSection, password: str | None, outbox: Path, context: ssl.SSLContext | None
) -> Carrier:
    return _ByServer(Server(mail, password, context)) if mail.host else Folder(outbox)


def _batch(
    ledger: Ledger,
    carrier: Carrier,
    now: Callable[[], datetime],
    *,
    force: bool,
    channel: str = MAIL,
) -> _Batch:
    batch = _Batch(ledger, now)
    try:
        while (
            delivery := ledger.claim(now(), force=force, channel=channel)
        ) and delivery.id not in batch.tried:
            batch.tried.add(delivery.id)
            try:
                carrier.carry(delivery)
            except NotSentError as error:
                batch.not_sent(delivery, error)
                if error.fate.ends_batch:
                    break
            else:
                ledger.mark_sent(delivery, now())
                batch.sent += 1
    finally:
        carrier.close()
        batch.release()
    return batch


def pending(ledger: Ledger) -> list[Pending]:
    """Which messages have not left? Those queued, then the dead letters, oldest first."""
    return [
        Pending(d.message.recipient, d.message.subject, d.state, d.attempts, d.last_error)
        for state in ("queued", "dead")
        for d in ledger.deliveries(state)
    ]


def next_try(delivery: Delivery, now: datetime) -> datetime:
    """When is a message tried again? Twice as long after each attempt, up to six hours.

    The spread of a quarter comes from the message itself, so that many messages refused
    together do not come back together, and the same question has the same answer.
    """
    minutes = timedelta(minutes=2 ** min(delivery.attempts, 10))
    seed = f"{delivery.message.message_id}:{delivery.attempts}"
    spread = hashlib.sha256(seed.encode()).digest()[0] / 255
    return now + min(minutes, LONGEST_WAIT) * (0.75 + 0.25 * spread)


class Folder:
    """The outbox folder: one .eml file a message, the same name however often it is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, delivery: Delivery) -> None:
        path = self._folder / file_name(delivery)
        draft = path.with_suffix(".tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(delivery.message.mime)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            words = (
                f"邮件未能写入 {self._folder}（{error.strerror or error}）。"
                "请检查磁盘空间和目录权限；邮件已保留，改正后再发"
            )
            raise NotSentError(Fate.SETTINGS, words) from error

    def close(self) -> None:
        """Nothing is held open."""


def file_name(delivery: Delivery) -> str:
    """Under which name does a message lie in the outbox folder? Its time is Asia/Shanghai."""
    message = delivery.message
    at = f"{delivery.created_at.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    identity = message.message_id.strip("<>")[:8]
    parts = (at, message.kind, message.recipient[:64], identity)
    return "-".join(re.sub(r"[^A-Za-z0-9@._-]", "_", part) for part in parts) + ".eml"


class _ByServer:
    def __init__(self, server: Server) -> None:
        self._server = server

    def carry(self, delivery: Delivery) -> None:
        self._server.send(delivery.message)

    def close(self) -> None:
        self._server.close()


class _Batch:
    """One batch: what was tried, and what is to be put back when it ends.

    A message that failed stays claimed until the end: let go at once, `force` would take it
    again and again, and nothing behind it would ever leave.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self.tried: set[int] = set()
        self._held: list[tuple[Delivery, NotSentError]] = []
        self.sent = 0
        self.dead = 0
        self.errors: list[str] = []

    @property
    def failed(self) -> int:
        return len(self._held)

    def not_sent(self, delivery: Delivery, error: NotSentError) -> None:
        message = delivery.message
        if error.fate.ends_batch:
            self.errors.append(f"{error}。")
        else:
            self.errors.append(
                f"发往 {message.recipient} 的《{shorten(message.subject, 60)}》：{error}。"
            )
        waited = self._now() - delivery.created_at
        if error.fate is Fate.NEVER or (error.fate is Fate.LATER and waited >= GIVE_UP):
            self._ledger.mark_failed(delivery, str(error), None)
            self.dead += 1
        else:
            self._held.append((delivery, error))

    def release(self) -> None:
        """Put failed messages back in the queue; one that waits for a person waits no longer."""
        now = self._now()
        for delivery, error in self._held:
            again = now if error.fate is Fate.SETTINGS else next_try(delivery, now)
            self._ledger.mark_failed(delivery, str(error), again)
