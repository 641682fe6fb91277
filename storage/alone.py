"""One process at a time: giving up evidence, and copying it, must not meet."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import DatabaseError


@contextmanager
def alone(evidence: Path) -> Iterator[None]:
    """Be the only one that gives up or copies evidence; a holder that dies lets go by itself.

    Raises DatabaseError while another process is at it.
    """
    evidence.mkdir(parents=True, exist_ok=True)
    with (evidence / ".alone").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError("另一进程正在清理或备份证据，请待其结束后重试。") from error
        yield


def bytes_in(folder: Path) -> int:
    """How much do the files below a folder hold?"""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
