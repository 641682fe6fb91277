"""A made register and made looks put into an empty database, in portions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import SQLModel

from app.settings import SettingsError
from app.simulate.beside import findings, letters, probes, site_notes
from app.simulate.looks import Looks, days_of, morning
from app.simulate.rows import Rows
from app.simulate.size import DAY, Size
from app.simulate.watched import register_rows, watched_of
from storage.bulk import count_on, put_rows
from storage.database import in_words, queue_up
from storage.ledger import Ledger
from storage.size import database_size

PORTION = 50_000  # rows after which, at a day's end, what is held is written in one transaction
TABLES = (
    "unit site column mailbox account run evidence visit item observation letter probe "
    "probe_day finding event"
).split()
Told = Callable[[str], None]


class NotEmptyError(SettingsError):
    """A database that holds anything is no place for made data."""

    def __init__(self) -> None:
        super().__init__(
            "数据库中已有登记册或查看记录，模拟数据只能写入空库，未写入。"
            "请用 --home 指明一个新的数据目录，或用 XUNJIAN_DATABASE_URL 指明一个空库。"
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """Rows by table, bytes on the disk, and seconds that it took."""

    rows: Mapping[str, int]
    bytes: int
    seconds: float


def fill(ledger: Ledger, size: Size, last: date, told: Told = lambda _: None) -> Filled:
    """Fill an empty database with a register and its looks up to the day `last`, inclusive.

    Raises NotEmptyError. Indexes and references are in place meanwhile, as in a database at work.
    """
    if ledger.is_loaded() or ledger.runs(count=1):
        raise NotEmptyError
    began, counts = time.perf_counter(), Counter[str]()
    sink = _Sink(ledger, counts)
    for rows in register_rows(size, morning(size.first(last) - DAY)):
        sink.put(rows)
    for day, every in _days(size, last):
        for rows in every:
            sink.put(rows)
        if sink.flush_full():
            seconds = time.perf_counter() - began
            total = sum(counts.values())
            told(f"已写入至 {day}：{total:,} 行，每秒 {total / seconds:,.0f} 行")
    for rows in findings(size, last):
        sink.put(rows)
    sink.flush()
    _settle(ledger)
    found = {name: counts[name] for name in TABLES if counts[name]}
    return Filled(found, database_size(ledger.engine).bytes, time.perf_counter() - began)


def _days(size: Size, last: date) -> Iterator[tuple[date, Iterator[Rows]]]:
    watched = watched_of(size)
    looks = Looks(watched)
    for run, day in enumerate(days_of(size.first(last), last), start=1):
        yield day, _of_day(size, looks, run, day, last)


def _of_day(size: Size, looks: Looks, run: int, day: date, last: date) -> Iterator[Rows]:
    first_visit = looks.number + 1
    yield from looks.of_day(run, day)
    yield site_notes(size, run, day)
    yield letters(size, looks.watched, first_visit, day)
    yield probes(size, day, last)


class _Sink:
    """Rows on their way: held by table, written together, what is referred to first."""

    def __init__(self, ledger: Ledger, counts: Counter[str]) -> None:
        self._ledger, self._counts = ledger, counts
        self._held: dict[tuple[str, tuple[str, ...]], list[tuple[object, ...]]] = {}

    def put(self, rows: Rows) -> None:
        name = str(rows.model.__tablename__)
        held = self._held.setdefault((name, rows.names), [])
        before = len(held)
        held.extend(rows.values)
        self._counts[name] += len(held) - before

    def flush_full(self) -> bool:
        full = sum(map(len, self._held.values())) >= PORTION
        if full:
            self.flush()
        return full

    def flush(self) -> None:
        write = self._ledger.engine.execution_options(write=True)
        with in_words(), write.begin() as connection:
            queue_up(connection)
            for (name, names), rows in self._held.items():
                put_rows(connection, SQLModel.metadata.tables[name], names, rows)
        self._held = {place: [] for place in self._held}


def _settle(ledger: Ledger) -> None:
    """What a database learns by itself in time: where the numbers go on, how rows are spread."""
    with in_words(), ledger.engine.execution_options(write=True).begin() as connection:
        for name in TABLES:
            count_on(connection, SQLModel.metadata.tables[name])
        connection.exec_driver_sql("ANALYZE")
