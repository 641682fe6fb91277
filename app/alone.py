"""One process at a time: a lease with owner and expiry around what must not run twice at once.

The lease is renewed while its holder lives. When the holder is killed it lapses after LIFE; one
that is seen to be dead on this machine loses it at once, so that a restart need not wait.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from checks.freshness import SHANGHAI
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Lease, Ledger

LIFE = timedelta(minutes=3)
RENEW = timedelta(minutes=1)
TITLES = {
    "cycle": "巡检",
    "probe": "网站探测",
    "deliver": "发信",
    "service": "服务（xunjian serve）",
    "evidence": "证据清理或备份",
    "dispatch": "分派巡检任务",
}
log = logging.getLogger("xunjian.lease")


class BusyError(RuntimeError):
    """Another process does this just now: which, where, since when, what to do."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process as it signs: machine and process namespace, number, and a mark of its own."""

    place: str
    pid: int
    mark: str

    def __str__(self) -> str:
        return f"{self.place}/{self.pid}/{self.mark}"

    @classmethod
    def read(cls, text: str) -> Holder | None:
        place, _, rest = text.partition("/")
        pid, _, mark = rest.partition("/")
        return cls(place, int(pid), mark) if pid.isdecimal() else None

    @property
    def is_gone(self) -> bool:
        """Is it sure that this process no longer runs? Of another machine it never is."""
        if self.place != _place():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


def _nothing() -> None:
    """What was begun may be ended: all that is done twice is harmless."""


@contextmanager
def alone(ledger: Ledger, name: str, on_lost: Callable[[], None] = _nothing) -> Iterator[None]:
    """Hold the lease `name` as long as the body runs. Raises BusyError when another holds it.

    `on_lost` is called, in a thread of its own, when it could not be renewed in time and another
    process took it.
    """
    me = str(Holder(_place(), os.getpid(), uuid.uuid4().hex[:8]))
    _take(ledger, name, me)
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(ledger, name, me, done, on_lost), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        ledger.release_lease(name, me)


def is_held(ledger: Ledger, name: str) -> bool:
    """Does a process do this just now, as far as is known?"""
    held = ledger.lease(name)
    if held is None or held.until <= now():
        return False
    holder = Holder.read(held.owner)
    return holder is None or not holder.is_gone


def _take(ledger: Ledger, name: str, me: str) -> None:
    held = ledger.lease(name)
    holder = Holder.read(held.owner) if held is not None else None
    gone = held.owner if held is not None and holder is not None and holder.is_gone else None
    present = now()
    taken = ledger.take_lease(name, me, present, present + LIFE, gone=gone)
    if taken.owner != me:
        raise BusyError(_told(taken))


def _keep(
    ledger: Ledger, name: str, me: str, done: threading.Event, on_lost: Callable[[], None]
) -> None:
    while not done.wait(RENEW.total_seconds()):
        try:
            present = now()
            if ledger.take_lease(name, me, present, present + LIFE).owner != me:
                log.error("lease %s was lost: this process stood still for too long", name)
                on_lost()
                return
        except DatabaseError as error:
            log.warning("lease %s could not be renewed: %s", name, error)


def _told(lease: Lease) -> str:
    since = lease.taken_at.astimezone(SHANGHAI)
    holder = Holder.read(lease.owner)
    where = f"（{holder.place} 进程 {holder.pid}，自 {since:%m-%d %H:%M}）" if holder else ""
    title = TITLES.get(lease.name, lease.name)
    return f"另一进程正在进行{title}{where}，请待其结束后再试；若其已不在，最多 3 分钟后自动解除。"


def _place() -> str:
    """This machine, and the space in which process numbers mean something."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}:{space.stat().st_ino if space.exists() else 0}"
