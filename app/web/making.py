"""Reports under way: one at a time, waited for a moment, and heard of afterwards."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

log = logging.getLogger("xunjian.web")
PATIENCE = 8.0  # seconds; a county of ten years takes longer for some of them


class BusyError(RuntimeError):
    """Another one is being made."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report: who asked, what is made, and the names of its files or what went wrong."""

    by: str
    title: str
    work: Future[Sequence[str]]

    @property
    def runs(self) -> bool:
        return not self.work.done()

    @property
    def fault(self) -> BaseException | None:
        """Why was it not made? None: it was, or is being made."""
        return self.work.exception() if self.work.done() else None


class Workshop:
    """Where the reports of one application are made."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="report")
        self._lock = threading.Lock()
        self.last: Job | None = None

    def begin(self, by: str, title: str, work: Callable[[], Sequence[str]]) -> Job:
        """Begin one, and give it a moment to be done. Raises BusyError."""
        with self._lock:
            if self.last is not None and self.last.runs:
                raise BusyError
            job = self.last = Job(by, title, self._pool.submit(self._logged, work))
        wait([job.work], PATIENCE)
        return job

    def _logged(self, work: Callable[[], Sequence[str]]) -> Sequence[str]:
        try:
            return work()
        except Exception:
            log.warning("a report could not be made", exc_info=True)
            raise
