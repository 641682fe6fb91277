"""What all parts of the ledger share: the engine, reading and writing transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, inspect, select
from sqlmodel import Session, SQLModel

from checks.freshness import SHANGHAI
from storage.database import in_words, queue_up
from storage.evidence import EvidenceStore
from storage.ledger.acting import act_is_kept, note_act

CHUNK = 400
T = TypeVar("T")


class Base:
    """One database and the evidence folder that belongs to it."""

    def __init__(self, engine: Engine, evidence: Path) -> None:
        self.engine = engine
        self.evidence = EvidenceStore(evidence)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view. Raises DatabaseError in words for the operator."""
        engine = self.engine
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with in_words(), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it or nothing. Writers wait for each other.

        Raises DatabaseError in words for the operator; nothing half-done remains.
        """
        engine = self.engine.execution_options(write=True)
        with in_words(), Session(engine, expire_on_commit=False) as session:
            with session.begin():
                queue_up(session.connection())
                note_act(session)
                yield session
            act_is_kept()


def plain_rows(
    session: Session,
    model: type[SQLModel],
    *where: ColumnElement[bool],
    order_by: Sequence[Any] = (),
) -> Iterator[Any]:
    """The rows of a table that are only read: no object is made of each, which costs most."""
    statement = select(*inspect(model).columns).where(*where).order_by(*order_by)
    yield from session.connection().execute(statement)


def chunks(things: Sequence[T]) -> Iterable[Sequence[T]]:
    """Portions that fit into one statement: no database takes any number of parameters."""
    return (things[i : i + CHUNK] for i in range(0, len(things), CHUNK))


def begin_of(day: date) -> datetime:
    """The first instant of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)
