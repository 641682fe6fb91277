"""The rules that everything is judged by, as they were read: with clause, source and doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response

from app.rule_views import field_lines, pack_sheets, rules_sheet
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import render, snapshot_of
from checks.duty_table import Duty
from checks.indicators import Indicator
from checks.rules import Pack, Rule

router = APIRouter()
FIELDS = {"rules": "时限", "duties": "要求", "indicators": "计数指标"}


@router.get("/rules")
def rules(request: Request, visitor: Annotated[Guarded, needs(Action.SEE_OWN)]) -> Response:
    """All packs in use, each with its rows."""
    day = snapshot_of(request).day
    packs = [(pack, rules_sheet([pack]), unverified(pack)) for pack in day.law.packs]
    return render(request, "rules.html", visitor, packs=packs, as_of=day.bench.moment.as_of)


@router.get("/rules/{name}")
def pack_page(
    request: Request, name: str, visitor: Annotated[Guarded, needs(Action.SEE_OWN)]
) -> Response:
    """One pack with all its tables, and every field of every row."""
    packs = snapshot_of(request).day.law.packs
    pack = next((each for each in packs if each.name == name), None)
    if pack is None:
        raise HTTPException(404, "没有采用这个指标集。")
    told: dict[str, list[tuple[str, list[str]]]] = {}
    for kind, rows in rules_sheet([pack]).document.items():
        for row in rows:
            told.setdefault(row["id"], []).append((FIELDS[kind], list(field_lines(row))))
    return render(
        request,
        "pack.html",
        visitor,
        pack=pack,
        sheets=pack_sheets(pack),
        told=told,
        doubtful=unverified(pack),
    )


def rows_of(pack: Pack) -> Sequence[Rule | Duty | Indicator]:
    """All that a pack holds to be judged by."""
    return (*pack.rules, *pack.duties, *pack.indicators)


def unverified(pack: Pack) -> int:
    """How many rows of a pack has nobody compared with the text of the law?"""
    return sum(not row.verified for row in rows_of(pack))
