"""One run of a task, kept in the ledger: when it began, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crawler.children import CrawlStoppedError
from storage.clock import now
from storage.ledger import Ledger

LONGEST_NOTE = 500


@dataclass(slots=True)
class Running:
    """A run under way. `fault`: it came to its end, but did not do what it is for."""

    fault: str | None = None


@contextmanager
def kept(ledger: Ledger, name: str) -> Iterator[Running]:
    """Keep that this task ran, and how the body ended; what it raises is raised again."""
    run = Running()
    number = ledger.begin_task(name, now())
    try:
        yield run
    except CrawlStoppedError as error:
        ledger.end_task(number, now(), ok=None, note=str(error))
        raise
    except Exception as error:
        note = str(error)[:LONGEST_NOTE] or type(error).__name__
        ledger.end_task(number, now(), ok=False, note=note)
        raise
    ledger.end_task(number, now(), ok=run.fault is None, note=run.fault)
