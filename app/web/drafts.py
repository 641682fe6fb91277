"""Changes of the register that were asked for and wait for a person's yes: kept as files.

A draft is what its maker wants, not what it would change: that is worked out against the register
in force whenever the draft is looked at, so that a draft outlives what others change meanwhile.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage.inventory import Inventory, Row, validate

FOLDER = "drafts"
KEPT = timedelta(days=7)
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Draft:
    """Either a whole register, from a file, or one row of one table; no row: it is taken out.

    `source` says in words where it comes from.
    """

    by: str
    source: str
    whole: Inventory | None = None
    table: str = ""
    id: str = ""
    row: Row | None = None

    @property
    def object(self) -> str:
        """What the audit calls that which it changes."""
        return f"{self.table}:{self.id}" if self.table else "inventory"


def wanted(draft: Draft, current: Inventory) -> Inventory:
    """The register as it would be in force. Raises InventoryError with every fault.

    A row that is changed keeps its place, a new one is the last.
    """
    if draft.whole is not None:
        return validate(draft.whole, "登记册")
    return validate(raw_with(current, draft.table, draft.id, draft.row)[0], "登记册")


def raw_with(
    current: Inventory, table: str, row_id: str, row: Row | None
) -> tuple[Mapping[str, Any], int]:
    """The register with one row put in its place or at the end, or taken out; and which line it is.

    Lines count from 1, as faults do; 0: the row is taken out.
    """
    rows = list(current[table])
    place = next((n for n, held in enumerate(rows) if held["id"] == row_id), len(rows))
    rows[place : place + 1] = [] if row is None else [row]
    return {**current, table: rows}, 0 if row is None else place + 1


class Drafts:
    """The drafts of one home. Nobody but its maker sees a draft."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, draft: Draft, now: datetime) -> str:
        """Keep a draft; returns its key. Those of last week are given up. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.glob("*.json"):
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)
        key = secrets.token_urlsafe(16)
        text = json.dumps(asdict(draft), ensure_ascii=False, default=str)
        partial = self._folder / f".{key}"
        partial.write_text(text, encoding="utf-8")
        partial.replace(self._path(key))
        return key

    def find(self, key: str, by: str) -> Draft | None:
        """The draft of this key, if this person made it."""
        if not _KEY.fullmatch(key) or not self._path(key).is_file():
            return None
        draft = Draft(**json.loads(self._path(key).read_text(encoding="utf-8")))
        return draft if draft.by == by else None

    def drop(self, key: str) -> None:
        """It was put in force, or given up."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
