"""Who acts: whatever is written while a person acts is written with a row of the audit.

The row stands in the first transaction that the action writes, so that neither is there without
the other. What is written while nobody acts, by the service or a command, is not a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from storage.tables import AuditRow


@dataclass(slots=True)
class Act:
    """One action of one person: what, with what, from which address, when."""

    login: str
    address: str
    action: str
    object: str
    at: datetime
    note: str | None = None
    _noted: bool = field(default=False, init=False)

    def written(self, session: Session) -> None:
        """Put it into the transaction that begins, once."""
        if not self._noted:
            row = AuditRow(
                at=self.at,
                login=self.login,
                address=self.address,
                action=self.action,
                object=self.object,
                note=self.note,
            )
            session.add(row)


_act: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(act: Act) -> Iterator[None]:
    """What the body writes is this person's doing. Where it writes nothing, nothing is noted."""
    before = _act.set(act)
    try:
        yield
    finally:
        _act.reset(before)


def note_act(session: Session) -> None:
    """Called at the beginning of every writing transaction."""
    act = _act.get()
    if act is not None:
        act.written(session)


def act_is_kept() -> None:
    """Called when the transaction has been committed."""
    act = _act.get()
    if act is not None:
        act._noted = True
