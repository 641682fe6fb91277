"""One thing that `xunjian doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `fatal`: nothing can run before it is put right."""

    name: str
    ok: bool
    note: str
    fatal: bool = False
