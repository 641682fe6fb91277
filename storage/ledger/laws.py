"""Which law was in force when? Kept whole at every change, so a past day can be judged anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlmodel import col, select

from checks.calendar import WorkCalendar, YearPlan
from checks.rules import Law, read_law
from storage.ledger.base import Base
from storage.tables import LawRow


class Laws(Base):
    def keep_law(self, law_body: Mapping[str, Any], now: datetime) -> None:
        """Remember the law in force from `now` on, when it differs from what was in force."""
        sha256 = _digest(law_body)
        newest = select(LawRow.sha256).order_by(col(LawRow.id).desc()).limit(1)
        with self.reading() as session:
            # Mostly nothing is to be written, and then nothing is anybody's doing.
            if session.exec(newest).first() == sha256:
                return
        with self.writing() as session:
            if session.exec(newest).first() != sha256:
                session.add(LawRow(since=now, sha256=sha256, body=dict(law_body)))

    def law_at(self, at: datetime) -> Law | None:
        """The law as it was in force at an instant; None when none had been kept by then."""
        statement = select(LawRow).where(col(LawRow.since) <= at)
        with self.reading() as session:
            row = session.exec(statement.order_by(col(LawRow.id).desc()).limit(1)).first()
        return _law_from(json.dumps(row.body)) if row is not None else None


def law_body(packs: Mapping[str, str], calendar: WorkCalendar) -> dict[str, Any]:
    """The law as JSON can hold it: the packs' texts and every plan of the calendar."""
    plans = {
        str(year): {
            "off": sorted(map(str, plan.off)),
            "work": sorted(map(str, plan.work)),
            "source": plan.source,
        }
        for year, plan in calendar.plans.items()
    }
    return {"packs": dict(packs), "calendar": plans}


@lru_cache(maxsize=4)
def _law_from(text: str) -> Law:
    body = json.loads(text)
    plans = {
        int(year): YearPlan(
            int(year),
            frozenset(map(date.fromisoformat, plan["off"])),
            frozenset(map(date.fromisoformat, plan["work"])),
            plan["source"],
        )
        for year, plan in body["calendar"].items()
    }
    return read_law(body["packs"], WorkCalendar(plans))


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
