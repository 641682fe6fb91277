"""The sites: can they be opened, do their links work, is a veto near; and the page of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response

from app.web.accounts import worst_rows
from app.web.availability import STATES, WORDS, missed, share_of_week, since, standing
from app.web.guard import Guarded, needs
from app.web.paging import page_of
from app.web.rights import Action
from app.web.shown import own_unit, render, see, snapshot_of
from app.web.sites import (
    certificate_of,
    duty_of,
    link_lines,
    rule_of,
    site_lines,
    veto_table,
    vetoed_first,
)
from app.web.subject import about, page_number
from checks.links import LOOKED
from checks.subjects import SubjectKind

router = APIRouter()
LONG = 30


@router.get("/sites")
def sites(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    page: str = "",
) -> Response:
    """All sites, the worst first, each with its strip of the days that are judged."""
    snapshot = snapshot_of(request)
    day = snapshot.day
    places = snapshot.places
    rows = vetoed_first(worst_rows(day, SubjectKind.SITE, own_unit(visitor)), places)
    shown = page_of(rows, page, {})
    return render(
        request,
        "sites.html",
        visitor,
        page=shown,
        lines=site_lines(day, shown.rows, places, snapshot.at),
        rule=rule_of(day),
        STATES=STATES,
        as_of=day.bench.moment.as_of,
        judged_at=snapshot.at,
    )


@router.get("/sites/{name}")
def site(
    request: Request,
    name: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    probes: str = "",
    links: str = "",
    visits: str = "",
    items: str = "",
) -> Response:
    """One site: a strip of a month, what failed and why, links, certificate, vetoes."""
    snapshot, ledger = snapshot_of(request), request.app.state.ledger
    day = snapshot.day
    subject = day.subjects.get(f"{SubjectKind.SITE}:{name}")
    if subject is None:
        raise HTTPException(404, "登记册中没有这个网站。")
    see(visitor, subject.unit)
    rule = rule_of(day)
    notes = ledger.probe_notes(name, since(snapshot.at, LONG), snapshot.at)
    seen = [each.probe for each in notes]
    found = standing(name, seen, rule, snapshot.at, LONG) if rule else None
    heads, vetoes = veto_table(
        place for place in snapshot.places if place.subject.key == subject.key
    )
    own, looked = own_unit(visitor), page_number(visits)
    return render(
        request,
        "site.html",
        visitor,
        about=about(ledger, day, subject, own, looked, page_number(items)),
        rule=rule,
        open=found,
        share=share_of_week(found, rule) if found and rule else None,
        probed=bool(seen),
        missed=page_of(missed(notes, rule) if rule else [], probes, {"links": links}, "probes"),
        links=page_of(link_lines(day, subject), links, {"probes": probes}, "links"),
        looked=duty_of(day, subject, LOOKED),
        certificate=certificate_of(day, subject),
        veto_heads=heads,
        vetoes=vetoes,
        STATES=STATES,
        WORDS=WORDS,
    )
