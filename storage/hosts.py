"""Whose turn is it to visit a host? Asked of PostgreSQL by every process that crawls.

A turn is an advisory lock of a connection of its own: one that is killed, or loses its database,
has given all of them back.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Engine, text

from storage.database import in_words

OURS = b"xunjian host "  # other locks of the same database have other names


class HostTurns:
    """The turns that this process holds."""

    def __init__(self, engine: Engine) -> None:
        with in_words():
            self._connection = engine.execution_options(isolation_level="AUTOCOMMIT").connect()

    def take(self, host: str) -> bool:
        """Is the turn ours now? False: another process has it. Raises DatabaseError."""
        return self._asked("pg_try_advisory_lock", host)

    def give(self, host: str) -> None:
        """Give the turn back. Raises DatabaseError."""
        self._asked("pg_advisory_unlock", host)

    def _asked(self, function: str, host: str) -> bool:
        with in_words():
            number = _number(host)
            return bool(self._connection.execute(text(f"SELECT {function}({number})")).scalar())

    def close(self) -> None:
        self._connection.close()


def _number(host: str) -> int:
    digest = hashlib.sha256(OURS + host.lower().encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
